"""One study from a hub into the store: each object read in a worker, checked, encrypted, and counted."""

import hashlib
import logging
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.errors import DecodingError, PoolClosed
from workstation.decoding.received import ReceivedInstance
from workstation.domain.strategy import WHOLE_SERIES, Strategy, Way
from workstation.domain.study import InstanceReference, SeriesSummary
from workstation.errors import WorkstationError
from workstation.hub.errors import AnsweredOfAnother, HubAnsweredWrongly, NotOnHub, TransferCut
from workstation.retrieval.agenda import Agenda
from workstation.retrieval.errors import (
    ConflictingObject,
    NothingThere,
    ObjectLost,
    RetrievalCancelled,
    RetrievalError,
    SomeoneElsesImages,
)
from workstation.retrieval.intake import StudyIntake
from workstation.retrieval.interest import Interest
from workstation.retrieval.patience import MOST_RETRIES, Passes, Patience, retries_after
from workstation.retrieval.ports import Cancelled, CatalogueLike, DecoderLike, HubLike, ObjectsLike, never
from workstation.retrieval.result import Promised, PullResult, Refused, SeriesResult, Source
from workstation.retrieval.statement import Statement
from workstation.retrieval.summing import SeriesSummer
from workstation.retrieval.transfer import OnProgress, OnReceived, Sent, Transfer
from workstation.store.errors import ObjectDamaged
from workstation.store.objects import Arrival
from workstation.translations import Translator

