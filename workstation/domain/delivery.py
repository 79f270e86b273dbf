"""One signed object on its way to a hub, and the steps it has taken."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.identifiers import DraftId, HubName, RequestId, TransactionUID
from workstation.domain.study import InstanceReference


class DeliveryState(StrEnum):
    """States of a delivery. ``SENT`` means that the hub gave the same bytes back; nothing less is called sent."""

    PENDING = "pending"
    STORED = "stored"
    SENT = "sent"
    CONFLICT = "conflict"
    BLOCKED = "blocked"
    FAILED = "failed"


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
    """One object for one hub. ``demonstration`` objects may only go to the embedded hub or a hub on loopback."""

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


class CompletionState(StrEnum):
    """Whether the request that the objects answer was told so."""

    WAITING = "waiting"
    UPDATED = "updated"
    COMPLETED = "completed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Completion:
    """What its hub must be told once the objects of ``draft`` are all sent: the request is answered, by these objects.

    ``transaction`` is the UID under which the request was claimed; ``started`` and ``ended`` bound the reading.
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
