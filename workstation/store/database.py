"""The encrypted database: how it is opened, who may write, and what its errors mean.

One writer at a time, in this process by a lock and among processes by ``BEGIN IMMEDIATE``; any number of readers, each
on a snapshot of its own. An acknowledged write has reached the disk: write-ahead log with full synchronisation.
"""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlcipher3 import dbapi2

from workstation.domain.clock import Clock
from workstation.durable import make_private_folder
from workstation.store.errors import (
    DatabaseDamaged,
    NewerSchema,
    StoreBusy,
    StoreClosed,
    StoreError,
    StoreFull,
    StoreUnwritable,
    error_of_disk,
)
from workstation.store.migrations import MIGRATIONS, Migration

BUSY_TIMEOUT_S = 10.0
Value = str | int | float | bytes | None
Row = tuple[Value, ...]


class Cursor(Protocol):
    """The part of a cursor that the repositories use."""

    @property
    def rowcount(self) -> int:
        """How many rows a statement changed."""

    @property
    def lastrowid(self) -> int:
        """The row that was inserted last."""

    def fetchone(self) -> Row | None:
        """Return the next row."""

    def fetchall(self) -> list[Row]:
        """Return the remaining rows."""


class Connection(Protocol):
    """The part of a connection that the repositories use."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> Cursor:
        """Run one statement."""

    def executemany(self, sql: str, rows: Sequence[Sequence[Value]]) -> Cursor:
        """Run one statement for each row."""

    def close(self) -> None:
        """Release the file."""


class Database:
    """One encrypted file; safe to use from several threads."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._writing = threading.Lock()
        self._writer_thread: int | None = None
        self._pool_guard = threading.Lock()
        self._idle: list[Connection] = []
        self._closed = False
        self._writer = self._connect()

    @classmethod
    def open(
        cls, path: Path, key: bytes, clock: Clock, *, migrations: tuple[Migration, ...] = MIGRATIONS, check: bool = True
    ) -> "Database":
        """Open the database, made when missing, checked for damage and brought to the present schema.

        Raises
        ------
        DatabaseDamaged
            When it is damaged or its key is another one.
        NewerSchema
            When a later version of the program wrote it.
        """
        try:
            make_private_folder(path.parent)
            path.touch(mode=0o600)
        except OSError as error:
            raise error_of_disk(error) from error
        with _errors_in_words():
            database = cls(path, key)
        try:
            database._prepare(clock, migrations, check=check)
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one unchanging state and cannot write."""
        connection = self._borrow()
        try:
            with _errors_in_words():
                connection.execute("BEGIN")
                try:
                    yield connection
                finally:
                    connection.execute("ROLLBACK")
        finally:
            self._give_back(connection)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give the one connection that writes: all of the block reaches the disk, or nothing of it.

        Raises
        ------
        StoreFull, StoreBusy
            When there is no room, or another process writes for too long.
        """
        if self._writer_thread == threading.get_ident():
            raise StoreError("a write inside a write: pass the connection on instead")
        with self._writing, _errors_in_words():
            if self._closed:
                raise StoreClosed("the database is closed")
            self._writer_thread = threading.get_ident()
            try:
                with _transaction(self._writer):
                    yield self._writer
            finally:
                self._writer_thread = None

    def close(self) -> None:
        """Close every connection; the log is merged into the database."""
        with self._writing, self._pool_guard:
            self._closed = True
            for connection in (*self._idle, self._writer):
                connection.close()
            self._idle.clear()

    def _prepare(self, clock: Clock, migrations: tuple[Migration, ...], *, check: bool) -> None:
        with _errors_in_words():
            self._writer.execute("PRAGMA journal_mode = WAL")
            if check:
                _check(self._writer)
        migrate(self, migrations, clock)

    def _connect(self) -> Connection:
        connection: Connection = dbapi2.connect(
            str(self._path), isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_S
        )
        # The engine would print its own complaints on standard error; ours come as sentences.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _borrow(self) -> Connection:
        with self._pool_guard:
            if self._closed:
                raise StoreClosed("the database is closed")
            if self._idle:
                return self._idle.pop()
        with _errors_in_words():
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: Connection) -> None:
        with self._pool_guard:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)


_PRAGMAS = (
    "synchronous = FULL",
    "temp_store = MEMORY",
    "secure_delete = ON",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    *(("fullfsync = 1", "checkpoint_fullfsync = 1") if sys.platform == "darwin" else ()),
)


def migrate(database: Database, migrations: tuple[Migration, ...], clock: Clock) -> None:
    """Bring the schema to the last of ``migrations``, each step whole or not at all.

    Raises
    ------
    NewerSchema
        When the database is already beyond them.
    """
    known = migrations[-1].number
    for migration in migrations:
        with database.write() as connection:
            found = _schema_version(connection)
            if found > known:
                raise NewerSchema(f"schema {found}, known {known}", found=found, known=known)
            if found >= migration.number:
                continue
            for statement in migration.statements:
                connection.execute(statement)
            connection.execute(
                "INSERT INTO schema_history (number, applied) VALUES (?, ?)", (migration.number, clock().isoformat())
            )
            connection.execute(f"PRAGMA user_version = {migration.number}")


def _schema_version(connection: Connection) -> int:
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(str(row[0])) if row else 0


def _check(connection: Connection) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchall()
    if found != [("ok",)]:
        raise DatabaseDamaged("quick_check found damage")


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # After a full disk the engine may have rolled back by itself; a second roll-back is then refused.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _errors_in_words() -> Iterator[None]:
    try:
        yield
    except dbapi2.OperationalError as error:
        raise _operational(error) from error
    except dbapi2.IntegrityError as error:
        raise StoreError("a rule of the schema refused the record") from error
    except dbapi2.DatabaseError as error:
        raise DatabaseDamaged(f"database unreadable: {type(error).__name__}") from error


def _operational(error: Exception) -> StoreError:
    words = str(error)
    if "full" in words:
        return StoreFull("database or disk is full")
    if "locked" in words or "busy" in words:
        return StoreBusy("database is locked by another process")
    if "I/O" in words or "readonly" in words or "unable to open" in words:
        return StoreUnwritable("database file refuses to be read or written")
    return StoreError(f"database refused: {words}")