# With one image here or none, the whole series is asked for: single instances cost a round trip each.
_FEW = 1
# Objects waiting for a worker, for each worker: enough to keep it busy, few enough to bound memory.
_AHEAD = 3

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
        on_strangers: Callable[[StudyUID], None] | None = None,
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
        promised: Promised = MappingProxyType({}),
    ) -> PullResult:
        """Take over what is missing of a study; ``on_received`` gets each new object, on a thread of the pull.

        ``strategy`` says what is asked for at a time, ``interest`` what first; it may change while the pull runs.
        Held objects whose files are spoilt are fetched again; ``whole`` looks at every byte of them for that, which
        reading them does in any case. ``promised`` is what other sources than the hub's own count say of each series;
        the largest number is expected.

        Raises
        ------
        SomeoneElsesImages
            Something came that was not asked for: nothing of this pull is kept.
        NothingThere
            The hub has no such study.
        RetrievalCancelled, WorkstationError
            It was stopped, or the hub failed; what had arrived is kept, and the next pull goes on from there.
        """
        with (
            ThreadPoolExecutor(self._decoder.workers, "retrieval") as executor,
            ThreadPoolExecutor(1, "beside") as beside,
            self._told_of_strangers(study),
        ):
            statement = Statement(client, study, self._patience, cancelled, beside)
            listed = self._series(client, study, promised, cancelled)
            stated = {summary.uid: self._stated(statement, summary, promised) for summary in listed}
            intake = StudyIntake(study, self._catalogue, self._objects, origin, whole=whole)
            patient = statement.patient()
            if patient is not None:
                intake.state(patient)
            transfer = Transfer(
                client,
                study,
                intake,
                executor,
                on_progress or _ignore,
                on_received or _ignore,
                cancelled,
                {series: max(counts.values()) for series, counts in stated.items()},
                strategy,
                interest or Interest(),
                statement,
                stated,
            )
            transfer.is_resumed = self._catalogue.begin_pull(study)
            try:
                self._transfer(transfer)
            finally:
                intake.give_up_spoilt(self._translator.error(ObjectLost("spoilt on the disk and not sent again")))
                self._catalogue.end_pull(study)
        return PullResult(study, tuple(self._summed(transfer, summary) for summary in listed))

    def _transfer(self, transfer: Transfer) -> None:
        """Fetch all series, and keep what came unless it is someone else's."""
        try:
            if transfer.is_resumed:
                self._take_up(transfer)
            waiting = list(transfer.expected)
            while waiting:
                series = transfer.interest.ordered(waiting)[0]
                waiting.remove(series)
                self._fetch(transfer, series)
        except SomeoneElsesImages:
            transfer.intake.abandon()
            raise
        except WorkstationError:
            self._keep(transfer)
            raise
        self._keep(transfer)

    def _keep(self, transfer: Transfer) -> None:
        try:
            transfer.intake.keep()
        except WorkstationError:
            transfer.intake.abandon()
            raise
        for series, count in transfer.expected.items():
            self._catalogue.expect(transfer.study, series, count)
            for refused in transfer.refused.get(series, ()):
                self._catalogue.refuse(transfer.study, series, refused.instance, refused.why)

    def _fetch(self, transfer: Transfer, series: SeriesUID) -> None:
        """Fetch one series in passes, each of what is still missing, for as long as a further one may bring it."""
        if transfer.is_resumed and transfer.intake.count(series) < transfer.expected[series]:
            self._drain(transfer, series, self._entered_nowhere(transfer, series))
        if transfer.intake.count(series) < transfer.expected[series]:
            transfer.statement.begin(series)
            self._pass_through(transfer, series)
            if self._compare(transfer, series):
                self._pass_through(transfer, series)
        transfer.tell(series)

    def _pass_through(self, transfer: Transfer, series: SeriesUID) -> None:
        passes = Passes()
        while (before := transfer.intake.count(series)) < transfer.expected[series]:
            transfer.refused.pop(series, None)
            failure = self._pass(transfer, series, before)
            brought = transfer.intake.count(series) - before
            if not passes.is_another_worth_it(brought, failure, refused=bool(transfer.refused.get(series))):
                break
            self._patience.wait(passes.in_vain, transfer.cancelled, failure)

    def _compare(self, transfer: Transfer, series: SeriesUID) -> bool:
        """Compare what came with the hub's list, and return whether it names more than was stated until now.

        What a full list does not name is dropped. A list shorter than the count that the hub states may have been cut
        by the hub, and proves nothing against what came.
        """
        known = {one.instance for one in transfer.statement.listed(series)}
        stated = transfer.expected[series]
        transfer.stated[series][Source.LIST] = len(known)
        if len(known) >= stated:
            transfer.unlisted[series] = transfer.intake.dismiss(series, known)
            if transfer.unlisted[series]:
                _log.warning("%d objects that the hub does not list were dropped", len(transfer.unlisted[series]))
        transfer.expected[series] = max(stated, len(known))
        return len(known) > stated or bool(transfer.unlisted.get(series))

    def _pass(self, transfer: Transfer, series: SeriesUID, held: int) -> WorkstationError | None:
        """Ask once for what is missing, and return the failure of the line that ended it early."""
        try:
            self._drain(transfer, series, self._source(transfer, series, held))
        except RetrievalError:
            raise
        except WorkstationError as failure:
            if transfer.cancelled():
                raise RetrievalCancelled("by the reader") from None
            return failure
        return None

    def _take_up(self, transfer: Transfer) -> None:
        """Take what had arrived when an earlier pull was ended by force; what is of other studies is left alone."""
        for arrival, part10 in self._objects.arrivals():
            try:
                received = self._inspect(part10)
            except (DecodingError, SomeoneElsesImages):
                continue
            if received.study != transfer.study or received.series not in transfer.expected:
                continue
            stored: Future[Arrival | None] = Future()
            inspected: Future[ReceivedInstance] = Future()
            stored.set_result(arrival)
            inspected.set_result(received)
            self._take(transfer, received.series, inspected, stored, part10, None)

    def _entered_nowhere(self, transfer: Transfer, series: SeriesUID) -> Iterator[Sent]:
        """Yield what an earlier pull had named and was ended before it could enter, to be looked at anew."""
        for reference in transfer.statement.listed(series):
            instance = reference.instance
            if not transfer.intake.has(instance) and self._objects.has(instance):
                try:
                    part10 = self._objects.get(instance)
                except ObjectDamaged:
                    continue
                # A preamble that was zeroed changed the digest: such an object is fetched again.
                if self._objects.is_sound(instance, hashlib.sha256(part10).hexdigest()):
                    yield part10, instance

    def _source(self, transfer: Transfer, series: SeriesUID, held: int) -> Iterator[Sent]:
        """Yield the objects of a series, or only the missing ones where some are held."""
        if held > _FEW or transfer.strategy.way is not Way.SERIES:
            yield from self._singly(transfer, series)
            return
        for part10 in transfer.client.retrieve_series(transfer.study, series, transfer.cancelled):
            yield part10, None

    def _singly(self, transfer: Transfer, series: SeriesUID) -> Iterator[Sent]:
        """Yield objects asked for one by one; one that the hub lists and does not have stays missing."""

        def missing(series: SeriesUID) -> Iterator[InstanceReference]:
            return (one for one in transfer.statement.listed(series) if not transfer.intake.has(one.instance))

        agenda = Agenda((series,), missing, transfer.interest)
        failures = 0
        while (reference := agenda.take()) is not None:
            try:
                part10 = transfer.client.retrieve_instance(reference, transfer.cancelled)
            except NotOnHub:
                continue
            except (TransferCut, HubAnsweredWrongly) as error:
                failures += 1
                if retries_after(error) == 0 or failures > MOST_RETRIES:
                    raise
                refused = Refused(self._translator.error(error), reference.instance)
                transfer.refused.setdefault(series, []).append(refused)
                self._patience.wait(failures, transfer.cancelled)
            else:
                failures = 0
                yield part10, reference.instance

    def _drain(self, transfer: Transfer, series: SeriesUID, source: Iterable[Sent]) -> None:
        """Hand each object to a worker while the next ones arrive; all of them are done when this ends in any way.

        Each is stored as it arrives, before it is looked at: who is killed meanwhile has it.
        """
        pending: deque[Future[None]] = deque()
        with ThreadPoolExecutor(1, "storing") as storing, ThreadPoolExecutor(1, "taking") as taking:
            try:
                for part10, asked in source:
                    if transfer.cancelled():
                        raise RetrievalCancelled("by the reader")
                    transfer.received_bytes += len(part10)
                    stored = storing.submit(self._objects.arrive, part10)
                    inspected = transfer.executor.submit(self._inspect, part10)
                    pending.append(taking.submit(self._take, transfer, series, inspected, stored, part10, asked))
                    while pending and (pending[0].done() or len(pending) > self._decoder.workers * _AHEAD):
                        pending.popleft().result()
                while pending:
                    pending.popleft().result()
            except WorkstationError as failure:
                # No cut may hide that something was someone else's.
                while pending and not isinstance(failure, SomeoneElsesImages | PoolClosed):
                    pending.popleft().result()
                raise
            finally:
                wait(pending)
                if isinstance(source, Generator):
                    source.close()

    def _inspect(self, part10: bytes) -> ReceivedInstance:
        received = self._decoder.inspect(part10)
        if received.meta_instance not in (None, received.instance):
            raise SomeoneElsesImages("file meta information and data set disagree")
        return received

    def _take(
        self,
        transfer: Transfer,
        series: SeriesUID,
        inspected: Future[ReceivedInstance],
        stored: Future[Arrival | None],
        part10: bytes,
        asked: InstanceUID | None,
    ) -> None:
        """Take over one object, in the order of arrival: of two with one identifier the first is kept."""
        instance: InstanceUID | None = None
        arrival = stored.result()
        try:
            received = inspected.result()
            instance = received.instance
            if asked not in (None, instance):
                raise SomeoneElsesImages("another instance")
            is_new = transfer.intake.accept(received, part10, series=series, arrival=arrival)
        except PoolClosed:
            raise
        except (DecodingError, ConflictingObject) as error:
            refused = Refused(self._translator.error(error), instance)
            transfer.refused.setdefault(series, []).append(refused)
            is_new = False
        else:
            if is_new:
                transfer.on_received(received, part10)
        finally:
            if arrival is not None:
                self._objects.discard(arrival)
        transfer.tell(series)

    def _series(
        self, client: HubLike, study: StudyUID, promised: Promised, cancelled: Cancelled
    ) -> tuple[SeriesSummary, ...]:
        """Return the series that the hub lists, and those that only another source names."""
        try:
            listed = self._patience.ask(partial(client.search_series, study), cancelled)
        except AnsweredOfAnother as error:
            raise SomeoneElsesImages("another study in the list of series") from error
        if not listed:
            raise NothingThere("no series")
        known = {summary.uid for summary in listed}
        others = {series for counts in promised.values() for series in counts} - known
        return (*listed, *(SeriesSummary(series, "", None, "", None) for series in sorted(others)))

    @contextmanager
    def _told_of_strangers(self, study: StudyUID) -> Iterator[None]:
        try:
            yield
        except SomeoneElsesImages:
            self._on_strangers(study)
            raise

    def _stated(self, statement: Statement, summary: SeriesSummary, promised: Promised) -> dict[Source, int]:
        """Return how many instances each source says a series has; a hub that does not count is asked for the list."""
        counts = {source: by_series[summary.uid] for source, by_series in promised.items() if summary.uid in by_series}
        if summary.instances is not None:
            counts[Source.COUNT] = summary.instances
        elif not counts:
            counts[Source.LIST] = len(statement.listed(summary.uid))
        return counts

    def _summed(self, transfer: Transfer, summary: SeriesSummary) -> SeriesResult:
        series = summary.uid
        summed = self._summer.summed(
            transfer.study, summary, transfer.expected[series], transfer.refused.get(series, ())
        )
        return replace(summed, stated=transfer.stated[series], unlisted=transfer.unlisted.get(series, ()))


def _ignore(*_: object) -> None:
    """Nobody wants to know."""
