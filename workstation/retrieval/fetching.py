"""Asking a hub for what is missing of a study, by its strategy, in the order of interest, again where that may help."""

import logging
from collections.abc import Generator, Iterator, Set
from functools import partial

from viewers.identifiers import InstanceUID, SeriesUID
from workstation.domain.strategy import Way
from workstation.domain.study import InstanceReference
from workstation.errors import WorkstationError
from workstation.hub.errors import (
    HubBusy,
    HubError,
    HubUnreachable,
    NotOnHub,
    NotShared,
    UntrustedHub,
    Withdrawn,
)
from workstation.retrieval.agenda import Agenda
from workstation.retrieval.errors import NoImageListed, RetrievalCancelled, RetrievalError
from workstation.retrieval.lanes import Lanes
from workstation.retrieval.patience import Passes, Patience, retries_after
from workstation.retrieval.pipeline import Pipeline
from workstation.retrieval.refusals import forget_frames, is_refusal
from workstation.retrieval.result import CountSource, Refused
from workstation.retrieval.transfer import Arrived, Transfer
from workstation.translations import Translator

_log = logging.getLogger(__name__)

# With one image here or none, the whole series is asked for: single instances cost a round trip each.
_FEW = 1
Group = tuple[SeriesUID, ...]


class Fetcher:
    """Fetches what is missing of one study into a pipeline."""

    def __init__(self, transfer: Transfer, pipeline: Pipeline, patience: Patience, translator: Translator) -> None:
        self._transfer = transfer
        self._pipeline = pipeline
        self._patience = patience
        self._translator = translator
        # Never both for one series: a hub may compress the one and not the other, and the two then differ.
        self._is_stream = transfer.strategy.way is Way.SERIES and not transfer.strategy.ahead
        self._streamed: set[SeriesUID] = set()
        self._begun: InstanceUID | None = None
        # What the hub refuses of one series says nothing of the others: they are fetched all the same.
        self._withheld: dict[SeriesUID, WorkstationError] = {}
        # Some hubs give single objects alone: what such a one said to the series as a whole.
        self._refused_whole: dict[SeriesUID, HubError] = {}

    def fetch(self) -> None:
        """Fetch all series: each as a stream, the most pressing first, or all together, object by object.

        What hangs is asked for again, in patience, when the other series are here. Those of which as much is held as
        the hub counts are only compared, last: their lists take no time of images.

        Raises
        ------
        RetrievalError, WorkstationError
            It was stopped, something was someone else's, or the hub failed for good or gives nothing of the study.
        """
        waiting = [series for series in self._transfer.expectations.series if self._is_short(series)]
        rest = tuple(series for series in self._transfer.expectations.series if series not in waiting)
        if len(waiting) > 1:
            is_whole = not self._is_stream and self._failure_of(tuple(waiting)) is None
            waiting = [] if is_whole else self._hung_of(waiting)
        failure: WorkstationError | None = None
        for series in waiting:
            self._transfer.statement.renew(series)
            failure = self._failure_of((series,), is_patient=True) or failure
            if isinstance(failure, HubUnreachable):
                raise failure
        for series in rest:
            self._transfer.statement.begin_comparison(series)
        self._compare_held(rest)
        if failure is not None:
            raise failure
        self._tell_withheld()

    def _compare_held(self, group: Group) -> None:
        """Compare what is held with the hub's lists; one that fails takes nothing from it, and why is said.

        Of a hub that does not answer no further one is waited for.
        """
        silence: HubError | None = None
        for series in group:
            failure = silence or self._failure_of_list(series)
            if failure is not None:
                self._withhold(series, failure)
            silence = failure if isinstance(failure, HubUnreachable) else None

    def _failure_of_list(self, series: SeriesUID) -> HubError | None:
        """Compare a series, and return why it was not, where nothing more of it is known to be missing."""
        try:
            self._fetch((series,))
        except HubError as error:
            if self._is_short(series) or isinstance(error, UntrustedHub):
                raise
            return error
        return None

    def _hung_of(self, waiting: list[SeriesUID]) -> list[SeriesUID]:
        """Fetch series one after the other, and return those whose turn comes again."""
        hung: list[SeriesUID] = []
        former: WorkstationError | None = None
        while waiting:
            series = self._transfer.interest.ordered(waiting)[0]
            waiting = [one for one in waiting if one != series]
            failure = self._failure_of((series,))
            if failure is not None:
                hung.append(series)
            if isinstance(former, HubUnreachable) and isinstance(failure, HubUnreachable):
                # It is the hub, and no series of it.
                return [*hung, *waiting]
            former = failure
        return hung

    def _failure_of(self, group: Group, *, is_patient: bool = False) -> WorkstationError | None:
        """Fetch some series, and return the failure that may be theirs alone."""
        try:
            self._fetch(group, is_patient=is_patient)
        except WorkstationError as error:
            if not _may_be_of_one_series(error):
                raise
            forget_frames(error)
            return error
        return None

    def listed(self, series: SeriesUID) -> tuple[InstanceReference, ...]:
        """Return what the hub lists of a series; nothing of one that it does not give.

        Without a count, a list that is empty is not given either.
        """
        try:
            listed = self._transfer.statement.listed(series)
        except HubError as error:
            if not is_refusal(error):
                raise
            self._withhold(series, error)
            return ()
        if not listed and not self._transfer.expectations.is_numbered(series):
            self._withheld.setdefault(series, NoImageListed("an empty list"))
        return listed

    def _withhold(self, series: SeriesUID, error: WorkstationError) -> None:
        forget_frames(error)
        self._withheld[series] = error

    def _tell_withheld(self) -> None:
        """Say why series are missing or not compared that the hub does not give, or list.

        Where nothing is here, it gives no such study.
        """
        for series, refusal in self._refused_whole.items():
            if not self._transfer.held((series,)):
                self._withheld.setdefault(series, refusal)
        missing = {series: error for series, error in self._withheld.items() if self._is_short(series)}
        if missing and not self._transfer.intake.is_any_here(self._transfer.expectations.series):
            raise next(iter(missing.values()))
        for series, error in self._withheld.items():
            if series in missing or not self._transfer.expectations.is_compared(series):
                self._transfer.withheld[series] = error

    def _fetch(self, group: Group, *, is_patient: bool = True) -> None:
        """Fetch some series, and compare what came, and what was held, with what the hub lists of them."""
        if any(map(self._is_short, group)):
            self._pass_through(group, is_patient=is_patient)
        if [series for series in group if self._compare(series)]:
            self._pass_through(group, is_patient=is_patient)
        for series in group:
            self._transfer.expectations.take_number(series)
            if not self._is_short(series):
                self._transfer.intake.set_apart(series)
            self._transfer.tell(series)

    def _is_short(self, series: SeriesUID) -> bool:
        return self._transfer.expectations.is_short(series)

    def _compare(self, series: SeriesUID) -> bool:
        """Compare what is here with the hub's list, and return whether there is more to fetch than was known.

        What a full list does not name is dropped if it came from the hub, and does not count if it was held. A list
        shorter than the count that the hub states may have been cut by the hub, and proves nothing against what came;
        neither does one of a hub that counts nothing and cuts its lists, nor one that it refuses or gives empty.
        """
        transfer, expectations = self._transfer, self._transfer.expectations
        known = self._known(series)
        stated, held = expectations.of(series), transfer.held((series,))
        if not known and series in self._withheld:
            transfer.intake.trust(series, known, is_counted=expectations.is_numbered(series))
            return transfer.held((series,)) < held
        expectations.state(series, CountSource.LIST, len(known))
        is_numbered = expectations.is_numbered(series)
        if is_numbered and len(known) >= stated:
            self._dismiss(series, known)
        else:
            transfer.intake.trust(series, known, is_counted=is_numbered)
        expectations.compare(series, len(known))
        return len(known) > stated or transfer.held((series,)) < held

    def _known(self, series: SeriesUID) -> Set[InstanceUID]:
        """Return what the hub says that a series has: what is here, where it says so in short, else its list."""
        transfer = self._transfer
        here = transfer.intake.instances(series)
        counted = transfer.expectations.stated(series).get(CountSource.COUNT)
        if counted == len(here) and transfer.statement.are_all(series, here):
            return here
        return {one.instance for one in self.listed(series)}

    def _dismiss(self, series: SeriesUID, known: Set[InstanceUID]) -> None:
        """Drop what came and is not among the ``known``, which are all that the hub has of a series."""
        transfer = self._transfer
        strangers = transfer.intake.dismiss(series, known, is_choice=transfer.is_choice)
        transfer.unlisted[series] = strangers
        if strangers:
            _log.warning("%d objects that the hub does not list were dropped", len(strangers))
            transfer.on_dropped(series, strangers)

    def _pass_through(self, group: Group, *, is_patient: bool) -> None:
        """Ask in passes, each for what is still missing, for as long as a further one may bring it.

        Without patience it ends with the first that fails and brings nothing.
        """
        transfer, passes = self._transfer, Passes()
        while (before := transfer.held(group)) < transfer.expectations.total(group):
            transfer.forget_refusals(group)
            failure = self._pass(group)
            brought = transfer.held(group) - before
            if failure is not None and not (brought or is_patient) and _may_be_of_one_series(failure):
                raise failure
            if not passes.is_another_worth_it(brought, failure, refused=transfer.has_refused(group)):
                break
            if transfer.held(group) < transfer.expectations.total(group):
                self._patience.wait(passes.in_vain, transfer.cancelled, failure)

    def _pass(self, group: Group) -> WorkstationError | None:
        """Ask once for what is missing, and return the failure of the line that ended it early."""
        failure: WorkstationError | None = None
        self._transfer.under_way = tuple(one for one in group if one not in self._streamed and self._is_short(one))
        try:
            streamed = next(filter(self._is_for_stream, group), None)
            if streamed is not None:
                self._stream(streamed)
            if streamed is None or streamed in self._refused_whole:
                self._one_by_one(group)
                for series in filter(self._is_unlisted, self._transfer.interest.ordered(group)):
                    self._stream(series)
        except RetrievalError:
            raise
        except WorkstationError as error:
            failure = error
            forget_frames(error)
        self._pipeline.flush()
        for series in filter(self._transfer.expectations.has_ended, group):
            self._transfer.expectations.take_number(series)
        if failure is not None and self._transfer.cancelled():
            raise RetrievalCancelled("by the reader")
        if failure is not None:
            self._transfer.expectations.expect_more(one for one in group if one not in self._streamed)
        self._transfer.under_way = ()
        return failure

    def _is_for_stream(self, series: SeriesUID) -> bool:
        """Whether a stream brings what single objects cannot: nearly nothing is here, or the list was cut short."""
        held = self._transfer.held((series,))
        is_refused = self._transfer.strategy.way is not Way.SERIES or series in self._refused_whole
        if is_refused or not self._is_short(series):
            return False
        # What a stream had to its end and the list does not name would only come again.
        is_spent = series in self._streamed and self._transfer.expectations.is_compared(series)
        if not is_spent and (held == 0 or (self._is_stream and held <= _FEW)):
            # Where objects are asked for ahead of a stream, not even its list is waited for.
            return self._is_stream
        return self._is_left_to_stream(series)

    def _is_left_to_stream(self, series: SeriesUID) -> bool:
        return series not in self._streamed and len(self.listed(series)) < self._transfer.expectations.of(series)

    def _is_unlisted(self, series: SeriesUID) -> bool:
        """Whether images that are asked for one by one can come by a stream alone: no list names them."""
        is_asked = self._is_stream or series in self._streamed
        return not is_asked and self._is_short(series) and not self.listed(series)

    def _stream(self, series: SeriesUID) -> None:
        transfer = self._transfer
        parts = transfer.client.retrieve_series(transfer.study, series, transfer.cancelled)
        try:
            for part10 in parts:
                self._put(Arrived(series, part10))
            self._streamed.add(series)
            transfer.expectations.end(series)
            # Asked for earlier it would take the time of the images; now they are being encrypted meanwhile.
            transfer.statement.begin_comparison(series)
        except HubError as error:
            if not is_refusal(error):
                raise
            self._streamed.add(series)
            self._take_refusal(series, error)
        finally:
            if isinstance(parts, Generator):
                parts.close()

    def _take_refusal(self, series: SeriesUID, error: HubError) -> None:
        """Go over to single objects where the hub gives no whole series; what it does not share is not asked for."""
        forget_frames(error)
        if not isinstance(error, NotShared | Withdrawn) and self.listed(series):
            self._refused_whole[series] = error
        else:
            self._withhold(series, error)

    def _one_by_one(self, group: Group) -> None:
        self._begun = None
        agenda = Agenda(group, self._missing, self._transfer.interest, partial(self._first, group))
        # What is missing of a stream is fetched one at a time: a further cut then costs no more than one object.
        is_of_stream = self._is_stream and not self._refused_whole.keys() & set(group)
        parallel = 1 if is_of_stream else self._transfer.strategy.parallel
        lanes = Lanes(agenda.take, self._ask_alone, self._refuse, self._patience, self._transfer.cancelled)
        lanes.run(parallel)

    def _missing(self, series: SeriesUID) -> Iterator[InstanceReference]:
        held = self._transfer.held((series,))
        if held >= self._transfer.expectations.of(series):
            return iter(())
        if held and self._transfer.strategy.ahead and self._is_left_to_stream(series):
            return iter(())
        has, begun = self._transfer.intake.has, self._begun
        # The one asked for ahead of the list may be here already: it keeps its place, and the stack its middle.
        return (one for one in self.listed(series) if one.instance == begun or not has(one.instance))

    def _first(self, group: Group, series: SeriesUID) -> InstanceReference | None:
        """Return one from the middle of a series of which nothing is held and no list is there; then ask for lists."""
        statement, count = self._transfer.statement, self._transfer.expectations.of(series)
        is_known = count <= _FEW or self._transfer.held((series,)) > 0 or statement.is_listed(series)
        found = None if is_known else statement.one(series, count // 2)
        self._begun = None if found is None else found.instance
        for one in group:
            if self._is_short(one):
                statement.begin(one)
        return found

    def _asked_alone(self, reference: InstanceReference) -> Arrived:
        part10 = self._transfer.client.retrieve_instance(reference, self._transfer.cancelled)
        return Arrived(reference.series, part10, reference.instance)

    def _put(self, arrived: Arrived) -> None:
        if self._transfer.cancelled():
            raise RetrievalCancelled("by the reader")
        with self._transfer.lock:
            self._transfer.received_bytes += len(arrived.part10)
        self._pipeline.put(arrived)

    def _ask_alone(self, reference: InstanceReference) -> None:
        """Fetch one object; one that the hub lists and does not have stays missing, and so does what it refuses."""
        if reference.series in self._withheld:
            return
        try:
            arrived = self._asked_alone(reference)
        except NotOnHub:
            return
        except HubError as error:
            if not is_refusal(error):
                raise
            self._withhold(reference.series, error)
            return
        self._put(arrived)

    def _refuse(self, reference: InstanceReference, error: WorkstationError) -> None:
        """Note that one object did not come."""
        self._transfer.refuse(reference.series, Refused(self._translator.error(error), reference.instance))


def _may_be_of_one_series(error: WorkstationError) -> bool:
    """Whether the hub may give other series after a failure: not where it refuses, or asks to be left alone."""
    return retries_after(error) > 0 and not isinstance(error, HubBusy)
