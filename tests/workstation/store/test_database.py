"""The database: encrypted from its first byte, one writer, whole migrations, damage told in words."""

import threading
import time
from pathlib import Path

import pytest

from tests.workstation.store.samples import KEY, fixed_clock, open_database
from workstation.store.database import Database
from workstation.store.errors import DatabaseDamaged, NewerSchema, StoreClosed, StoreError, StoreFull
from workstation.store.migrations import MIGRATIONS, Migration
from workstation.store.settings import SettingsStore
from workstation.translations import translator


def test_the_database_is_never_plain_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    SettingsStore(database).set_value("marker", "a very visible marker")
    files = list(tmp_path.iterdir())
    assert len(files) == 3
    for path in files:
        assert b"visible" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    database.close()
    assert not (tmp_path / "profile.db").read_bytes().startswith(b"SQLite format 3")


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    with pytest.raises(DatabaseDamaged):
        open_database(tmp_path, bytes(32))


def test_the_log_and_the_disk_are_waited_for(tmp_path: Path) -> None:
    with open_database(tmp_path).write() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA temp_store").fetchone() == (2,)
        assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_a_block_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = open_database(tmp_path)

    def fail_midway() -> None:
        with database.write() as connection:
            connection.execute("INSERT INTO settings (name, value) VALUES ('a', 'b')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert SettingsStore(database).value("a") is None


def test_threads_write_and_read_at_once(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    other = open_database(tmp_path)
    failures: list[Exception] = []

    def work(store: SettingsStore, name: str) -> None:
        try:
            for number in range(25):
                store.set_value(f"{name}{number}", name)
                assert store.value(f"{name}{number}") == name
        except StoreError as failure:
            failures.append(failure)

    stores = [SettingsStore(database), SettingsStore(database), SettingsStore(other)]
    threads = [threading.Thread(target=work, args=(store, f"t{n}-")) for n, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM settings").fetchone() == (75,)


def test_what_two_processes_count_together_is_not_lost(tmp_path: Path) -> None:
    databases = [open_database(tmp_path), open_database(tmp_path)]
    SettingsStore(databases[0]).set_value("count", "0")
    failures: list[Exception] = []

    def count(database: Database) -> None:
        try:
            for _ in range(40):
                with database.write() as connection:
                    row = connection.execute("SELECT value FROM settings WHERE name = 'count'").fetchone()
                    time.sleep(0.0005)
                    connection.execute("UPDATE settings SET value = ?", (str(int(str(row[0] if row else 0)) + 1),))
        except StoreError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=count, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert SettingsStore(databases[0]).value("count") == "80"


def test_a_reader_sees_one_state_and_cannot_write(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    settings = SettingsStore(database)
    with database.read() as connection:
        before = connection.execute("SELECT count(*) FROM settings").fetchone()
        settings.set_value("a", "b")
        assert connection.execute("SELECT count(*) FROM settings").fetchone() == before
        with pytest.raises(StoreError), database.read() as second:
            second.execute("DELETE FROM settings")
    assert settings.value("a") == "b"


def test_a_write_inside_a_write_is_refused_instead_of_waiting_for_ever(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    with database.write(), pytest.raises(StoreError), database.write():
        pytest.fail("a second transaction began")


def test_a_newer_schema_is_refused_in_words(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    with database.write() as connection:
        connection.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(NewerSchema) as refusal:
        open_database(tmp_path)
    assert "99" in translator("fr").error(refusal.value)


def test_a_migration_that_fails_leaves_the_former_schema_and_data(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    SettingsStore(database).set_value("a", "b")
    database.close()
    broken = Migration(MIGRATIONS[-1].number + 1, ("CREATE TABLE more (x TEXT)", "DELETE FROM settings", "NOT SQL"))
    with pytest.raises(StoreError):
        Database.open(tmp_path / "profile.db", KEY, fixed_clock, migrations=(*MIGRATIONS, broken))
    database = open_database(tmp_path)
    assert SettingsStore(database).value("a") == "b"
    with database.read() as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'more'").fetchall() == []


def test_an_added_migration_keeps_the_data(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    SettingsStore(database).set_value("a", "b")
    database.close()
    added = Migration(MIGRATIONS[-1].number + 1, ("CREATE TABLE more (x TEXT)",))
    database = Database.open(tmp_path / "profile.db", KEY, fixed_clock, migrations=(*MIGRATIONS, added))
    assert SettingsStore(database).value("a") == "b"


@pytest.mark.parametrize("place", [20, 5000, 20000, 40000])
def test_one_flipped_bit_is_found_at_the_next_start(tmp_path: Path, place: int) -> None:
    open_database(tmp_path).close()
    path = tmp_path / "profile.db"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(DatabaseDamaged):
        open_database(tmp_path)
    assert path.read_bytes() == bytes(data)


def test_a_full_disk_is_told_and_the_former_state_stays(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    settings = SettingsStore(database)
    settings.set_value("a", "b")
    with database.write() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {int(str(pages[0])) if pages else 0}")
    with pytest.raises(StoreFull):
        settings.set_value("large", "x" * 100_000)
    assert settings.value("a") == "b"
    assert settings.value("large") is None
    settings.set_value("a", "c")
    assert settings.value("a") == "c"


def test_a_closed_database_says_so(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    database.close()
    with pytest.raises(StoreClosed), database.read():
        pytest.fail("read")
    with pytest.raises(StoreClosed), database.write():
        pytest.fail("written")
