"""One signed object on its way to a hub, and the steps it has taken."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.identifiers import DraftId, HubName, RequestId, TransactionUID
from workstation.domain.study import InstanceReference


class DeliveryState(StrEnum):
    """States of a delivery. ``SENT`` means that the hub gave the same bytes back; nothing less is called sent.

    ``HELD`` and ``CANCELLED`` are the reader's decisions; what is cancelled never leaves, and is kept all the same.
    """

    PENDING = "pending"
    STORED = "stored"
    SENT = "sent"
    CONFLICT = "conflict"
    BLOCKED = "blocked"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"


SETTLED = frozenset({DeliveryState.SENT, DeliveryState.CANCELLED})


class StepName(StrEnum):
    """What can happen to a delivery; each has its words in the translations."""

    QUEUED = "queued"
    STORED = "stored"
    READ_BACK = "read_back"
    REFUSED = "refused"
    NOT_TAKEN = "not_taken"
    NOT_CONFIRMED = "not_confirmed"
    UNREACHABLE = "unreachable"
    ATTEMPT_FAILED = "attempt_failed"
    NOT_KEPT = "not_kept"
    NOT_READABLE = "not_readable"
    OTHER_BYTES = "other_bytes"
    DEMONSTRATION_REFUSED = "demonstration_refused"
    FORCED = "forced"
    HELD = "held"
    RELEASED = "released"
    CANCELLED = "cancelled"
    LOST_BY_HUB = "lost_by_hub"
    HUB_RENAMED = "hub_renamed"


class ObjectRole(StrEnum):
    """What a signed object is, in the order in which objects are pushed."""

    PRESENTATION = "gsps"
    KEY_IMAGES = "kos"
    REPORT = "sr"
    DOCUMENT = "pdf"


PUSH_ORDER = (ObjectRole.PRESENTATION, ObjectRole.KEY_IMAGES, ObjectRole.REPORT, ObjectRole.DOCUMENT)


@dataclass(frozen=True, slots=True)
class SignedObject:
    """Frozen bytes of one signed Part 10 object; never rebuilt on a retry."""

    role: ObjectRole
    study: StudyUID
    series: SeriesUID
    instance: InstanceUID
    sop_class: str
    part10: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class DeliveryStep:
    """One thing that happened to a delivery: when, what (a key of the translations), and the plain reason."""

    at: datetime
    step: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One object for one hub. ``demonstration`` objects may only go to the embedded hub or a hub on loopback.

    ``offered`` once its bytes may have reached the hub, whatever the hub has said since. ``checked_at`` is when the hub
    last gave the same bytes back, at arrival or at a later re-verification;
    ``tried_at`` is when the last attempt began.
    """

    id: int
    draft: DraftId
    request: RequestId | None
    hub: HubName
    role: ObjectRole
    study: StudyUID
    series: SeriesUID
    instance: InstanceUID
    sop_class: str
    sha256: str
    demonstration: bool
    state: DeliveryState
    reason: str
    attempts: int
    steps: tuple[DeliveryStep, ...] = ()
    offered: bool = False
    checked_at: datetime | None = None
    tried_at: datetime | None = None


class CompletionState(StrEnum):
    """Whether the request that the objects answer was told so.

    ``AGAIN`` when it was told, and the hub has lost objects since: it may have lost the completion as well.
    """

    WAITING = "waiting"
    UPDATED = "updated"
    COMPLETED = "completed"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    AGAIN = "again"


SETTLED_COMPLETIONS = frozenset({CompletionState.COMPLETED, CompletionState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Completion:
    """What its hub must be told once the objects of ``draft`` are all sent: the request is answered, by these objects.

    ``transaction`` is the UID under which the request was claimed; ``started`` and ``ended`` bound the reading;
    ``changed`` is when the hub was last told, or could not be.
    """

    draft: DraftId
    request: RequestId
    hub: HubName
    transaction: TransactionUID
    outputs: tuple[InstanceReference, ...]
    started: datetime
    ended: datetime
    state: CompletionState = CompletionState.WAITING
    reason: str = ""
    attempts: int = 0
    changed: datetime | None = None
