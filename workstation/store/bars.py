"""Studies for which something of someone else came: nothing of them is read until they have come whole without fault.

What was held before is not touched: a clean transfer goes on from there, and lifts the bar. So may a person who has
looked into it; a study that is erased has none.
"""

from collections.abc import Callable

from viewers.identifiers import StudyUID
from workstation.audit.events import AuditEvent, Outcome
from workstation.domain.clock import Clock
from workstation.store.audit import AuditLog
from workstation.store.database import Database
from workstation.store.errors import StudyNotBarred


class Bars:
    """The barred studies of a profile. Thread safe."""

    def __init__(self, database: Database, audit: AuditLog, clock: Clock, actor: Callable[[], str]) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._actor = actor

    def bar(self, study: StudyUID) -> None:
        """Bar a study, and write the audit line of the strangers that came for it."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO barred (study, at) VALUES (?, ?) ON CONFLICT (study) DO NOTHING",
                (study, self._clock().isoformat()),
            )
            self._audit.append(
                connection,
                AuditEvent.STRANGERS_FOUND,
                actor=self._actor(),
                object=study,
                outcome=Outcome.SERIOUS_FAILURE,
            )

    def lift(self, study: StudyUID) -> None:
        """Let a study be read again that has come whole without fault; one that is not barred is left alone."""
        self._lift(study, "whole")

    def admit(self, study: StudyUID) -> None:
        """Let a study be read again because a person says so.

        Raises
        ------
        StudyNotBarred
            Nothing keeps it from being read.
        """
        if not self._lift(study, "asked"):
            raise StudyNotBarred("no bar on the study")

    def _lift(self, study: StudyUID, why: str) -> bool:
        if study not in self.studies():
            return False
        with self._database.write() as connection:
            was_barred = connection.execute("DELETE FROM barred WHERE study = ?", (study,)).rowcount > 0
            if was_barred:
                self._audit.append(connection, AuditEvent.STUDY_ADMITTED, actor=self._actor(), object=study, detail=why)
        return was_barred

    def studies(self) -> frozenset[StudyUID]:
        """Return every barred study."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT study FROM barred").fetchall()
        return frozenset(StudyUID(str(row[0])) for row in rows)
