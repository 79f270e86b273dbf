"""One study from a hub into the store: each object read in a worker, checked, encrypted, and counted."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.errors import DecodingError
from workstation.decoding.received import ReceivedInstance
from workstation.domain.digest import texts_of
from workstation.domain.strategy import WHOLE_SERIES, Strategy
from workstation.domain.study import SeriesSummary
from workstation.errors import WorkstationError
from workstation.hub.errors import AnsweredOfAnother, HubError
from workstation.retrieval.errors import ConflictingObject, NothingThere, ObjectLost, SomeoneElsesImages, WhoseUnknown
from workstation.retrieval.expectations import Expectations
from workstation.retrieval.fetching import Fetcher
from workstation.retrieval.intake import StudyIntake
from workstation.retrieval.interest import Interest
from workstation.retrieval.patience import Patience
from workstation.retrieval.pipeline import Found, Pipeline
from workstation.retrieval.ports import Cancelled, CatalogueLike, DecoderLike, HubLike, ObjectsLike, OnStrangers, never
from workstation.retrieval.refusals import is_refusal
from workstation.retrieval.result import CountSource, PullResult, Refused, SeriesResult
from workstation.retrieval.statement import Statement
from workstation.retrieval.summing import SeriesSummer
from workstation.retrieval.transfer import Arrived, OnDropped, OnProgress, OnReceived, Transfer
from workstation.store.errors import ObjectDamaged
from workstation.store.objects import Arrival
from workstation.translations import Translator

_log = logging.getLogger(__name__)


class Retrieval:
    """Takes studies over from hubs."""

    def __init__(
        self,
        catalogue: CatalogueLike,
        objects: ObjectsLike,
        decoder: DecoderLike,
        translator: Translator,
        patience: Patience | None = None,
        on_strangers: OnStrangers | None = None,
    ) -> None:
        self._on_strangers = on_strangers or _ignore
        self._patience = patience or Patience()
        self._catalogue = catalogue
        self._objects = objects
        self._decoder = decoder
        self._translator = translator
        self._summer = SeriesSummer(catalogue)

    def pull(
        self,
        client: HubLike,
        study: StudyUID,
        on_progress: OnProgress | None = None,
        cancelled: Cancelled = never,
        on_received: OnReceived | None = None,
        origin: str = "hub",
        *,
        whole: bool = False,
        strategy: Strategy = WHOLE_SERIES,
        interest: Interest | None = None,
        is_choice: bool = False,
        on_dropped: OnDropped | None = None,
    ) -> PullResult:
        """Take over what is missing of a study; ``on_received`` gets each new object as soon as it is checked.

        It is called in order of arrival, one at a time, on threads of the pull, before the encrypted copy is finished:
        what it was given must be taken off the screen again when the pull ends in ``SomeoneElsesImages``, and those of
        it that ``on_dropped`` names, which the hub does not list.

        ``strategy`` says what is asked for at a time, ``interest`` what first; it may change while the pull runs.
        Held objects whose files are spoilt are fetched again; ``whole`` looks at every byte of them for that, which
        reading them does in any case. Where ``is_choice``, ``client`` gives a choice among the objects of the study.

        Raises
        ------
        SomeoneElsesImages
            Something came that was not asked for: nothing of this pull is kept.
        NothingThere
            The hub has no such study.
        RetrievalCancelled, WorkstationError
            It was stopped, or the hub failed; what had arrived is kept, and the next pull goes on from there.
        """
        with self._told_of_strangers(study), Statement(client, study, self._patience, cancelled) as statement:
            listed = self._series(client, study, cancelled)
            counts = {summary.uid: _counts(statement, summary) for summary in listed}
            earlier = self._catalogue.expected(study)
            # Asked for while the hub looks for the first image, and waited for before that is taken over.
            statement.begin_whose()
            intake = StudyIntake(study, self._catalogue, self._objects, origin, whole=whole)
            expectations = Expectations(
                counts,
                intake.count,
                partial(client.may_have_more, study),
                lambda: bool(client.stand_ins),
                earlier,
                self._catalogue.guessed(study),
                is_choice=is_choice,
            )
            transfer = Transfer(
                client,
                study,
                intake,
                strategy,
                interest or Interest(),
                on_progress or _ignore,
                on_received or _ignore,
                on_dropped or _ignore,
                cancelled,
                expectations,
                statement,
                is_choice,
            )
            is_resumed = self._catalogue.begin_pull(study)
            try:
                self._transfer(transfer, is_resumed)
            finally:
                intake.give_up_spoilt(self._translator.error(ObjectLost("spoilt on the disk and not sent again")))
                self._catalogue.end_pull(study)
        results = [*(self._summed(transfer, summary) for summary in listed), *self._listed_no_more(transfer)]
        return PullResult(study, tuple(results), stand_ins=client.stand_ins)

    def _transfer(self, transfer: Transfer, is_resumed: bool) -> None:
        """Fetch all series, and keep what came unless it is someone else's."""
        taking = _Taking(transfer, self._translator)
        try:
            if is_resumed:
                self._take_up(transfer, taking)
            with Pipeline(self._decoder, self._objects, taking) as pipeline:
                fetcher = Fetcher(transfer, pipeline, self._patience, self._translator)
                if is_resumed:
                    for arrived in self._entered_nowhere(transfer, fetcher):
                        pipeline.put(arrived)
                    pipeline.flush()
                fetcher.fetch()
            transfer.know_whose()
        except SomeoneElsesImages:
            transfer.intake.abandon()
            raise
        except WhoseUnknown as unknown:
            transfer.intake.abandon()
            # What the reader can do about it, the hub's own failure says.
            raise unknown.__cause__ or unknown from None
        except WorkstationError:
            transfer.expectations.expect_more(transfer.under_way)
            self._keep_in_spite(transfer)
            raise
        self._keep(transfer)

    def _keep_in_spite(self, transfer: Transfer) -> None:
        """Keep what came before a failure. Where nothing did, lists alone were compared, perhaps of someone else."""
        try:
            transfer.know_whose()
        except SomeoneElsesImages:
            transfer.intake.abandon()
            raise
        except WorkstationError:
            transfer.intake.abandon()
        else:
            self._keep(transfer)

    def _keep(self, transfer: Transfer) -> None:
        try:
            transfer.intake.keep(transfer.expectations.uncompared())
        except WorkstationError:
            transfer.intake.abandon()
            raise
        expectations = transfer.expectations
        for series in expectations.series:
            due, is_guessed = expectations.due(series), expectations.is_guessed(series)
            self._catalogue.expect(transfer.study, series, due, is_guessed=is_guessed)
            for refused in transfer.not_taken(series):
                self._catalogue.refuse(transfer.study, series, refused.instance, refused.why)

    def _take_up(self, transfer: Transfer, taking: "_Taking") -> None:
        """Take what had arrived when an earlier pull was ended by force; what is of other studies is left alone."""
        for arrival, part10 in self._objects.arrivals():
            try:
                received = self._decoder.inspect(part10)
            except DecodingError:
                continue
            is_named_alike = received.meta_instance in (None, received.instance)
            is_expected = received.study == transfer.study and received.series in transfer.expectations.series
            if not (is_expected and is_named_alike):
                continue
            arrived = Arrived(received.series, part10)
            if taking.take(arrived, received):
                taking.keep(arrived, received, arrival)
            else:
                self._objects.discard(arrival)

    def _entered_nowhere(self, transfer: Transfer, fetcher: Fetcher) -> Iterator[Arrived]:
        """Yield what an earlier pull had named and was ended before it could enter, to be looked at anew."""
        for series in transfer.expectations.series:
            if not transfer.expectations.is_short(series):
                continue
            for reference in fetcher.listed(series):
                part10 = self._named_before(transfer, reference.instance)
                if part10 is not None:
                    yield Arrived(series, part10, reference.instance)

    def _named_before(self, transfer: Transfer, instance: InstanceUID) -> bytes | None:
        if transfer.intake.has(instance) or not self._objects.has(instance):
            return None
        try:
            part10 = self._objects.get(instance)
        except ObjectDamaged:
            return None
        # A preamble that was zeroed changed the digest: such an object is fetched again.
        return part10 if any(self._objects.is_sound(instance, text) for text in texts_of(part10)) else None

    def _series(self, client: HubLike, study: StudyUID, cancelled: Cancelled) -> tuple[SeriesSummary, ...]:
        """Return the series that the hub lists."""
        try:
            listed = self._patience.ask(partial(client.search_series, study, cancelled), cancelled)
        except AnsweredOfAnother as error:
            raise SomeoneElsesImages("another study in the list of series") from error
        if not listed:
            raise NothingThere("no series")
        return listed

    @contextmanager
    def _told_of_strangers(self, study: StudyUID) -> Iterator[None]:
        try:
            yield
        except SomeoneElsesImages as strangers:
            try:
                self._on_strangers(study, strangers.contradiction)
            except WorkstationError as error:
                # Whoever asked must hear of the strangers, whatever else goes wrong.
                _log.error("strangers came and that could not be noted: %s", error.technical)
            raise

    def _summed(self, transfer: Transfer, summary: SeriesSummary) -> SeriesResult:
        series = summary.uid
        refused = transfer.not_taken(series)
        entered = transfer.intake.take_entered(series)
        summed = self._summer.summed(transfer.study, summary, transfer.expectations.due(series), refused, entered)
        return replace(
            summed,
            stated=transfer.expectations.stated(series),
            unlisted=transfer.unlisted.get(series, ()),
            withheld=self._translator.error(transfer.withheld[series]) if series in transfer.withheld else "",
        )

    def _listed_no_more(self, transfer: Transfer) -> Iterator[SeriesResult]:
        """Yield the series that were expected and that are in no list any more: what is not here of them is missing."""
        held = {one.uid: one for one in self._catalogue.series(transfer.study)}
        for series, count in transfer.expectations.listed_no_more().items():
            summary = held.get(series, SeriesSummary(series, "", None, "", None))
            summed = self._summer.summed(transfer.study, summary, count, ())
            expected = max(count, summed.received)
            yield replace(summed, expected=expected, stated={CountSource.EARLIER: count})


