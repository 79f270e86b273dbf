"""One connection to an encrypted database file: its settings, the first look at it, and what its errors mean."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from sqlcipher3 import dbapi2

from workstation.store.errors import DatabaseDamaged, StoreBusy, StoreError, StoreFull, StoreUnwritable

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


def connect(path: Path, key: bytes) -> Connection:
    """Open one connection to the encrypted file at ``path``; the engine looks at the file with the first statement."""
    # The engine would print its own complaints on standard error; ours come as sentences.
    return _opened(path, "cipher_log_level = NONE", f"key = \"x'{key.hex()}'\"")


def connect_unencrypted(path: Path) -> Connection:
    """Open one connection, with the same settings, to a file without encryption: the reference of a benchmark."""
    return _opened(path)


def _opened(path: Path, *unlocking: str) -> Connection:
    connection: Connection = dbapi2.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_S
    )
    for pragma in (*unlocking, *_PRAGMAS):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def schema_of(connection: Connection) -> int:
    """Return the number of the schema."""
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(str(row[0])) if row else 0


def check_quickly(connection: Connection) -> None:
    """Look at the structure of every table and index; each page that holds some of it is authenticated on the way.

    Raises
    ------
    DatabaseDamaged
        When something is wrong.
    """
    if connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
        raise DatabaseDamaged("quick_check found damage")


def copy_database(path: Path, key: bytes, target: Path) -> None:
    """Write the present state of one file as another, under the same key, to ``target``: a file that is empty.

    Neither readers nor writers wait for it. Every page that is read is authenticated on the way.

    Raises
    ------
    DatabaseDamaged, StoreFull, StoreUnwritable
        When it cannot be read or written whole; ``target`` is then worthless.
    """
    with errors_in_words(), closing(connect(path, key)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def check_thoroughly(path: Path, key: bytes) -> int:
    """Authenticate every page of a file that nobody writes, look at its structure, and return its schema.

    Raises
    ------
    DatabaseDamaged
        When anything is wrong with it, or its key is another one.
    """
    with errors_in_words(), closing(connect(path, key)) as connection:
        if unauthentic_pages(connection):
            raise DatabaseDamaged("pages are not what was written")
        check_quickly(connection)
        return schema_of(connection)


def unauthentic_pages(connection: Connection) -> int:
    """Return how many pages of the file, free ones too, are not what was written under this key."""
    return len(connection.execute("PRAGMA cipher_integrity_check").fetchall())


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Turn what the engine raises into what the reader is told: damage, a disk that refuses, or another process."""
    try:
        yield
    except dbapi2.IntegrityError as error:
        raise StoreError("a rule of the schema refused the record") from error
    except dbapi2.DatabaseError as error:
        raise _in_words(error) from error


def _in_words(error: dbapi2.DatabaseError) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0)
    kind = _KINDS.get(code & 0xFF)
    if kind is not None:
        return kind(getattr(error, "sqlite_errorname", "") or type(error).__name__)
    return StoreError(f"database refused: {error}")


# Damage is only what the engine calls so: a disk that is full, busy or refuses must never lead to a repair.
_KINDS: Mapping[int, type[StoreError]] = MappingProxyType(
    {
        dbapi2.SQLITE_CORRUPT: DatabaseDamaged,
        dbapi2.SQLITE_NOTADB: DatabaseDamaged,
        dbapi2.SQLITE_FULL: StoreFull,
        dbapi2.SQLITE_BUSY: StoreBusy,
        dbapi2.SQLITE_LOCKED: StoreBusy,
        dbapi2.SQLITE_IOERR: StoreUnwritable,
        dbapi2.SQLITE_READONLY: StoreUnwritable,
        dbapi2.SQLITE_PERM: StoreUnwritable,
        dbapi2.SQLITE_CANTOPEN: StoreUnwritable,
    }
)


_PRAGMAS = (
    "synchronous = FULL",
    "temp_store = MEMORY",
    "secure_delete = ON",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    *(("fullfsync = 1", "checkpoint_fullfsync = 1") if sys.platform == "darwin" else ()),
)
