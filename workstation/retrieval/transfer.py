"""The state of one running pull, and what is told of it."""

import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.received import ReceivedInstance
from workstation.domain.octets import Octets
from workstation.domain.strategy import Strategy
from workstation.errors import WorkstationError
from workstation.hub.errors import HubError
from workstation.retrieval.errors import WhoseUnknown
from workstation.retrieval.expectations import Expectations
from workstation.retrieval.intake import StudyIntake
from workstation.retrieval.interest import Interest
from workstation.retrieval.ports import Cancelled, HubLike
from workstation.retrieval.result import Refused
from workstation.retrieval.statement import Statement

OnReceived = Callable[[ReceivedInstance, Octets], None]
OnDropped = Callable[[SeriesUID, Collection[InstanceUID]], None]


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


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """One object as it was sent for a series; ``asked`` is its identifier where it was asked for alone."""

    series: SeriesUID
    part10: Octets
    asked: InstanceUID | None = None


@dataclass(slots=True)
class Transfer:
    """One running pull. Thread safe.

    ``expectations`` are what is expected of each series; where ``is_choice``, the hub gives a choice among their
    objects. ``unlisted`` are objects that came and that the hub does not list, ``conflicting`` those that came with two
    contents. ``withheld`` is why the hub gives a series, or its list, not whole at present. ``under_way`` are the
    series that are being asked for and may be cut off.
    """

    client: HubLike
    study: StudyUID
    intake: StudyIntake
    strategy: Strategy
    interest: Interest
    on_progress: OnProgress
    on_received: OnReceived
    on_dropped: OnDropped
    cancelled: Cancelled
    expectations: Expectations
    statement: Statement
    is_choice: bool = False
    under_way: tuple[SeriesUID, ...] = ()
    unlisted: dict[SeriesUID, tuple[InstanceUID, ...]] = field(default_factory=dict)
    received_bytes: int = 0
    is_whose_known: bool = False
    refused: dict[SeriesUID, list[Refused]] = field(default_factory=dict)
    conflicting: dict[SeriesUID, dict[InstanceUID, Refused]] = field(default_factory=dict)
    withheld: dict[SeriesUID, WorkstationError] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def know_whose(self) -> None:
        """Compare whose study the hub says that this is with what is held; before anything of it is taken over.

        Raises
        ------
        SomeoneElsesImages, WhoseUnknown
            It is held as someone else's, or the hub does not say, for the cause of the error.
        """
        if not self.is_whose_known:
            try:
                patient = self.statement.patient()
            except HubError as error:
                raise WhoseUnknown("not told by the hub") from error
            if patient is not None:
                self.intake.state(patient)
            self.is_whose_known = True

    def tell(self, series: SeriesUID) -> None:
        """Tell how far it is."""
        counts, expected = self.intake.counts(), self.expectations
        total = sum(counts[uid] for uid in expected.series)
        whole = expected.total(expected.series)
        self.on_progress(PullProgress(series, counts[series], expected.of(series), total, whole, self.received_bytes))

    def held(self, group: Iterable[SeriesUID]) -> int:
        """Return how many objects of some series are held or were taken over."""
        counts = self.intake.counts()
        return sum(counts[series] for series in group)

    def refuse(self, series: SeriesUID, refused: Refused) -> None:
        """Note that an object was not taken."""
        with self.lock:
            self.refused.setdefault(series, []).append(refused)

    def set_aside(self, series: SeriesUID, instance: InstanceUID, why: str) -> None:
        """Note that an object came with two contents: whichever is asked for again, that stays true."""
        with self.lock:
            self.conflicting.setdefault(series, {})[instance] = Refused(why, instance)

    def not_taken(self, series: SeriesUID) -> tuple[Refused, ...]:
        """Return what was refused of a series in the last pass, and what was set aside in any."""
        with self.lock:
            return (*self.refused.get(series, ()), *self.conflicting.get(series, {}).values())

    def forget_refusals(self, group: Iterable[SeriesUID]) -> None:
        """Begin another pass over some series: what was refused is asked for again."""
        with self.lock:
            for series in group:
                self.refused.pop(series, None)

    def has_refused(self, group: Iterable[SeriesUID]) -> bool:
        """Whether anything of some series was refused in this pass."""
        return any(self.refused.get(series) for series in group)
