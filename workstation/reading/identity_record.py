"""Keeps in the log of acts that the reader took a study for the patient's though its identity differs."""

from collections.abc import Sequence

from viewers.identifiers import StudyUID
from workstation.audit.events import AuditEvent
from workstation.audit.facts import facts
from workstation.domain.identity import Trait
from workstation.domain.reader import Reader
from workstation.store.audit import AuditLog


class IdentityRecord:
    """Writes to the log of acts; blocks."""

    def __init__(self, audit: AuditLog) -> None:
        self._audit = audit

    def confirmed(self, reader: Reader, study: StudyUID, traits: Sequence[Trait]) -> None:
        """Record who confirmed which study, and what differs: the names of the traits, never their values."""
        detail = facts(differs=", ".join(traits))
        self._audit.record(
            AuditEvent.IDENTITY_CONFIRMED, actor=reader.identifier or reader.name, object=study, detail=detail
        )
