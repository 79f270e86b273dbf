"""The catalogue: which studies, series and instances are held, what was expected, what was refused and why."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.manifest import KEY_OBJECT_SELECTION
from workstation.domain.clock import Clock, system_clock
from workstation.domain.contradiction import Contradiction
from workstation.domain.listing import Doubt
from workstation.domain.study import SeriesSummary, StudySummary
from workstation.store.catalogue_rows import (
    INSTANCE_COLUMNS,
    Received,
    Refusal,
    StoredInstance,
    enter,
    lose,
    read_instance,
    read_refusal,
    read_series,
    read_study,
)
from workstation.store.contradictions import admitted_contradictions
from workstation.store.database import Connection, Database
from workstation.store.errors import StudyBarred

OnTaken = Callable[[Connection, StudyUID, str, int], None]

__all__ = ["Catalogue", "OnTaken", "Received", "Refusal", "StoredInstance"]


class Catalogue:
    """The index of what is held locally. Objects themselves lie in the object store.

    ``on_taken`` is told of each study that is entered, within the same transaction: study, origin, instances. One that
    ``hides_barred`` studies says nothing of them: it is for all who show or report what is held.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock = system_clock,
        on_taken: OnTaken | None = None,
        *,
        hides_barred: bool = False,
    ) -> None:
        self._hides_barred = hides_barred
        self._database = database
        self._clock = clock
        self._on_taken = on_taken

    def record(self, received: Received, origin: str) -> None:
        """Enter one instance; the same one again is harmless.

        Raises
        ------
        InstanceConflict
            When it is held with other bytes, or under another series, study or patient.
        """
        self.record_all((received,), origin)

    def record_all(self, received: Sequence[Received], origin: str) -> None:
        """Enter several instances in one transaction: all of them, or none when one is in conflict.

        Raises
        ------
        InstanceConflict
            As ``record``.
        """
        added = self._clock().isoformat()
        with self._database.write() as connection:
            enter(connection, received, origin, added)
            if self._on_taken is not None:
                for study, count in Counter(one.study for one in received).items():
                    self._on_taken(connection, study, origin, count)

    def studies(self) -> tuple[StudySummary, ...]:
        """Return every study held, the last added first."""
        with self._database.read() as connection:
            query = f"SELECT summary FROM studies WHERE {self._open('uid')} ORDER BY added DESC, uid"
            rows = connection.execute(query).fetchall()
            return tuple(read_study(connection, row) for row in rows)

    def page(self, count: int, after: StudyUID | None = None) -> tuple[StudySummary, ...]:
        """Return at most ``count`` studies, the last added first; the next page is what comes ``after`` its last."""
        # Rows lie in the order in which they were added, so no page needs a sort of all studies.
        where = "" if after is None else "AND rowid < (SELECT rowid FROM studies WHERE uid = ?)"
        parameters: tuple[str | int, ...] = (count,) if after is None else (after, count)
        with self._database.read() as connection:
            query = f"SELECT summary FROM studies WHERE {self._open('uid')} {where} ORDER BY rowid DESC LIMIT ?"
            rows = connection.execute(query, parameters).fetchall()
            return tuple(read_study(connection, row) for row in rows)

    def related(self, patient_id: str, named: Collection[StudyUID] = ()) -> tuple[StudySummary, ...]:
        """Return the studies of a patient identifier, and those ``named``, the last added first.

        An empty identifier is nobody's; two issuers may give the same one, so the caller compares the patients.
        """
        places = ", ".join("?" * len(named))
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT summary FROM studies WHERE ((patient_id = ? AND patient_id <> '') OR uid IN ({places}))"
                f" AND {self._open('uid')} ORDER BY added DESC, uid",
                (patient_id, *named),
            ).fetchall()
            return tuple(read_study(connection, row) for row in rows)

    def study_of(self, series: SeriesUID) -> StudyUID | None:
        """Return the study of a series, or ``None`` when nothing of it is held."""
        with self._database.read() as connection:
            query = f"SELECT study FROM series WHERE uid = ? AND {self._open('study')}"
            row = connection.execute(query, (series,)).fetchone()
        return None if row is None else StudyUID(str(row[0]))

    def study(self, uid: StudyUID) -> StudySummary | None:
        """Return one study with its series, or ``None`` when nothing of it is held.

        Raises
        ------
        StudyBarred
            It is barred, and those are hidden.
        """
        if self.is_barred(uid):
            raise StudyBarred("strangers came for the study")
        with self._database.read() as connection:
            row = connection.execute("SELECT summary FROM studies WHERE uid = ?", (uid,)).fetchone()
            return None if row is None else read_study(connection, row)

    def series(self, study: StudyUID) -> tuple[SeriesSummary, ...]:
        """Return the series of a study by number; ``instances`` is the number held."""
        if self.is_barred(study):
            return ()
        with self._database.read() as connection:
            return read_series(connection, study)

    def instances(self, study: StudyUID, series: SeriesUID | None = None) -> tuple[StoredInstance, ...]:
        """Return the instances held of a study, or of one series, by series and instance number."""
        where = "study = ?" if series is None else "study = ? AND series = ?"
        parameters: tuple[str, ...] = (study,) if series is None else (study, series)
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {INSTANCE_COLUMNS} FROM instances WHERE {where} AND {self._open('study')}"
                " ORDER BY series, number, uid",
                parameters,
            ).fetchall()
        return tuple(read_instance(row) for row in rows)

    def instance(self, uid: InstanceUID) -> StoredInstance | None:
        """Return one instance, or ``None`` when it is not held."""
        with self._database.read() as connection:
            query = f"SELECT {INSTANCE_COLUMNS} FROM instances WHERE uid = ? AND {self._open('study')}"
            row = connection.execute(query, (uid,)).fetchone()
        return None if row is None else read_instance(row)

    def is_barred(self, study: StudyUID) -> bool:
        """Whether a study is barred, and hidden here."""
        if not self._hides_barred:
            return False
        with self._database.read() as connection:
            return connection.execute("SELECT 1 FROM barred WHERE study = ?", (study,)).fetchone() is not None

    def admitted(self, study: StudyUID) -> frozenset[Contradiction]:
        """Return how objects of a study may differ and yet be of one patient, as a person has said."""
        with self._database.read() as connection:
            return admitted_contradictions(connection, study)

    def _open(self, column: str) -> str:
        """Return the condition that the study in a column may be told of."""
        return f"{column} NOT IN (SELECT study FROM barred)" if self._hides_barred else "TRUE"

    def expect(self, study: StudyUID, series: SeriesUID, count: int, *, is_guessed: bool = False) -> None:
        """Note how many instances the source says a series has; of a guess, the last one may be there or not."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO expectations (study, series, instances, guessed) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (study, series) DO UPDATE SET instances = excluded.instances, guessed = excluded.guessed",
                (study, series, count, int(is_guessed)),
            )

    def expected(self, study: StudyUID) -> Mapping[SeriesUID, int]:
        """Return how many instances each series of a study should have, where a source said so."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT series, instances FROM expectations WHERE study = ? ORDER BY series", (study,)
            ).fetchall()
        return {SeriesUID(str(series)): int(str(count)) for series, count in rows}

    def guessed(self, study: StudyUID) -> frozenset[SeriesUID]:
        """Return the series of which the last one that is expected may not be there: no source has said so."""
        query = "SELECT series FROM expectations WHERE study = ? AND guessed = 1"
        with self._database.read() as connection:
            rows = connection.execute(query, (study,)).fetchall()
        return frozenset(SeriesUID(str(series)) for (series,) in rows)

    def refuse(self, study: StudyUID, series: SeriesUID, instance: InstanceUID | None, why: str) -> None:
        """Note that something of a study was not taken; the same refusal is kept once."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM refusals WHERE study = ? AND series = ? AND instance IS ? AND why = ?",
                (study, series, instance, why),
            )
            connection.execute(
                "INSERT INTO refusals (study, series, instance, why, at) VALUES (?, ?, ?, ?, ?)",
                (study, series, instance, why, self._clock().isoformat()),
            )

    def refused(self, study: StudyUID) -> tuple[Refusal, ...]:
        """Return what was not taken of a study, the oldest first; an instance that came later is no longer listed."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT series, instance, why, at FROM refusals WHERE study = ?"
                " AND (instance IS NULL OR instance NOT IN (SELECT uid FROM instances)) ORDER BY id",
                (study,),
            ).fetchall()
        return tuple(read_refusal(row) for row in rows)

    def quarantine(self, study: StudyUID, instance: InstanceUID, why: str) -> None:
        """Set an instance aside: it brought a worker down or came with two contents, and is not opened again."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO quarantine (instance, study, why, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (instance) DO UPDATE SET why = excluded.why, at = excluded.at",
                (instance, study, why, self._clock().isoformat()),
            )

    def quarantined(self, study: StudyUID) -> Mapping[InstanceUID, str]:
        """Return the instances of a study that are set aside, and why."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT instance, why FROM quarantine WHERE study = ?", (study,)).fetchall()
        return {InstanceUID(str(instance)): str(why) for instance, why in rows}

    def selections(self) -> tuple[InstanceUID, ...]:
        """Return the Key Object Selections that are held, of all studies."""
        # Written out, so that the index of these alone is used.
        query = f"SELECT uid FROM instances WHERE sop_class = '{KEY_OBJECT_SELECTION}' AND {self._open('study')}"
        with self._database.read() as connection:
            rows = connection.execute(query).fetchall()
        return tuple(InstanceUID(str(row[0])) for row in rows)

    def instance_uids(self, study: StudyUID | None = None) -> tuple[InstanceUID, ...]:
        """Return the instances entered of a study, or of all studies."""
        where, parameters = ("", ()) if study is None else ("WHERE study = ?", (study,))
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT uid FROM instances {where}", parameters).fetchall()
        return tuple(InstanceUID(str(row[0])) for row in rows)

    def lose(self, study: StudyUID, instances: Collection[InstanceUID], why: str) -> None:
        """Note that objects which were held are lost: they count as expected and not received, with the reason."""
        at = self._clock().isoformat()
        with self._database.write() as connection:
            for instance in instances:
                lose(connection, study, instance, why, at)

    def withdraw(self, instances: Collection[InstanceUID]) -> None:
        """Take objects out that are none of their source's: nothing is noted of them, and nothing is missing."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM instances WHERE uid = ?", [(one,) for one in instances])

    def doubt(
        self, study: StudyUID, doubts: Mapping[InstanceUID, Doubt], settled: Collection[InstanceUID] = ()
    ) -> None:
        """Note of which held objects of a study it is not known whether its source has them, and of which it is now."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM doubts WHERE instance = ?", [(one,) for one in settled])
            connection.executemany(
                "INSERT INTO doubts (instance, study, doubt)"
                " SELECT uid, study, ? FROM instances WHERE uid = ? AND study = ?"
                " ON CONFLICT (instance) DO UPDATE SET doubt = excluded.doubt",
                [(doubt.value, instance, study) for instance, doubt in doubts.items()],
            )

    def doubts(self, study: StudyUID, series: SeriesUID | None = None) -> Mapping[InstanceUID, Doubt]:
        """Return those objects of a study, or of one series, and what is not known of each."""
        where = (
            "study = ?" if series is None else "study = ? AND (SELECT series FROM instances WHERE uid = instance) = ?"
        )
        parameters: tuple[str, ...] = (study,) if series is None else (study, series)
        with self._database.read() as connection:
            query = f"SELECT instance, doubt FROM doubts WHERE {where} ORDER BY instance"
            rows = connection.execute(query, parameters).fetchall()
        return {InstanceUID(str(instance)): Doubt(str(doubt)) for instance, doubt in rows}

    def begin_pull(self, study: StudyUID) -> bool:
        """Note that a study is being fetched, and say whether an earlier fetch never came to its end."""
        with self._database.write() as connection:
            query = "INSERT INTO unfinished_pulls (study, at) VALUES (?, ?) ON CONFLICT (study) DO NOTHING"
            return connection.execute(query, (study, self._clock().isoformat())).rowcount == 0

    def end_pull(self, study: StudyUID) -> None:
        """Note that a fetch came to its end, in whatever way."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM unfinished_pulls WHERE study = ?", (study,))
