"""One study from a hub into the store: each object read in a worker, checked, encrypted, and counted."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.errors import DecodingError, PoolClosed
from workstation.decoding.received import ReceivedInstance
from workstation.domain.study import InstanceReference, SeriesSummary
from workstation.errors import WorkstationError
from workstation.retrieval.errors import (
    ConflictingObject,
    NothingThere,
    RetrievalCancelled,
    RetrievalError,
    SomeoneElsesImages,
)
from workstation.retrieval.intake import StudyIntake
from workstation.retrieval.ports import Cancelled, CatalogueLike, DecoderLike, HubLike, ObjectsLike, never
from workstation.retrieval.result import PullResult, Refused, SeriesResult
from workstation.retrieval.summing import SeriesSummer
from workstation.translations import Translator

# How often a series whose transfer was cut is asked for again, as long as each attempt brings something.
_ATTEMPTS = 4
# Asking for single instances pays when few are missing: each costs a round trip.
_FEW = 4
# Objects waiting for a worker, for each worker: enough to keep it busy, few enough to bound memory.
_AHEAD = 3

OnReceived = Callable[[ReceivedInstance, bytes], None]


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a pull is: of one series and of the whole study; ``received_bytes`` is of this pull."""

    series: SeriesUID
    received: int
    expected: int
    study_received: int
    study_expected: int
    received_bytes: int


OnProgress = Callable[[PullProgress], None]


@dataclass(slots=True)
class _Transfer:
    """The state of one running pull."""

    client: HubLike
    study: StudyUID
    intake: StudyIntake
    executor: ThreadPoolExecutor
    on_progress: OnProgress
    on_received: OnReceived
    cancelled: Cancelled
    expected: dict[SeriesUID, int]
    refused: dict[SeriesUID, list[Refused]] = field(default_factory=dict)
    received_bytes: int = 0

    def tell(self, series: SeriesUID) -> None:
        counts = {uid: self.intake.count(uid) for uid in self.expected}
        total, whole = sum(counts.values()), sum(self.expected.values())
        self.on_progress(PullProgress(series, counts[series], self.expected[series], total, whole, self.received_bytes))


