"""A damaged or lost database: noticed at the start, put aside as it is, and made anew from what can still be read.

The new database is made whole beside the old one and takes its place last, so that a repair which is interrupted is
begun again or finished, and a disk that refuses changes nothing.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from workstation.config import Profile
from workstation.domain.clock import Clock
from workstation.durable import SYSTEM_CALLS, TEMPORARY_SUFFIX, FileCalls, make_private_folder, settle_file, write_file
from workstation.store.backups import Backups
from workstation.store.database import Database
from workstation.store.engine import (
    Connection,
    check_thoroughly,
    connect,
    copy_database,
    errors_in_words,
    unauthentic_pages,
)
from workstation.store.errors import DatabaseDamaged, StoreBusy, StoreError, StoreFull, StoreUnwritable, error_of_disk
from workstation.store.replay import Replay
from workstation.store.restoration import Restoration, Source

KEPT_DAMAGED = 5
_BESIDE = ("-wal", "-shm")
_PIECE_BYTES = 1 << 20

_log = logging.getLogger(__name__)
OpenReplay = Callable[[Database], Replay]


class Repair:
    """Repairs the database of one profile. Whoever calls holds the database alone."""

    def __init__(
        self,
        profile: Profile,
        key: bytes,
        clock: Clock,
        backups: Backups,
        replay: OpenReplay,
        calls: FileCalls = SYSTEM_CALLS,
    ) -> None:
        self._profile = profile
        self._path = profile.database
        self._ready = profile.database.with_name(f"{profile.database.name}.ready")
        self._making = profile.database.with_name(f"{profile.database.name}.making")
        self._key = key
        self._clock = clock
        self._backups = backups
        self._replay = replay
        self._calls = calls

    @property
    def is_lost(self) -> bool:
        """Whether the database is missing, or empty, while other files say that there was one."""
        try:
            if self._path.exists() and self._path.stat().st_size > 0:
                return False
            journal = self._profile.journal
            has_journal = journal.exists() and journal.stat().st_size > 0
        except OSError as error:
            raise error_of_disk(error) from error
        return has_journal or self._profile.signings.exists() or bool(self._backups.newest_first())

    @property
    def is_unfinished(self) -> bool:
        """Whether a repair was interrupted after its database was ready."""
        return self._ready.exists()

    def run(self) -> None:
        """Make the database anew and put the damaged one aside.

        Raises
        ------
        DatabaseDamaged
            When nothing opens with these keys: it may be the database of another profile. Nothing is changed then.
        StoreFull, StoreUnwritable, NewerSchema
            When it cannot be done now. Nothing is changed then.
        """
        try:
            if not self.is_unfinished:
                self._make()
            self._exchange()
        except OSError as error:
            raise error_of_disk(error) from error

    def _make(self) -> None:
        _remove(self._making)
        for unfinished in self._making.parent.glob(f"{self._making.name}.*{TEMPORARY_SUFFIX}"):
            _remove(unfinished)
        try:
            restoration = self._from_itself() or self._from_backup() or self._from_nothing()
            _log.warning("the database is made anew: %s", restoration.source)
            with closing(Database.open(self._making, self._key, self._clock)) as database:
                self._replay_into(database, restoration)
            settle_file(self._making, self._ready, calls=self._calls)
        except BaseException:
            _remove(self._making)
            raise

    def _replay_into(self, database: Database, restoration: Restoration) -> None:
        with ExitStack() as stack:
            damaged: Connection | None = None
            if not self.is_lost:
                with suppress(DatabaseDamaged), errors_in_words():
                    damaged = stack.enter_context(closing(connect(self._path, self._key)))
            self._replay(database).run(restoration, damaged)

    def _from_itself(self) -> Restoration | None:
        """Copy what is left, when only free pages or indices are damaged: then nothing is lost."""
        if self.is_lost:
            return None
        try:
            if not self._has_bad_pages():
                return None
            write_file(self._making, (), calls=self._calls)
            copy_database(self._path, self._key, self._making)
            check_thoroughly(self._making, self._key)
        except (StoreFull, StoreUnwritable, StoreBusy):
            raise
        except StoreError:
            _remove(self._making)
            return None
        return Restoration(self._clock(), Source.ITSELF)

    def _has_bad_pages(self) -> bool:
        # Damage without a bad page is a fault of structure, which a copy would take along.
        with errors_in_words(), closing(connect(self._path, self._key)) as connection:
            return unauthentic_pages(connection) > 0

    def _from_backup(self) -> Restoration | None:
        for backup in self._backups.newest_first():
            try:
                check_thoroughly(backup.path, self._key)
            except DatabaseDamaged:
                _log.warning("a backup is damaged and is passed over")
                continue
            write_file(self._making, _pieces(backup.path), calls=self._calls)
            return Restoration(self._clock(), Source.BACKUP, backup.at)
        return None

    def _from_nothing(self) -> Restoration:
        with closing(Database.open(self._making, self._key, self._clock)) as database:
            if not self._replay(database).has_anything():
                raise DatabaseDamaged("nothing opens with these keys")
        return Restoration(self._clock(), Source.NOTHING)

    def _exchange(self) -> None:
        """Put the damaged files aside, the log first missed last, and give the new database its name."""
        aside = self._new_folder()
        for path in (self._path, *(_beside(self._path, suffix) for suffix in _BESIDE)):
            if path.exists():
                self._calls.replace(path, aside / path.name)
        self._calls.flush_folder(aside)
        settle_file(self._ready, self._path, calls=self._calls)
        self._forget_old()

    def _new_folder(self) -> Path:
        make_private_folder(self._profile.damaged)
        number = max((int(path.name.split("-")[0]) for path in self._folders()), default=0) + 1
        folder = self._profile.damaged / f"{number:06}-{self._clock():%Y%m%dT%H%M%SZ}"
        make_private_folder(folder)
        self._calls.flush_folder(self._profile.damaged)
        return folder

    def _folders(self) -> list[Path]:
        return sorted(path for path in self._profile.damaged.iterdir() if path.name.split("-")[0].isdigit())

    def _forget_old(self) -> None:
        for folder in self._folders()[:-KEPT_DAMAGED]:
            with suppress(OSError):
                for path in folder.iterdir():
                    path.unlink()
                folder.rmdir()


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _remove(path: Path) -> None:
    for one in (path, *(_beside(path, suffix) for suffix in _BESIDE)):
        one.unlink(missing_ok=True)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece
