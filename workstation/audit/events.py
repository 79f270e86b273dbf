"""The acts that are recorded, and the DICOM audit code of each. Source: PS3.16 CID 400; PS3.15 A.5."""

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
    COMPLETED = "completed"
    SIGNED = "signed"
    SENT = "sent"
    SENDING_FORCED = "sending_forced"
    SENDING_HELD = "sending_held"
    SENDING_RELEASED = "sending_released"
    SENDING_CANCELLED = "sending_cancelled"
    CONFLICT_FOUND = "conflict_found"
    LOSS_FOUND = "loss_found"
    VERIFIED = "verified"
    REFUSED = "refused"
    SETTINGS_CHANGED = "settings_changed"
    AUDIT_READ = "audit_read"


class Outcome(IntEnum):
    """How it ended. Source: PS3.15 A.5.1, Event Outcome Indicator."""

    SUCCESS = 0
    MINOR_FAILURE = 4
    SERIOUS_FAILURE = 8
    MAJOR_FAILURE = 12


@dataclass(frozen=True, slots=True)
class EventCode:
    """A coded event: value, scheme, meaning."""

    value: str
    scheme: str
    meaning: str


def _dicom(value: str, meaning: str) -> EventCode:
    return EventCode(value, "DCM", meaning)


def _own(event: AuditEvent, meaning: str) -> EventCode:
    return EventCode(event.value, "99REQUIS", meaning)


EVENT_CODES: Mapping[AuditEvent, EventCode] = MappingProxyType(
    {
        AuditEvent.STARTED: _dicom("110100", "Application Activity"),
        AuditEvent.STOPPED: _dicom("110100", "Application Activity"),
        AuditEvent.SIGNED_IN: _dicom("110114", "User Authentication"),
        AuditEvent.LOCKED: _dicom("110114", "User Authentication"),
        AuditEvent.QUERIED: _dicom("110112", "Query"),
        AuditEvent.RETRIEVED: _dicom("110104", "DICOM Instances Transferred"),
        AuditEvent.SENT: _dicom("110104", "DICOM Instances Transferred"),
        AuditEvent.IMPORTED: _dicom("110107", "Import"),
        AuditEvent.OPENED: _dicom("110103", "DICOM Instances Accessed"),
        AuditEvent.EXPORTED: _dicom("110106", "Export"),
        AuditEvent.DELETED: _dicom("110105", "DICOM Study Deleted"),
        AuditEvent.CLAIMED: _own(AuditEvent.CLAIMED, "Request claimed"),
        AuditEvent.RELEASED: _own(AuditEvent.RELEASED, "Request released"),
        AuditEvent.DECLINED: _own(AuditEvent.DECLINED, "Request declined"),
        AuditEvent.COMPLETED: _own(AuditEvent.COMPLETED, "Request completed"),
        AuditEvent.SIGNED: _own(AuditEvent.SIGNED, "Report signed"),
        AuditEvent.SENDING_FORCED: _own(AuditEvent.SENDING_FORCED, "Delivery of a signed report forced"),
        AuditEvent.SENDING_HELD: _own(AuditEvent.SENDING_HELD, "Delivery of a signed report held"),
        AuditEvent.SENDING_RELEASED: _own(AuditEvent.SENDING_RELEASED, "Delivery of a signed report released"),
        AuditEvent.SENDING_CANCELLED: _own(AuditEvent.SENDING_CANCELLED, "Delivery of a signed report cancelled"),
        AuditEvent.CONFLICT_FOUND: _dicom("110113", "Security Alert"),
        AuditEvent.LOSS_FOUND: _dicom("110113", "Security Alert"),
        AuditEvent.VERIFIED: _own(AuditEvent.VERIFIED, "Signature verified"),
        AuditEvent.REFUSED: _dicom("110113", "Security Alert"),
        AuditEvent.SETTINGS_CHANGED: _dicom("110113", "Security Alert"),
        AuditEvent.AUDIT_READ: _dicom("110101", "Audit Log Used"),
    }
)
