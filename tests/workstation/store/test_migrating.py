"""A migration that is killed midway leaves the former schema or the new one, with the same data; never a half."""

import os
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from tests.workstation.store.inspected import inspected
from tests.workstation.store.migrating import ADDED, LAST
from tests.workstation.store.samples import KEY, fixed_clock, make_object, open_database
from workstation.domain.delivery import ObjectRole
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.domain.request import RequestKey
from workstation.store.backups import Backups
from workstation.store.catalogue import Catalogue
from workstation.store.database import Database
from workstation.store.delivery_rows import insert_delivery
from workstation.store.engine import connect, schema_of
from workstation.store.errors import NewerSchema, StoreError, StoreFull
from workstation.store.migrations import MIGRATIONS, Migration
from workstation.store.requests import ClaimStore

REPOSITORY = Path(__file__).parents[3]
ROWS = [(f"name {number}", f"value {number}" * 20) for number in range(300)]
FORMER, NEW = LAST, LAST + len(ADDED)


def filled(folder: Path) -> Path:
    folder.mkdir()
    database = open_database(folder)
    with database.write() as connection:
        connection.executemany("INSERT INTO settings (name, value) VALUES (?, ?)", ROWS)
    database.close()
    return folder


def held(path: Path) -> tuple[int, list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What a file holds: its schema, the settings as they were, and what the new schema made of them."""
    with closing(connect(path, KEY)) as connection:
        rows = connection.execute("SELECT name, value FROM settings ORDER BY rowid").fetchall()
        schema = schema_of(connection)
        made = []
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'labels'").fetchall():
            query = "SELECT count(*), (SELECT count(*) FROM settings WHERE note = name) FROM labels"
            made = connection.execute(query).fetchall()
        return schema, list(rows), list(made)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed process is a fork")
@pytest.mark.parametrize(
    ("where", "numbers"), [("statement", range(1, 50, 4)), ("step", range(1, 48, 6)), ("file", range(1, 6))]
)
def test_a_migration_killed_anywhere_leaves_the_former_schema_or_the_new_one(
    where: str, numbers: range, tmp_path: Path
) -> None:
    original = filled(tmp_path / "original")
    module = "tests.workstation.store.migrating"
    command = [sys.executable, "-m", module, str(original), where]
    bounds = [str(numbers.start), str(numbers[-1]), str(numbers.step)]
    told = subprocess.run([*command, *bounds], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["killed"] * len(numbers)
    schemas = []
    for number in numbers:
        folder = tmp_path / f"{where}-{number}"
        schema, rows, made = held(folder / "profile.db")
        assert rows == ROWS
        assert (schema, made) in ((FORMER, []), (NEW, [(len(ROWS) - 1, len(ROWS))]))
        schemas.append(schema)
        for backup in Backups(folder / "backups", KEY, fixed_clock).newest_first():
            assert held(backup.path) == (FORMER, ROWS, [])
        Database.open(folder / "profile.db", KEY, fixed_clock, migrations=(*MIGRATIONS, *ADDED)).close()
        assert held(folder / "profile.db") == (NEW, ROWS, [(len(ROWS) - 1, len(ROWS))])
    assert FORMER in schemas


def test_the_former_schema_is_kept_before_it_is_left(tmp_path: Path) -> None:
    folder = filled(tmp_path / "profile")
    backups = Backups(folder / "backups", KEY, fixed_clock)
    path = folder / "profile.db"
    for _ in range(2):
        Database.open(
            path,
            KEY,
            fixed_clock,
            migrations=(*MIGRATIONS, *ADDED),
            before_migration=backups.make_before_migration,
        ).close()
    (backup,) = backups.newest_first()
    assert backup.before_migration
    assert held(backup.path) == (FORMER, ROWS, [])
    assert held(path)[0] == NEW


def test_claims_of_the_schema_that_knew_them_by_request_alone_stay_those_of_their_hub(tmp_path: Path) -> None:
    former = tuple(one for one in MIGRATIONS if one.number < 8)
    database = Database.open(tmp_path / "profile.db", KEY, fixed_clock, migrations=former)
    with database.write() as connection:
        connection.execute("INSERT INTO claims VALUES ('r1', 'site-a', '2.25.1', '2026-11-22')")
    database.close()
    database = open_database(tmp_path)
    claims = ClaimStore(database, fixed_clock)
    assert claims.transaction(RequestKey(RequestId("r1"), HubName("site-a"))) == "2.25.1"
    assert claims.transaction(RequestKey(RequestId("r1"), HubName("site-b"))) is None
    database.close()


@pytest.mark.parametrize("schema", [7, 12])
def test_a_signed_report_of_a_former_schema_is_kept_frozen_with_its_hub(tmp_path: Path, schema: int) -> None:
    former = tuple(one for one in MIGRATIONS if one.number <= schema)
    database = Database.open(tmp_path / "profile.db", KEY, fixed_clock, migrations=former)
    with database.write() as connection:
        connection.execute("INSERT INTO drafts VALUES ('d', '1.2', NULL, 'signed', '2026-11-22', '{}', '')")
        connection.execute("INSERT INTO hubs VALUES ('site-a', 1, '{}'), ('site-b', 2, '{}')")
        connection.execute("INSERT INTO expectations VALUES ('1.2', '1.2.3', 5)")
        report = make_object(ObjectRole.REPORT, 1)
        insert_delivery(connection, DraftId("d"), None, HubName("site-a"), report, demonstration=False)
    database.close()
    database = open_database(tmp_path)
    for change in ("hub = 'site-b'", "hub = 'site-c'", "part10 = x'00'"):
        with pytest.raises(StoreError), database.write() as connection:
            connection.execute(f"UPDATE deliveries SET {change}")
    with database.read() as connection:
        expected = connection.execute("SELECT instances, guessed FROM expectations").fetchall()
        assert (*map(tuple, expected),) == ((5, 0),)
    database.close()


def test_an_object_of_a_former_schema_keeps_its_digest(tmp_path: Path) -> None:
    former = tuple(one for one in MIGRATIONS if one.number < 15)
    entered, digest = inspected(), "0" * 64
    uids = (entered.instance, entered.series, entered.study, entered.sop_class, entered.transfer_syntax)
    statement = "INSERT INTO instances VALUES (?, ?, ?, ?, ?, ?, 1, 1, ?, 'hub', '')"
    header = zlib.compress(entered.header.to_json().encode())
    database = Database.open(tmp_path / "profile.db", KEY, fixed_clock, migrations=former)
    with database.write() as connection:
        connection.execute("INSERT INTO studies VALUES (?, '', '', '', '', '')", (entered.study,))
        connection.execute("INSERT INTO series VALUES (?, ?, '')", (entered.series, entered.study))
        connection.execute(statement, (*uids, digest, header))
    database.close()
    database = open_database(tmp_path)
    (held,) = Catalogue(database, fixed_clock).instances(entered.study)
    assert (held.reference.instance, held.digest.text) == (entered.instance, digest)
    database.close()


def test_without_a_backup_nothing_is_migrated(tmp_path: Path) -> None:
    folder = filled(tmp_path / "profile")

    def no_room(_database: Database, _schema: int) -> None:
        raise StoreFull("planted")

    with pytest.raises(StoreFull):
        Database.open(
            folder / "profile.db", KEY, fixed_clock, migrations=(*MIGRATIONS, *ADDED), before_migration=no_room
        )
    assert held(folder / "profile.db") == (FORMER, ROWS, [])


def test_steps_are_taken_together_or_not_at_all(tmp_path: Path) -> None:
    folder = filled(tmp_path / "profile")
    broken = Migration(NEW + 1, ("NOT SQL",))
    with pytest.raises(Exception, match="refused"):
        Database.open(folder / "profile.db", KEY, fixed_clock, migrations=(*MIGRATIONS, *ADDED, broken))
    assert held(folder / "profile.db") == (FORMER, ROWS, [])


def test_a_newer_schema_is_left_byte_for_byte(tmp_path: Path) -> None:
    folder = filled(tmp_path / "profile")
    path = folder / "profile.db"
    Database.open(path, KEY, fixed_clock, migrations=(*MIGRATIONS, *ADDED)).close()
    before = path.read_bytes()
    with pytest.raises(NewerSchema):
        Database.open(path, KEY, fixed_clock)
    assert path.read_bytes() == before
