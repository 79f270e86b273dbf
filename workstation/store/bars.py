"""Studies for which something of someone else came: nothing of them is read until they have come whole without fault.

What was held before is not touched: a clean transfer goes on from there, and lifts the bar. So may a person who has
looked into it: what that person says to be of one patient is remembered and bars the study no more; any other
contradiction does. A study that is erased has neither.
"""

from collections.abc import Callable, Sequence

from viewers.identifiers import StudyUID
from workstation.audit.events import AuditEvent, Outcome
from workstation.domain.clock import Clock
from workstation.domain.contradiction import Contradiction
from workstation.store import contradictions
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

    def bar(self, study: StudyUID, found: Contradiction | None = None) -> None:
        """Bar a study, and write the audit line of the strangers that came for it.

        ``found`` is what keeps them from being of its patient; without it, they are of another study or series.
        """
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO barred (study, at) VALUES (?, ?) ON CONFLICT (study) DO NOTHING",
                (study, self._clock().isoformat()),
            )
            if found is not None:
                contradictions.note(connection, study, found)
            self._audit.append(
                connection,
                AuditEvent.STRANGERS_FOUND,
                actor=self._actor(),
                object=study,
                outcome=Outcome.SERIOUS_FAILURE,
            )

    def lift(self, study: StudyUID) -> None:
        """Let a study be read again that has come whole without fault; one that is not barred is left alone."""
        self._lift(study, "whole", ())

    def contradictions(self, study: StudyUID) -> tuple[Contradiction, ...]:
        """Return how what came differs from what is known of the patient of a barred study, the first one first."""
        with self._database.read() as connection:
            return contradictions.open_contradictions(connection, study)

    def admit(self, study: StudyUID, as_one: Sequence[Contradiction] = ()) -> None:
        """Let a study be read again because a person says so.

        Images that differ ``as_one`` of these are taken for the patient's from then on, as that person says.

        Raises
        ------
        StudyNotBarred
            Nothing keeps it from being read.
        """
        traits = dict.fromkeys(trait.value for found in as_one for trait in found.traits)
        if not self._lift(study, " ".join(("asked", *traits)), as_one):
            raise StudyNotBarred("no bar on the study")

    def _lift(self, study: StudyUID, why: str, as_one: Sequence[Contradiction]) -> bool:
        if study not in self.studies():
            return False
        with self._database.write() as connection:
            was_barred = connection.execute("DELETE FROM barred WHERE study = ?", (study,)).rowcount > 0
            if was_barred:
                contradictions.settle(connection, study, as_one)
                self._audit.append(connection, AuditEvent.STUDY_ADMITTED, actor=self._actor(), object=study, detail=why)
        return was_barred

    def studies(self) -> frozenset[StudyUID]:
        """Return every barred study."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT study FROM barred").fetchall()
        return frozenset(StudyUID(str(row[0])) for row in rows)
