"""The studies held as a library: how long each is kept, what needs it, and how it is erased.

Erasing is one transaction: the rows, the audit line, and a note of the objects that are still to be destroyed. From
then on nothing of the study is shown; who is killed meanwhile leaves the note, and the next start goes on with it.
Reports, their drafts and what the audit log says are no images: they stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from viewers.identifiers import InstanceUID, StudyUID
from workstation.audit.events import AuditEvent
from workstation.domain.clock import Clock
from workstation.store.audit import AuditLog
from workstation.store.database import Database
from workstation.store.errors import StudyMissing
from workstation.store.study_needs import Need, needs


class Erased(StrEnum):
    """Why a study was erased, as the audit line says it."""

    ASKED = "asked"
    RETENTION = "retention"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class LibraryStudy:
    """One study as it lies in the library.

    ``used`` is when it was last opened, written about or added to; ``missing`` counts the instances that its source has
    and that are not, or no longer, here.
    """

    study: StudyUID
    origins: frozenset[str]
    instances: int
    missing: int
    added: datetime
    used: datetime
    kept: bool
    needs: frozenset[Need]


class Library:
    """What is held of each study, and for how long."""

    def __init__(self, database: Database, audit: AuditLog, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    def studies(self) -> tuple[LibraryStudy, ...]:
        """Return every study, the one that was not used for longest first."""
        with self._database.read() as connection:
            found = needs(connection)
            rows = connection.execute(_STUDIES).fetchall()
        read = (_read([str(value) for value in row], found) for row in rows)
        return tuple(sorted(read, key=lambda one: (one.used, one.study)))

    def use(self, study: StudyUID) -> None:
        """Note that a study is opened now; it need not be held yet."""
        self._set(study, "opened", self._clock().isoformat())

    def keep(self, study: StudyUID, kept: bool) -> None:
        """Keep a study until a person says otherwise, or no longer.

        Raises
        ------
        StudyMissing
            It is not held.
        """
        with self._database.read() as connection:
            if connection.execute("SELECT 1 FROM studies WHERE uid = ?", (study,)).fetchone() is None:
                raise StudyMissing("no such study in the catalogue")
        self._set(study, "kept", int(kept))

    def needs(self, study: StudyUID) -> frozenset[Need]:
        """Return what needs a study now."""
        with self._database.read() as connection:
            return needs(connection).get(study, frozenset())

    def is_disputed(self, study: StudyUID) -> bool:
        """Whether a study is barred, or held as a patient that its hub names otherwise and a person has admitted so."""
        query = "SELECT 1 FROM barred WHERE study = ?1 UNION SELECT 1 FROM contradictions WHERE study = ?1"
        with self._database.read() as connection:
            return connection.execute(query, (study,)).fetchone() is not None

    def erase(
        self, study: StudyUID, why: Erased, actor: str, *, despite: frozenset[Need] = frozenset()
    ) -> tuple[InstanceUID, ...]:
        """Take a study out of the catalogue, unless something needs it, and return the objects now to be destroyed.

        ``despite`` are the needs that do not count. Nothing is returned, and nothing done, when another one is found.
        """
        with self._database.write() as connection:
            if needs(connection).get(study, frozenset()) - despite:
                return ()
            rows = connection.execute("SELECT uid FROM instances WHERE study = ?", (study,)).fetchall()
            at = self._clock().isoformat()
            connection.executemany(
                "INSERT INTO erasures (instance, at) VALUES (?, ?) ON CONFLICT (instance) DO NOTHING",
                [(row[0], at) for row in rows],
            )
            for table in ("expectations", "refusals", "quarantine", "study_use", "barred", "contradictions"):
                connection.execute(f"DELETE FROM {table} WHERE study = ?", (study,))
            if connection.execute("DELETE FROM studies WHERE uid = ?", (study,)).rowcount:
                self._audit.append(
                    connection, AuditEvent.DELETED, actor=actor, object=study, detail=f"{why.value} {len(rows)}"
                )
        return tuple(InstanceUID(str(row[0])) for row in rows)

    def to_destroy(self) -> tuple[InstanceUID, ...]:
        """Return the objects of erased studies whose files may still be there."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT instance FROM erasures").fetchall()
        return tuple(InstanceUID(str(row[0])) for row in rows)

    def destroyed(self, instances: Iterable[InstanceUID]) -> None:
        """Note that the files of erased objects are gone."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM erasures WHERE instance = ?", [(one,) for one in instances])

    def _set(self, study: StudyUID, column: str, value: str | int) -> None:
        with self._database.write() as connection:
            connection.execute(
                f"INSERT INTO study_use (study, {column}) VALUES (?, ?)"
                f" ON CONFLICT (study) DO UPDATE SET {column} = excluded.{column}",
                (study, value),
            )


_STUDIES = (
    "SELECT uid, origin, added,"
    " (SELECT count(*) FROM instances WHERE instances.study = studies.uid),"
    " (SELECT group_concat(DISTINCT origin) FROM instances WHERE instances.study = studies.uid),"
    " (SELECT max(added) FROM instances WHERE instances.study = studies.uid),"
    " (SELECT coalesce(sum(max(0, expectations.instances - (SELECT count(*) FROM instances"
    " WHERE instances.study = expectations.study AND instances.series = expectations.series"
    " AND NOT EXISTS (SELECT 1 FROM doubts WHERE doubts.instance = instances.uid AND doubts.doubt = 'unlisted')"
    "))), 0)"
    " FROM expectations WHERE expectations.study = studies.uid),"
    " (SELECT opened FROM study_use WHERE study_use.study = studies.uid),"
    " (SELECT max(saved) FROM drafts WHERE drafts.study = studies.uid),"
    " coalesce((SELECT kept FROM study_use WHERE study_use.study = studies.uid), 0) FROM studies"
)


def _read(row: list[str], found: dict[StudyUID, frozenset[Need]]) -> LibraryStudy:
    uid, origin, added, instances, origins, last_added, missing, opened, saved, kept = row
    moments = [datetime.fromisoformat(one) for one in (added, last_added, opened, saved) if one not in ("", "None")]
    return LibraryStudy(
        study=StudyUID(uid),
        origins=frozenset(origins.split(",")) if origins != "None" else frozenset({origin}),
        instances=int(instances),
        missing=int(missing),
        added=datetime.fromisoformat(added),
        used=max(moments),
        kept=kept == "1",
        needs=found.get(StudyUID(uid), frozenset()),
    )