class Retrieval:
    """Takes studies over from hubs."""

    def __init__(
        self,
        catalogue: CatalogueLike,
        objects: ObjectsLike,
        decoder: DecoderLike,
        translator: Translator,
    ) -> None:
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
    ) -> PullResult:
        """Take over what is missing of a study; ``on_received`` gets each new object, on a thread of the pull.

        Raises
        ------
        SomeoneElsesImages
            Something came that was not asked for: nothing of this pull is kept.
        NothingThere
            The hub has no such study.
        RetrievalCancelled, WorkstationError
            It was stopped, or the hub failed; what had arrived is kept, and the next pull goes on from there.
        """
        listed = client.search_series(study)
        if not listed:
            raise NothingThere("no series")
        intake = StudyIntake(study, self._catalogue, self._objects, origin)
        expected = {summary.uid: _stated(client, study, summary) for summary in listed}
        with ThreadPoolExecutor(self._decoder.workers, "retrieval") as executor:
            transfer = _Transfer(
                client, study, intake, executor, on_progress or _ignore, on_received or _ignore, cancelled, expected
            )
            self._transfer(transfer)
        return PullResult(study, tuple(self._summed(transfer, summary) for summary in listed))

    def _transfer(self, transfer: _Transfer) -> None:
        """Fetch all series, and keep what came unless it is someone else's."""
        try:
            for series in transfer.expected:
                self._fetch(transfer, series)
        except SomeoneElsesImages:
            transfer.intake.abandon()
            raise
        except WorkstationError:
            self._keep(transfer)
            raise
        self._keep(transfer)

    def _keep(self, transfer: _Transfer) -> None:
        try:
            transfer.intake.keep()
        except WorkstationError:
            transfer.intake.abandon()
            raise
        for series, count in transfer.expected.items():
            self._catalogue.expect(transfer.study, series, count)
            for refused in transfer.refused.get(series, ()):
                self._catalogue.refuse(transfer.study, series, refused.instance, refused.why)

    def _fetch(self, transfer: _Transfer, series: SeriesUID) -> None:
        """Fetch one series, again and again while the link is cut but brings something each time."""
        for attempt in range(1, _ATTEMPTS + 1):
            before = transfer.intake.count(series)
            if before >= transfer.expected[series]:
                transfer.tell(series)
                return
            transfer.refused.pop(series, None)
            try:
                self._drain(transfer, series, self._source(transfer, series, before))
            except RetrievalError:
                raise
            except WorkstationError:
                if transfer.cancelled():
                    raise RetrievalCancelled("by the reader") from None
                if attempt == _ATTEMPTS or transfer.intake.count(series) == before:
                    raise
            else:
                return

    def _source(self, transfer: _Transfer, series: SeriesUID, held: int) -> Iterable[bytes]:
        """Return the objects of a series, or only the missing ones where they are few."""
        if held:
            listed = transfer.client.search_instances(transfer.study, series)
            missing = [reference for reference in listed if not transfer.intake.has(reference.instance)]
            if len(missing) * _FEW <= len(listed):
                return self._singly(transfer, missing)
        return transfer.client.retrieve_series(transfer.study, series, transfer.cancelled)

    def _singly(self, transfer: _Transfer, missing: Sequence[InstanceReference]) -> Iterable[bytes]:
        return (transfer.client.retrieve_instance(reference, transfer.cancelled) for reference in missing)

    def _drain(self, transfer: _Transfer, series: SeriesUID, source: Iterable[bytes]) -> None:
        """Hand each object to a worker while the next ones arrive; all of them are done when this ends in any way."""
        pending: deque[tuple[Future[ReceivedInstance], bytes]] = deque()
        try:
            for part10 in source:
                if transfer.cancelled():
                    raise RetrievalCancelled("by the reader")
                transfer.received_bytes += len(part10)
                pending.append((transfer.executor.submit(self._inspect, part10), part10))
                while len(pending) > self._decoder.workers * _AHEAD:
                    self._take(transfer, series, *pending.popleft())
            while pending:
                self._take(transfer, series, *pending.popleft())
        except WorkstationError as failure:
            self._take_rest(transfer, series, pending, failure)
            raise
        finally:
            wait([future for future, _ in pending])
            if isinstance(source, Generator):
                source.close()

    def _inspect(self, part10: bytes) -> ReceivedInstance:
        received = self._decoder.inspect(part10)
        if received.meta_instance not in (None, received.instance):
            raise SomeoneElsesImages("file meta information and data set disagree")
        return received

    def _take(self, transfer: _Transfer, series: SeriesUID, inspected: Future[ReceivedInstance], part10: bytes) -> None:
        """Take over one object, in the order of arrival: of two with one identifier the first is kept."""
        instance: InstanceUID | None = None
        try:
            received = inspected.result()
            instance = received.instance
            is_new = transfer.intake.accept(received, part10, series=series)
        except PoolClosed:
            raise
        except (DecodingError, ConflictingObject) as error:
            refused = Refused(self._translator.error(error), instance)
            transfer.refused.setdefault(series, []).append(refused)
            is_new = False
        else:
            if is_new:
                transfer.on_received(received, part10)
        transfer.tell(series)

    def _take_rest(
        self,
        transfer: _Transfer,
        series: SeriesUID,
        pending: deque[tuple[Future[ReceivedInstance], bytes]],
        failure: WorkstationError,
    ) -> None:
        """Keep what had come whole before a link was cut; no cut may hide that it was someone else's."""
        if isinstance(failure, SomeoneElsesImages | PoolClosed):
            return
        while pending:
            self._take(transfer, series, *pending.popleft())

    def _summed(self, transfer: _Transfer, summary: SeriesSummary) -> SeriesResult:
        refused = tuple(transfer.refused.get(summary.uid, ()))
        return self._summer.summed(transfer.study, summary, transfer.expected[summary.uid], refused)


def _stated(client: HubLike, study: StudyUID, summary: SeriesSummary) -> int:
    """Return how many instances a hub says a series has; one that does not count is asked for the list."""
    if summary.instances is not None:
        return summary.instances
    return len(client.search_instances(study, summary.uid))


def _ignore(*_: object) -> None:
    """Nobody wants to know."""
