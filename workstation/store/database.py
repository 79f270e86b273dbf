"""The encrypted database: how it is opened, who may write, and what its errors mean.

One writer at a time: in this process one connection behind a lock, whichever thread writes, and among processes
``BEGIN IMMEDIATE``; any number of readers, each on a snapshot of its own. An acknowledged write has reached the disk:
write-ahead log with full synchronisation.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workstation.domain.clock import Clock
from workstation.durable import make_private_folder
from workstation.store.engine import (
    Connection,
    Cursor,
    Row,
    Value,
    check_quickly,
    connect,
    copy_database,
    errors_in_words,
    schema_of,
    unauthentic_pages,
)
from workstation.store.errors import NewerSchema, StoreClosed, StoreError, error_of_disk
from workstation.store.migrations import MIGRATIONS, Migration

__all__ = ["BeforeMigration", "Connection", "Cursor", "Database", "Row", "Value", "migrate"]

BeforeMigration = Callable[["Database", int], None]


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
        cls,
        path: Path,
        key: bytes,
        clock: Clock,
        *,
        migrations: tuple[Migration, ...] = MIGRATIONS,
        before_migration: BeforeMigration | None = None,
        check: bool = True,
    ) -> "Database":
        """Open the database, made when missing, checked for damage and brought to the present schema.

        ``before_migration`` is given the database while its schema is still the former one; when it fails, nothing is
        changed.

        Raises
        ------
        DatabaseDamaged
            When it is damaged or its key is another one.
        NewerSchema
            When a later version of the program wrote it.
        StoreUnwritable, StoreFull, StoreBusy
            When the disk refuses; that says nothing about damage.
        """
        try:
            make_private_folder(path.parent)
            path.touch(mode=0o600)
        except OSError as error:
            raise error_of_disk(error) from error
        with errors_in_words():
            database = cls(path, key)
        try:
            database._prepare(clock, migrations, before_migration, check=check)
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one unchanging state and cannot write."""
        connection = self._borrow()
        try:
            with errors_in_words():
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
        with self._writing, errors_in_words():
            if self._closed:
                raise StoreClosed("the database is closed")
            self._writer_thread = threading.get_ident()
            try:
                with _transaction(self._writer):
                    yield self._writer
            finally:
                self._writer_thread = None

    @property
    def schema(self) -> int:
        """The number of the schema that the file has now; 0 before the first."""
        with self.read() as connection:
            return schema_of(connection)

    @property
    def size_bytes(self) -> int:
        """How large a copy of the present state is at most."""
        with self.read() as connection:
            rows = [connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")]
        pages, size = (int(str(row[0])) if row else 0 for row in rows)
        return pages * size

    def count_unauthentic_pages(self) -> int:
        """Return how many pages of the file are not what was written, while no other process writes."""
        with self._writing, errors_in_words():
            # After a power cut pages may be torn whose good version is in the log; merged, they are no damage.
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return unauthentic_pages(self._writer)

    def copy_to(self, target: Path) -> None:
        """Write the present state as a database of its own, as ``copy_database`` does."""
        copy_database(self._path, self._key, target)

    def close(self) -> None:
        """Close every connection; the log is merged into the database."""
        with self._writing, self._pool_guard:
            self._closed = True
            for connection in (*self._idle, self._writer):
                connection.close()
            self._idle.clear()

    def _prepare(
        self, clock: Clock, migrations: tuple[Migration, ...], before: BeforeMigration | None, *, check: bool
    ) -> None:
        with errors_in_words():
            self._writer.execute("PRAGMA journal_mode = WAL")
            if check:
                check_quickly(self._writer)
        found, known = self.schema, migrations[-1].number
        if before is not None and 0 < found < known:
            before(self, found)
        migrate(self, migrations, clock)

    def _connect(self) -> Connection:
        return connect(self._path, self._key)

    def _borrow(self) -> Connection:
        with self._pool_guard:
            if self._closed:
                raise StoreClosed("the database is closed")
            if self._idle:
                return self._idle.pop()
        with errors_in_words():
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: Connection) -> None:
        with self._pool_guard:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)


def migrate(database: Database, migrations: tuple[Migration, ...], clock: Clock) -> None:
    """Bring the schema to the last of ``migrations``, all steps in one transaction: the former schema or the new one.

    Raises
    ------
    NewerSchema
        When the database is already beyond them.
    """
    known = migrations[-1].number
    with database.write() as connection:
        found = schema_of(connection)
        if found > known:
            raise NewerSchema(f"schema {found}, known {known}", found=found, known=known)
        for migration in migrations:
            if migration.number > found:
                _apply(connection, migration, clock)


def _apply(connection: Connection, migration: Migration, clock: Clock) -> None:
    for statement in migration.statements:
        connection.execute(statement)
    connection.execute(
        "INSERT INTO schema_history (number, applied) VALUES (?, ?)", (migration.number, clock().isoformat())
    )
    connection.execute(f"PRAGMA user_version = {migration.number}")


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
