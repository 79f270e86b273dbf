"""What can go wrong with what the profile holds."""

import errno
from typing import ClassVar

from workstation.domain.identifiers import HubName, RequestId
from workstation.errors import WorkstationError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class StoreError(WorkstationError):
    """Root of the store's errors."""

    key: ClassVar[str] = "store.failed"


class StoreFull(StoreError):
    """There is no room left on the disk."""

    key: ClassVar[str] = "store.full"


class StoreUnwritable(StoreError):
    """The disk refuses to be written, for another reason than lack of room."""

    key: ClassVar[str] = "store.unwritable"


class StoreBusy(StoreError):
    """Another process writes for too long."""

    key: ClassVar[str] = "store.busy"


class StoreClosed(StoreError):
    """The profile is closed."""

    key: ClassVar[str] = "store.closed"


class DatabaseDamaged(StoreError):
    """The database is not what was written, or its key is another one."""

    key: ClassVar[str] = "store.database_damaged"


class RepairWaits(StoreError):
    """The database is damaged, and another process has it open: it cannot be repaired now."""

    key: ClassVar[str] = "store.repair_waits"


class NewerSchema(StoreError):
    """The database was written by a later version of the program."""

    key: ClassVar[str] = "store.newer_schema"


class RecordDamaged(StoreError):
    """A record in the database is not what was written."""

    key: ClassVar[str] = "store.record_damaged"


class ObjectMissing(StoreError):
    """The object is not held here."""

    key: ClassVar[str] = "store.object_missing"


class ObjectDamaged(StoreError):
    """The file of an object was altered, cut, moved or exchanged; fetch the object again."""

    key: ClassVar[str] = "store.object_damaged"


class InstanceConflict(StoreError):
    """An instance is held already with other bytes, or under another series, study or patient."""

    key: ClassVar[str] = "store.instance_conflict"


class StudyMissing(StoreError):
    """The study is not held here."""

    key: ClassVar[str] = "store.study_missing"


class StudyNeeded(StoreError):
    """Work that is not finished needs the study: it is not erased."""

    key: ClassVar[str] = "store.study_needed"


class HubNeeded(StoreError):
    """Requests of the hub are claimed with this profile: whoever removes it could not give them back any more."""

    key: ClassVar[str] = "store.hub_needed"

    def __init__(self, hub: HubName, requests: tuple[RequestId, ...]) -> None:
        super().__init__("claims name the hub", hub=hub, count=len(requests))
        self.requests = requests


class HubAwaited(StoreError):
    """Signed reports have not arrived at the hub, or it was not told that their requests are answered."""

    key: ClassVar[str] = "store.hub_awaited"


class HubElsewhere(StoreError):
    """Something waits under the name of the hub for one at another address: it would go to the wrong hub."""

    key: ClassVar[str] = "store.hub_elsewhere"


class HubUncertain(HubElsewhere):
    """Something waits under the name of the hub, and nobody knows at which address that one was."""

    key: ClassVar[str] = "store.hub_uncertain"


class MirrorOfMirror(StoreError):
    """A hub would be the mirror of itself or of a mirror: it would never be asked for anything, and nobody told."""

    key: ClassVar[str] = "store.mirror_of_mirror"


class RetentionRefused(StoreError):
    """The quota or the days of retention mean nothing."""

    key: ClassVar[str] = "store.retention_refused"


class StudyBarred(StoreError):
    """Something of someone else came for the study, and it has not come whole and without fault since."""

    key: ClassVar[str] = "store.study_barred"


class StudyNotBarred(StoreError):
    """Nothing keeps the study from being read."""

    key: ClassVar[str] = "store.study_not_barred"


class DraftMissing(StoreError):
    """There is no such draft."""

    key: ClassVar[str] = "store.draft_missing"


class DraftSigned(StoreError):
    """The draft is signed: it is not edited any more."""

    key: ClassVar[str] = "store.draft_signed"


class DraftChanged(StoreError):
    """The draft is not the one that was composed and shown."""

    key: ClassVar[str] = "store.draft_changed"


class DeliveryRefused(StoreError):
    """A delivery cannot take that step."""

    key: ClassVar[str] = "store.delivery_refused"


class NoSuchDelivery(StoreError):
    """Nothing that was signed with this profile has that name."""

    key: ClassVar[str] = "store.no_such_delivery"


class NothingToForce(StoreError):
    """Nothing of the report can be tried now: it is sent, held or cancelled."""

    key: ClassVar[str] = "store.nothing_to_force"


class NothingToHold(StoreError):
    """Nothing of the report waits any more."""

    key: ClassVar[str] = "store.nothing_to_hold"


class NothingToRelease(StoreError):
    """Nothing of the report is held."""

    key: ClassVar[str] = "store.nothing_to_release"


class CancelTooLate(StoreError):
    """The hub has, or may have, something of the report; or it is cancelled already."""

    key: ClassVar[str] = "store.cancel_too_late"


class ProfileInUse(StoreError):
    """Another window holds the profile."""

    key: ClassVar[str] = "store.profile_in_use"


def error_of_disk(error: OSError) -> StoreError:
    """Return what the reader is told about a failed call to the file system."""
    name = errno.errorcode.get(error.errno or 0, "unknown")
    return StoreFull(f"disk full: {name}") if error.errno in _NO_ROOM else StoreUnwritable(f"disk refuses: {name}")
