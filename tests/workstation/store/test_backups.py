"""Backups: whole, encrypted, under the same key, one an hour; never a half-written one taken for good."""

import errno
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.workstation.store.samples import KEY, NOW, open_database
from workstation.durable import FileCalls
from workstation.store.backups import KEPT_BEFORE_MIGRATION, KEPT_HOURLY, Backups
from workstation.store.database import Database
from workstation.store.errors import DatabaseDamaged, StoreError, StoreFull, StoreUnwritable
from workstation.store.profile_lock import ProfileLock
from workstation.store.settings import SettingsStore


@dataclass
class SetClock:
    """A clock that a test sets."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


class FailingCalls(FileCalls):
    """Lets the call of one number fail."""

    def __init__(self, fail_at: int, code: int = errno.EIO) -> None:
        self.left = fail_at
        self.code = code

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(self.code, "planted")

    def open(self, path: Path, flags: int, mode: int) -> int:
        self._count()
        return super().open(path, flags, mode)

    def flush(self, descriptor: int) -> None:
        self._count()
        super().flush(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        self._count()
        super().replace(source, target)

    def flush_folder(self, folder: Path) -> None:
        self._count()
        super().flush_folder(folder)


def backups_at(folder: Path, clock: SetClock, calls: FileCalls | None = None) -> Backups:
    return Backups(folder / "backups", KEY, clock, calls or FileCalls())


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "backups").iterdir() if path.name != "lock"}


def test_a_backup_is_encrypted_private_and_opens_with_the_same_key(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    SettingsStore(database).set_value("marker", "a very visible marker")
    backups = backups_at(tmp_path, clock)
    assert backups.make_when_due(database)
    (backup,) = backups.newest_first()
    assert (backup.number, backup.at, backup.before_migration) == (1, NOW, False)
    content = backup.path.read_bytes()
    assert b"visible" not in content
    assert not content.startswith(b"SQLite format 3")
    assert len(set(content[:1024])) > 200
    assert backup.path.stat().st_mode & 0o077 == 0
    assert backup.path.parent.stat().st_mode & 0o077 == 0
    assert SettingsStore(Database.open(backup.path, KEY, clock)).value("marker") == "a very visible marker"
    with pytest.raises(DatabaseDamaged):
        Database.open(backup.path, bytes(32), clock)


def test_one_backup_an_hour_is_made_and_the_last_ones_are_kept(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    backups = backups_at(tmp_path, clock)
    for hour in range(KEPT_HOURLY + 2):
        SettingsStore(database).set_value("hour", str(hour))
        assert backups.make_when_due(database)
        clock.wait(minutes=59)
        assert not backups.make_when_due(database)
        clock.wait(minutes=1)
    found = backups.newest_first()
    assert [one.number for one in found] == list(range(KEPT_HOURLY + 2, 2, -1))
    assert SettingsStore(Database.open(found[0].path, KEY, clock)).value("hour") == str(KEPT_HOURLY + 1)


def test_a_clock_that_is_set_back_does_not_stop_backups(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    backups = backups_at(tmp_path, clock)
    backups.make_when_due(database)
    clock.wait(days=-400)
    assert backups.make_when_due(database)
    assert [one.number for one in backups.newest_first()] == [2, 1]


def test_what_precedes_a_migration_is_kept_apart_from_the_hours(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    backups = backups_at(tmp_path, clock)
    for schema in range(KEPT_BEFORE_MIGRATION + 1):
        backups.make_before_migration(database, schema + 1)
    for _ in range(KEPT_HOURLY + 1):
        backups.make_when_due(database)
        clock.wait(hours=1)
    found = backups.newest_first()
    assert [one.number for one in found if one.before_migration] == [4, 3, 2]
    assert len(found) == KEPT_HOURLY + KEPT_BEFORE_MIGRATION


def test_whichever_call_fails_no_half_backup_is_taken_for_one(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    for fail_at in range(1, 20):
        before = names(tmp_path) if fail_at > 1 else set()
        calls = FailingCalls(fail_at)
        try:
            backups_at(tmp_path, clock, calls).make_when_due(database)
        except StoreUnwritable:
            left = names(tmp_path) - before
            assert {name for name in left if not name.endswith(".db")} == set()
            for backup in backups_at(tmp_path, clock).newest_first():
                Database.open(backup.path, KEY, clock).close()
            clock.wait(hours=1)
        else:
            assert fail_at > 4
            break
    else:
        pytest.fail("no backup succeeded")


def test_a_full_disk_is_told_and_earlier_backups_stay(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    backups_at(tmp_path, clock).make_when_due(database)
    clock.wait(hours=2)
    with pytest.raises(StoreFull):
        backups_at(tmp_path, clock, FailingCalls(2, errno.ENOSPC)).make_when_due(database)
    assert [one.number for one in backups_at(tmp_path, clock).newest_first()] == [1]


def test_what_a_killed_process_left_is_swept_and_never_read(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "000009-20261122T080000Z.db.tmp").write_bytes(b"half")
    backups = backups_at(tmp_path, clock)
    assert backups.newest_first() == ()
    assert backups.make_when_due(database)
    assert names(tmp_path) == {"000001-20261122T080000Z.db"}


def test_a_damaged_database_is_not_copied_over_good_backups(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    for number in range(200):
        SettingsStore(database).set_value(f"name {number}", "x" * 900)
    database.close()
    path = tmp_path / "profile.db"
    opened = Database(path, KEY)
    spoilt = bytearray(path.read_bytes())
    for place in range(len(spoilt) // 4, len(spoilt), len(spoilt) // 16):
        spoilt[place] ^= 1
    path.write_bytes(spoilt)
    with pytest.raises(StoreError):
        backups_at(tmp_path, clock).make_when_due(opened)
    assert names(tmp_path) == set()


def test_two_processes_do_not_make_the_same_backup(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    (tmp_path / "backups").mkdir()
    with ProfileLock(tmp_path / "backups" / "lock"):
        assert not backups_at(tmp_path, clock).make_when_due(database)
    assert backups_at(tmp_path, clock).make_when_due(database)


def test_readers_and_writers_go_on_while_a_backup_is_made(tmp_path: Path) -> None:
    database, clock = open_database(tmp_path), SetClock()
    settings = SettingsStore(database)
    with database.write() as connection:
        connection.execute("INSERT INTO settings (name, value) VALUES ('half', 'written')")
        backups_at(tmp_path, clock).make_when_due(database)
    (backup,) = backups_at(tmp_path, clock).newest_first()
    assert settings.value("half") == "written"
    assert SettingsStore(Database.open(backup.path, KEY, clock)).value("half") is None
