"""What was repaired, as the reader is told: kept in the database until the reader has seen it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workstation.store.errors import RecordDamaged
from workstation.store.fields import Fields, encode

SETTING = "restoration"
RESTORED_AT = "restored_at"
_VERSION = 1


class Source(StrEnum):
    """Where the database came from: what was readable of it, a backup, nothing, or itself after a crash."""

    ITSELF = "itself"
    BACKUP = "backup"
    NOTHING = "nothing"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Restoration:
    """One repair: when, from what, of when that was, and what the journal and the signed copies gave back since.

    ``unproven`` counts reports that were signed since and whose objects are lost: their hub may have them, or not.
    """

    at: datetime
    source: Source
    backup_at: datetime | None = None
    drafts: int = 0
    signed: int = 0
    unproven: int = 0

    def sentences(self) -> tuple[tuple[str, Mapping[str, str | int]], ...]:
        """Return what tells it: keys of the translations and what fills them; moments are of this machine's zone."""
        backup_at = "" if self.backup_at is None else f"{self.backup_at.astimezone():%Y-%m-%d %H:%M}"
        details: Mapping[str, str | int] = {"backup_at": backup_at, "drafts": self.drafts, "signed": self.signed}
        first = (f"restoration.{self.source}", details)
        return (first, ("restoration.unproven", {"reports": self.unproven})) if self.unproven else (first,)


def restoration_to_json(restoration: Restoration) -> str:
    """Return the text that is kept."""
    return encode(
        {
            "version": _VERSION,
            "at": restoration.at.isoformat(),
            "source": restoration.source.value,
            "backup_at": None if restoration.backup_at is None else restoration.backup_at.isoformat(),
            "drafts": restoration.drafts,
            "signed": restoration.signed,
            "unproven": restoration.unproven,
        }
    )


def restoration_from_json(text: str) -> Restoration | None:
    """Read it back; ``None`` when it cannot be read."""
    try:
        fields = Fields.parse(text, _VERSION)
        return Restoration(
            fields.time("at"),
            fields.choice("source", Source),
            fields.optional_time("backup_at"),
            fields.integer("drafts"),
            fields.integer("signed"),
            fields.integer("unproven"),
        )
    except RecordDamaged:
        return None
