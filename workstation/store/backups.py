"""Rolling backups: whole copies of the database under the same key, one an hour, and one before each migration.

A copy has its name only once it is complete, checked and on the disk; what has a temporary name is worth nothing.
"""

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workstation.domain.clock import Clock
from workstation.durable import SYSTEM_CALLS, TEMPORARY_SUFFIX, FileCalls, make_private_folder, settle_file
from workstation.store.database import Database
from workstation.store.engine import check_thoroughly
from workstation.store.errors import ProfileInUse, StoreFull, error_of_disk
from workstation.store.profile_lock import ProfileLock

BACKUP_EVERY = timedelta(hours=1)
KEPT_HOURLY = 24
KEPT_BEFORE_MIGRATION = 3
_ROOM_FACTOR = 3
_NAME = re.compile(r"(\d{6,})-(\d{8}T\d{6}Z)(-schema\d+)?\.db")
_TIME = "%Y%m%dT%H%M%SZ"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy: its place in the sequence, when it was made, and whether a migration was about to follow."""

    number: int
    at: datetime
    before_migration: bool
    path: Path


class Backups:
    """The backups of one profile. Several processes may call; one makes a backup at a time, the others leave it."""

    def __init__(self, folder: Path, key: bytes, clock: Clock, calls: FileCalls = SYSTEM_CALLS) -> None:
        self._folder = folder
        self._key = key
        self._clock = clock
        self._calls = calls

    def newest_first(self) -> tuple[Backup, ...]:
        """Return the complete backups, by their number: the clock of the machine may have been set back."""
        try:
            found = [_named(path) for path in self._folder.iterdir()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise error_of_disk(error) from error
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.number, reverse=True))

    def is_due(self) -> bool:
        """Whether the last one is older than an hour, or lies in the future."""
        newest = self.newest_first()
        return not newest or not timedelta(0) <= self._clock() - newest[0].at < BACKUP_EVERY

    def make_when_due(self, database: Database) -> bool:
        """Make a backup when the last one is too old, and say whether one was made.

        Raises
        ------
        StoreFull, StoreUnwritable, DatabaseDamaged
            When there is none now; those made before are still there.
        """
        if not self.is_due():
            return False
        try:
            with self._alone():
                if not self.is_due():
                    return False
                self._refuse_without_room(database)
                self._make(database, "")
        except ProfileInUse:
            return False
        return True

    def make_before_migration(self, database: Database, schema: int) -> None:
        """Keep the database as it is under its present schema; another process may be doing the same.

        Raises
        ------
        StoreFull, StoreUnwritable, ProfileInUse
            When that cannot be had: then nothing may be migrated.
        """
        with self._alone():
            self._make(database, f"-schema{schema}")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        make_private_folder(self._folder)
        with ProfileLock(self._folder / "lock"):
            self._remove_unfinished()
            yield
            self._prune()

    def _make(self, database: Database, mark: str) -> None:
        newest = self.newest_first()
        number = newest[0].number + 1 if newest else 1
        target = self._folder / f"{number:06}-{self._clock().astimezone(UTC).strftime(_TIME)}{mark}.db"
        temporary = target.with_name(target.name + TEMPORARY_SUFFIX)
        try:
            # Made empty first: the engine would let others than its owner read it.
            os.close(self._calls.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            database.copy_to(temporary)
            check_thoroughly(temporary, self._key)
            settle_file(temporary, target, calls=self._calls)
        except OSError as error:
            _remove(temporary)
            raise error_of_disk(error) from error
        except BaseException:
            _remove(temporary)
            raise

    def _refuse_without_room(self, database: Database) -> None:
        if shutil.disk_usage(self._folder).free < _ROOM_FACTOR * database.size_bytes:
            raise StoreFull("a backup would take the room that drafts need")

    def _remove_unfinished(self) -> None:
        for path in self._folder.glob(f"*{TEMPORARY_SUFFIX}"):
            _remove(path)

    def _prune(self) -> None:
        backups = self.newest_first()
        hourly = [one for one in backups if not one.before_migration]
        migrations = [one for one in backups if one.before_migration]
        for one in (*hourly[KEPT_HOURLY:], *migrations[KEPT_BEFORE_MIGRATION:]):
            _remove(one.path)


def _named(path: Path) -> Backup | None:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    at = datetime.strptime(match[2], _TIME).replace(tzinfo=UTC)
    return Backup(int(match[1]), at, match[3] is not None, path)


def _remove(path: Path) -> None:
    try:
        with suppress(FileNotFoundError):
            path.unlink()
    except OSError as error:
        _log.warning("a backup could not be removed: %s", type(error).__name__)
