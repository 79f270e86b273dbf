"""The acts that are recorded, and what a DICOM audit message about each needs besides its line.

A message is made of: the event's identification, type and action from here; outcome, time and the active person from
the line; this profile's application as the other participant, and the hub where the act is networked, by its name among
the facts of the line; the study or request that the line names, with the patient as the catalogue or the signed object
has it. Lines name no patient. Source: PS3.15 A.5; PS3.16 CID 400, CID 401.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType


class AuditEvent(StrEnum):
    """What was done."""

    STARTED = "started"
    STOPPED = "stopped"
    SIGNED_IN = "signed_in"
    LOCKED = "locked"
    QUERIED = "queried"
    RETRIEVED = "retrieved"
    IMPORTED = "imported"
    OPENED = "opened"
    EXPORTED = "exported"
    DELETED = "deleted"
    CLAIMED = "claimed"
    RELEASED = "released"
    DECLINED = "declined"
    CANCEL_ASKED = "cancel_asked"
    COMPLETED = "completed"
    SIGNED = "signed"
    SENT = "sent"
    SENDING_FORCED = "sending_forced"
    SENDING_HELD = "sending_held"
    SENDING_RELEASED = "sending_released"
    SENDING_CANCELLED = "sending_cancelled"
    CONFLICT_FOUND = "conflict_found"
    LOSS_FOUND = "loss_found"
    STRANGERS_FOUND = "strangers_found"
    STUDY_ADMITTED = "study_admitted"
    IDENTITY_CONFIRMED = "identity_confirmed"
    VERIFIED = "verified"
    REFUSED = "refused"
    SETTINGS_CHANGED = "settings_changed"
    AUDIT_READ = "audit_read"
    RESTORED = "restored"


class Outcome(IntEnum):
    """How it ended. Source: PS3.15 A.5.1, Event Outcome Indicator."""

    SUCCESS = 0
    MINOR_FAILURE = 4
    SERIOUS_FAILURE = 8
    MAJOR_FAILURE = 12


class Subject(StrEnum):
    """What the object of a line is."""

    STUDY = "study"
    REQUEST = "request"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EventCode:
    """A coded event: value, scheme, meaning.

    ``action`` is create, read, update, delete or execute by its first letter; ``kind`` is the code of the event's type
    and its meaning, of DCM, where there is one. ``is_networked`` events name their hub among the facts of the line.
    """

    value: str
    scheme: str
    meaning: str
    action: str = "E"
    about: Subject = Subject.NONE
    kind: tuple[str, str] | None = None
    is_networked: bool = False


def _dicom(
    value: str,
    meaning: str,
    action: str = "E",
    about: Subject = Subject.NONE,
    kind: tuple[str, str] | None = None,
    *,
    is_networked: bool = False,
) -> EventCode:
    return EventCode(value, "DCM", meaning, action, about, kind, is_networked)


def _own(
    event: AuditEvent,
    meaning: str,
    action: str = "E",
    about: Subject = Subject.NONE,
    *,
    is_networked: bool = False,
) -> EventCode:
    return EventCode(event.value, "99REQUIS", meaning, action, about, None, is_networked)


EVENT_CODES: Mapping[AuditEvent, EventCode] = MappingProxyType(
    {
        AuditEvent.STARTED: _dicom("110100", "Application Activity", kind=("110120", "Application Start")),
        AuditEvent.STOPPED: _dicom("110100", "Application Activity", kind=("110121", "Application Stop")),
        AuditEvent.SIGNED_IN: _dicom("110114", "User Authentication", kind=("110122", "Login")),
        AuditEvent.LOCKED: _dicom("110114", "User Authentication", kind=("110123", "Logout")),
        AuditEvent.QUERIED: _dicom("110112", "Query", is_networked=True),
        AuditEvent.RETRIEVED: _dicom("110104", "DICOM Instances Transferred", "C", Subject.STUDY),
        AuditEvent.SENT: _dicom("110104", "DICOM Instances Transferred", "C", Subject.STUDY, is_networked=True),
        AuditEvent.IMPORTED: _dicom("110107", "Import", "C", Subject.STUDY),
        AuditEvent.OPENED: _dicom("110103", "DICOM Instances Accessed", "R", Subject.STUDY),
        AuditEvent.EXPORTED: _dicom("110106", "Export", "R", Subject.STUDY),
        AuditEvent.DELETED: _dicom("110105", "DICOM Study Deleted", "D", Subject.STUDY),
        AuditEvent.CLAIMED: _own(AuditEvent.CLAIMED, "Request claimed", "U", Subject.REQUEST, is_networked=True),
        AuditEvent.RELEASED: _own(AuditEvent.RELEASED, "Request released", "U", Subject.REQUEST, is_networked=True),
        AuditEvent.DECLINED: _own(AuditEvent.DECLINED, "Request declined", "U", Subject.REQUEST, is_networked=True),
        AuditEvent.CANCEL_ASKED: _own(
            AuditEvent.CANCEL_ASKED, "Cancellation of a request asked for", "U", Subject.REQUEST, is_networked=True
        ),
        AuditEvent.COMPLETED: _own(AuditEvent.COMPLETED, "Request completed", "U", Subject.REQUEST, is_networked=True),
        AuditEvent.SIGNED: _own(AuditEvent.SIGNED, "Report signed", "C", Subject.STUDY),
        AuditEvent.SENDING_FORCED: _own(
            AuditEvent.SENDING_FORCED, "Delivery of a report forced", "U", Subject.STUDY, is_networked=True
        ),
        AuditEvent.SENDING_HELD: _own(
            AuditEvent.SENDING_HELD, "Delivery of a report held", "U", Subject.STUDY, is_networked=True
        ),
        AuditEvent.SENDING_RELEASED: _own(
            AuditEvent.SENDING_RELEASED, "Delivery of a report released", "U", Subject.STUDY, is_networked=True
        ),
        AuditEvent.SENDING_CANCELLED: _own(
            AuditEvent.SENDING_CANCELLED, "Delivery of a report cancelled", "U", Subject.STUDY, is_networked=True
        ),
        AuditEvent.CONFLICT_FOUND: _dicom("110113", "Security Alert", about=Subject.STUDY, is_networked=True),
        AuditEvent.LOSS_FOUND: _dicom("110113", "Security Alert", about=Subject.STUDY, is_networked=True),
        AuditEvent.STRANGERS_FOUND: _dicom("110113", "Security Alert", about=Subject.STUDY),
        AuditEvent.STUDY_ADMITTED: _own(
            AuditEvent.STUDY_ADMITTED, "Study admitted again after images of someone else came", "U", Subject.STUDY
        ),
        AuditEvent.IDENTITY_CONFIRMED: _own(
            AuditEvent.IDENTITY_CONFIRMED, "Identity of a study confirmed by the reader", "U", Subject.STUDY
        ),
        AuditEvent.VERIFIED: _own(AuditEvent.VERIFIED, "Signature verified", "R", Subject.STUDY),
        AuditEvent.REFUSED: _dicom("110113", "Security Alert"),
        AuditEvent.SETTINGS_CHANGED: _dicom("110113", "Security Alert", kind=("110131", "Software Configuration")),
        AuditEvent.AUDIT_READ: _dicom("110101", "Audit Log Used", "R"),
        AuditEvent.RESTORED: _own(AuditEvent.RESTORED, "Database restored"),
    }
)
