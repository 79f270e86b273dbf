"""The state of one running pull, and how far it is, as others are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.received import ReceivedInstance
from workstation.domain.strategy import Strategy
from workstation.retrieval.intake import StudyIntake
from workstation.retrieval.interest import Interest
from workstation.retrieval.ports import Cancelled, HubLike
from workstation.retrieval.result import Refused, Source
from workstation.retrieval.statement import Statement

OnReceived = Callable[[ReceivedInstance, bytes], None]
# An object as it was sent, and its identifier where it was asked for alone.
Sent = tuple[bytes, InstanceUID | None]


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
class Transfer:
    """The state of one running pull."""

    client: HubLike
    study: StudyUID
    intake: StudyIntake
    executor: ThreadPoolExecutor
    on_progress: OnProgress
    on_received: OnReceived
    cancelled: Cancelled
    expected: dict[SeriesUID, int]
    strategy: Strategy
    interest: Interest
    statement: Statement
    stated: dict[SeriesUID, dict[Source, int]]
    unlisted: dict[SeriesUID, tuple[InstanceUID, ...]] = field(default_factory=dict)
    is_resumed: bool = False
    refused: dict[SeriesUID, list[Refused]] = field(default_factory=dict)
    received_bytes: int = 0

    def tell(self, series: SeriesUID) -> None:
        counts = {uid: self.intake.count(uid) for uid in self.expected}
        total, whole = sum(counts.values()), sum(self.expected.values())
        self.on_progress(PullProgress(series, counts[series], self.expected[series], total, whole, self.received_bytes))
