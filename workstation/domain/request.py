"""A request for a second opinion, and the order in which requests are read."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from workstation.domain.identifiers import HubName, RequestId
from workstation.domain.patient import Patient
from workstation.domain.study import InstanceReference, StudyReference


class Severity(IntEnum):
    """How grave the case is; 0 is read within the minute."""

    IMMEDIATE = 0
    GRAVE = 1
    SERIOUS = 2
    ORDINARY = 3


class Urgency(IntEnum):
    """How soon, in reading order; the UPS priorities HIGH, MEDIUM, LOW."""

    HIGH = 0
    MEDIUM = 1
    LOW = 2


class RequestState(StrEnum):
    """The states of a work item. Source: PS3.4 CC.1.1."""

    SCHEDULED = "SCHEDULED"
    IN_PROGRESS = "IN PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELED = "CANCELED"


CLOSED_STATES = (RequestState.COMPLETED, RequestState.CANCELED)


class Carrier(StrEnum):
    """What carries the request on its hub; only a work item can be claimed atomically."""

    WORK_ITEM = "ups"
    REQUEST_SR = "request_sr"

    @property
    def is_atomic(self) -> bool:
        """Whether two readers can never hold the same request."""
        return self is Carrier.WORK_ITEM


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks, and how to reach them at night."""

    name: str
    organisation: str
    telephone: str
    identifier: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has claimed a request, and since when; ``claim`` is the UID of a soft claim."""

    name: str
    identifier: str = ""
    since: datetime | None = None
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a request is, in percent, and in a word for the requester."""

    percent: int
    description: str


READING = Progress(10, "reading")
REPORT_SIGNED = Progress(90, "report signed")
CANCELLATION_DECLINED = Progress(10, "reading goes on: the performer chooses not to cancel")


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """The wish that a request be cancelled: whose, how they are reached, and why."""

    name: str = ""
    contact: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Which request of which hub: the same identifier on another hub is another request."""

    id: RequestId
    hub: HubName


@dataclass(frozen=True, slots=True)
class Request:
    """One request as its hub states it. Times carry a zone; a missing deadline sorts last.

    ``work_item`` is the UID of the object that carries the request at present where that is not ``id``: a request
    that was given back continues in a new object. ``rivals`` have claimed it softly too, and do not hold it;
    ``cancel_asked`` is the wish of somebody else that it be cancelled, where the hub keeps such wishes.
    """

    id: RequestId
    hub: HubName
    carrier: Carrier
    severity: Severity
    urgency: Urgency
    deadline: datetime | None
    arrival: datetime
    state: RequestState
    question: str
    clinical: str
    requester: Requester
    patient: Patient
    studies: tuple[StudyReference, ...]
    priors: tuple[StudyReference, ...] = ()
    first_reports: tuple[InstanceReference, ...] = ()
    holder: Holder | None = None
    modality: str = ""
    region: str = ""
    specialty: str = ""
    language: str = ""
    accession: str = ""
    placer_order: str = ""
    filler_order: str = ""
    key_series: tuple[str, ...] = ()
    work_item: str = ""
    rivals: tuple[Holder, ...] = ()
    cancel_asked: CancelRequest | None = None

    @property
    def key(self) -> RequestKey:
        """Which request of which hub this is."""
        return RequestKey(self.id, self.hub)

    def moved_to(self, hub: HubName) -> "Request":
        """Return the same request as one of ``hub``, with those of its studies that its hub has."""
        return replace(
            self,
            hub=hub,
            studies=tuple(replace(one, hub=hub) if one.hub == self.hub else one for one in self.studies),
            priors=tuple(replace(one, hub=hub) if one.hub == self.hub else one for one in self.priors),
        )

    @property
    def carrier_uid(self) -> str:
        """The UID of the object that carries the request now."""
        return self.work_item or self.id


def reading_order(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Sort by severity, urgency, deadline, arrival; never by place. Equal requests keep a stable order by id and hub.

    A request of a hub is told once, as its first mention says; no hub hides that of another by its identifier.
    """
    once = {one.key: one for one in reversed(requests)}
    return tuple(sorted(once.values(), key=_rank))


def _rank(request: Request) -> tuple[int, int, bool, float, float, str, str]:
    deadline = request.deadline
    return (
        int(request.severity),
        int(request.urgency),
        deadline is None,
        deadline.timestamp() if deadline else 0.0,
        request.arrival.timestamp(),
        request.id,
        request.hub,
    )