class _Taking:
    """Decides about what arrived: of two with one identifier the first is kept."""

    def __init__(self, transfer: Transfer, translator: Translator) -> None:
        self._transfer = transfer
        self._translator = translator

    def take(self, arrived: Arrived, found: Found) -> bool:
        """Check whose it is, and hand it on if it is new."""
        self._transfer.know_whose()
        is_new = False
        try:
            if isinstance(found, DecodingError):
                raise found
            _check_names(arrived, found)
            is_new = self._transfer.intake.admit(found, arrived.series)
        except (DecodingError, ConflictingObject) as error:
            self._turn_away(arrived.series, found, self._translator.error(error))
        else:
            if is_new:
                self._transfer.on_received(found, arrived.part10)
        self._transfer.tell(arrived.series)
        return is_new

    def _turn_away(self, series: SeriesUID, found: Found, why: str) -> None:
        if isinstance(found, DecodingError):
            self._transfer.refuse(series, Refused(why))
        else:
            self._transfer.set_aside(series, found.instance, why)

    def keep(self, arrived: Arrived, received: ReceivedInstance, arrival: Arrival | None) -> None:
        """Store what was taken."""
        self._transfer.intake.store(received, arrived.part10, arrival=arrival)


def _check_names(arrived: Arrived, received: ReceivedInstance) -> None:
    if received.meta_instance not in (None, received.instance):
        raise SomeoneElsesImages("file meta information and data set disagree")
    if arrived.asked not in (None, received.instance):
        raise SomeoneElsesImages("another instance")


def _counts(statement: Statement, summary: SeriesSummary) -> dict[CountSource, int]:
    """Return how many instances the hub says a series has; one that does not count is asked for the list.

    Of one of which it gives no list either, or an empty one, nothing is said.
    """
    if summary.instances is not None:
        return {CountSource.COUNT: summary.instances}
    try:
        listed = statement.listed(summary.uid)
    except HubError as error:
        if not is_refusal(error):
            raise
        listed = ()
    return {CountSource.LIST: len(listed)} if listed else {}


def _ignore(*_: object) -> None:
    """Nobody wants to know."""
