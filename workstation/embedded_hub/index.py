"""The embedded hub's index: which instances it holds, and their headers, in SQLite.

The file of an instance is on disk before its row exists; a row never points at nothing. Thread safe: readers share a
pool of connections, writers take the write lock of SQLite in turn.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue

SCHEMA = """
CREATE TABLE IF NOT EXISTS studies (study TEXT PRIMARY KEY, header TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS series (
    study TEXT NOT NULL, series TEXT NOT NULL, modality TEXT NOT NULL, header TEXT NOT NULL,
    PRIMARY KEY (study, series)
);
CREATE TABLE IF NOT EXISTS instances (
    instance TEXT PRIMARY KEY, study TEXT NOT NULL, series TEXT NOT NULL, sop_class TEXT NOT NULL,
    transfer_syntax TEXT NOT NULL, sha256 TEXT NOT NULL, file TEXT NOT NULL, header TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS instances_by_series ON instances (study, series);
CREATE TABLE IF NOT EXISTS work_items (
    uid TEXT PRIMARY KEY, state TEXT NOT NULL, transaction_uid TEXT NOT NULL, attributes TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS subscriptions (
    uid TEXT NOT NULL, subscriber TEXT NOT NULL, deletion_lock INTEGER NOT NULL, filter TEXT NOT NULL,
    PRIMARY KEY (uid, subscriber)
);
"""
BUSY_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One instance: where it is and what its header says, as compact DICOM JSON."""

    instance: str
    study: str
    series: str
    sop_class: str
    transfer_syntax: str
    sha256: str
    file: str
    header: str


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One series with its study's header and what is counted over its instances."""

    study: str
    series: str
    header: str
    study_header: str
    instances: int


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One study with what is counted over its series and instances."""

    study: str
    header: str
    series: int
    instances: int
    modalities: tuple[str, ...]
    sop_classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the index that a search looks at; nothing named means all of it."""

    studies: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()


class Index:
    """Open connections to one index file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        with self.read() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = sqlite3.connect(
                self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA synchronous=FULL")
        try:
            yield connection
        finally:
            self._idle.put(connection)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside one transaction, which is undone if the caller fails."""
        with self.read() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close all idle connections."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return


def studies(connection: sqlite3.Connection, scope: Scope) -> list[StudyRow]:
    """Return the studies of a scope, in order of arrival."""
    condition, values = _condition(scope, "studies")
    rows = connection.execute(f"SELECT study, header FROM studies WHERE {condition} ORDER BY rowid", values).fetchall()
    return [_study_row(connection, study, header) for study, header in rows]


def series(connection: sqlite3.Connection, scope: Scope) -> list[SeriesRow]:
    """Return the series of a scope, in order of arrival."""
    condition, values = _condition(scope, "series")
    rows = connection.execute(
        "SELECT series.study, series.series, series.header, studies.header,"
        " (SELECT COUNT(*) FROM instances WHERE instances.study = series.study AND instances.series = series.series)"
        f" FROM series JOIN studies ON studies.study = series.study WHERE {condition} ORDER BY series.rowid",
        values,
    )
    return [SeriesRow(*row) for row in rows]


def instances(connection: sqlite3.Connection, scope: Scope) -> list[InstanceRow]:
    """Return the instances of a scope, in order of arrival."""
    condition, values = _condition(scope, "instances")
    rows = connection.execute(
        "SELECT instance, study, series, sop_class, transfer_syntax, sha256, file, header"
        f" FROM instances WHERE {condition} ORDER BY rowid",
        values,
    )
    return [InstanceRow(*row) for row in rows]


def digest_of(connection: sqlite3.Connection, instance: str) -> tuple[str, str, str] | None:
    """Return study, series and SHA-256 of an instance that is here."""
    found = connection.execute("SELECT study, series, sha256 FROM instances WHERE instance = ?", (instance,))
    row: tuple[str, str, str] | None = found.fetchone()
    return row


def insert(
    connection: sqlite3.Connection, row: InstanceRow, study_header: str, series_header: str, modality: str
) -> None:
    """Record one instance; the headers of study and series are those of their first instance."""
    connection.execute("INSERT OR IGNORE INTO studies VALUES (?, ?)", (row.study, study_header))
    connection.execute(
        "INSERT OR IGNORE INTO series VALUES (?, ?, ?, ?)", (row.study, row.series, modality, series_header)
    )
    connection.execute(
        "INSERT INTO instances VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.instance,
            row.study,
            row.series,
            row.sop_class,
            row.transfer_syntax,
            row.sha256,
            row.file,
            row.header,
        ),
    )


def _study_row(connection: sqlite3.Connection, study: str, header: str) -> StudyRow:
    modalities = connection.execute("SELECT modality FROM series WHERE study = ? ORDER BY rowid", (study,)).fetchall()
    classes = connection.execute(
        "SELECT sop_class, COUNT(*) FROM instances WHERE study = ? GROUP BY sop_class ORDER BY sop_class", (study,)
    ).fetchall()
    return StudyRow(
        study=study,
        header=header,
        series=len(modalities),
        instances=sum(count for _, count in classes),
        modalities=tuple(dict.fromkeys(modality for (modality,) in modalities if modality)),
        sop_classes=tuple(name for name, _ in classes),
    )


def _condition(scope: Scope, table: str) -> tuple[str, Sequence[str]]:
    terms, values = ["1"], list[str]()
    wanted = {"study": scope.studies, "series": scope.series, "instance": scope.instances}
    columns = {"studies": ("study",), "series": ("study", "series"), "instances": ("study", "series", "instance")}
    for column in columns[table]:
        if wanted[column]:
            terms.append(f"{table}.{column} IN ({','.join('?' * len(wanted[column]))})")
            values.extend(wanted[column])
    return " AND ".join(terms), values
