"""When a repair is made, and when not: never for another key, a full disk, or while somebody else has the database."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from tests.workstation.store.damage import PAGE_BYTES, PASSPHRASE, Filled, cut, filled, overwrite_blocks, zero
from tests.workstation.store.samples import NOW, fixed_clock
from workstation.audit.events import AuditEvent
from workstation.config import Profile
from workstation.domain.report import DraftState
from workstation.store.engine import errors_in_words
from workstation.store.errors import (
    DatabaseDamaged,
    RepairWaits,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnwritable,
)
from workstation.store.profile_store import ProfileStore
from workstation.store.restoration import Source
from workstation.vault.vault import Vault

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return filled(tmp_path_factory.mktemp("original") / "profile")


@pytest.fixture
def one(original: Filled, tmp_path: Path) -> Filled:
    profile = Profile(tmp_path / "profile")
    shutil.copytree(original.profile.home, profile.home)
    return Filled(profile, original.vault, dict(original.drafts), dict(original.signed))


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_the_keys_of_another_profile_repair_nothing(one: Filled, tmp_path: Path) -> None:
    before = files(one.profile.home)
    other = Vault.create(tmp_path / "other" / "keys.json", PASSPHRASE, None, fixed_clock)
    with pytest.raises(DatabaseDamaged):
        ProfileStore.open(one.profile, other, fixed_clock)
    assert files(one.profile.home) == before


def test_a_database_of_another_profile_is_put_aside_whole(one: Filled, tmp_path: Path) -> None:
    foreign = filled(tmp_path / "foreign", backup=False).profile.database.read_bytes()
    one.profile.database.write_bytes(foreign)
    with one.open() as store:
        one.assert_whole(store)
    assert [path.read_bytes() for path in one.profile.damaged.rglob("profile.db")] == [foreign]


def test_a_database_that_cannot_be_opened_is_not_taken_for_damaged(one: Filled) -> None:
    one.profile.database.unlink()
    one.profile.database.mkdir()
    (one.profile.database / "something").write_bytes(b"there")
    with pytest.raises(StoreUnwritable):
        one.open()
    assert one.profile.database.is_dir()
    assert not one.profile.damaged.exists()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (dbapi2.SQLITE_IOERR, StoreUnwritable),
        (dbapi2.SQLITE_IOERR | 1 << 8, StoreUnwritable),
        (dbapi2.SQLITE_FULL, StoreFull),
        (dbapi2.SQLITE_CANTOPEN, StoreUnwritable),
        (dbapi2.SQLITE_READONLY, StoreUnwritable),
        (dbapi2.SQLITE_BUSY, StoreBusy),
        (dbapi2.SQLITE_CORRUPT, DatabaseDamaged),
        (dbapi2.SQLITE_NOTADB, DatabaseDamaged),
        (dbapi2.SQLITE_ERROR, StoreError),
    ],
)
def test_only_what_the_engine_calls_damage_is_damage(code: int, kind: type[StoreError]) -> None:
    error = dbapi2.OperationalError("the words do not matter: malformed, full, locked")
    error.sqlite_errorcode = code
    with pytest.raises(StoreError) as told, errors_in_words():
        raise error
    assert type(told.value) is kind


@contextmanager
def elsewhere(one: Filled, task: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process that opens the profile, says so, does ``task`` and leaves when its input ends."""
    script = (
        "import sys; from pathlib import Path\n"
        "from workstation.config import Profile; from workstation.store.profile_store import ProfileStore\n"
        "from workstation.vault.vault import Vault\n"
        "profile = Profile(Path(sys.argv[1])); vault = Vault.open(profile.keys, sys.argv[2], None)\n"
        f"{task}"
    )
    command = [sys.executable, "-c", script, str(one.profile.home), PASSPHRASE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as process:
        yield process


def test_a_database_that_another_process_has_open_is_repaired_after_it(one: Filled) -> None:
    task = "with ProfileStore.open(profile, vault): print('open', flush=True); sys.stdin.read()"
    with elsewhere(one, task) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "open"
        cut(one.profile.database)
        spoilt = one.profile.database.read_bytes()
        with pytest.raises(RepairWaits):
            one.open()
        assert one.profile.database.read_bytes() == spoilt
        assert not one.profile.damaged.exists()
        other.kill()
    with one.open() as store:
        one.assert_whole(store)


def test_of_processes_that_start_at_once_one_repairs_and_all_open(one: Filled) -> None:
    zero(one.profile.database)
    task = (
        "print('ready', flush=True); sys.stdin.readline()\n"
        "with ProfileStore.open(profile, vault) as store: print(len(store.drafts.open_drafts()), flush=True)"
    )
    with elsewhere(one, task) as first, elsewhere(one, task) as second:
        others = (first, second)
        for other in others:
            assert other.stdout is not None
            assert other.stdout.readline().strip() == "ready"
        told = [other.communicate("go\n", timeout=60)[0].strip() for other in others]
    assert told == [str(len(one.drafts))] * 2
    assert len(list(one.profile.damaged.iterdir())) == 1


def test_free_pages_are_checked_once_a_week_and_mended_without_loss(one: Filled) -> None:
    with one.open() as store:
        store.settings.set_secret("large", bytes(60_000))
        store.settings.set_secret("large", b"")
    spoilt = bytearray(one.profile.database.read_bytes())
    spoilt[-PAGE_BYTES // 2] ^= 1
    one.profile.database.write_bytes(spoilt)
    for days, source in ((6, None), (7, Source.ITSELF), (8, Source.ITSELF)):

        def clock(days: int = days) -> datetime:
            return NOW + timedelta(days=days)

        with ProfileStore.open(one.profile, one.vault, clock) as store:
            one.assert_whole(store)
            assert (store.restoration.source if store.restoration else None) == source
    assert len(list(one.profile.damaged.iterdir())) == 1


def test_audit_lines_that_can_still_be_read_are_kept_and_the_chain_holds(one: Filled) -> None:
    with one.open() as store:
        for number in range(30):
            store.audit.record(AuditEvent.OPENED, actor="x", detail=str(number))
        lines = store.audit.lines()
    path = one.profile.database
    size = path.stat().st_size
    for block in range(1, size // PAGE_BYTES):
        spoilt = bytearray(path.read_bytes())
        spoilt[block * PAGE_BYTES + 100] ^= 1
        trial = replace(one, profile=Profile(one.profile.home.with_name(f"trial-{block}")))
        shutil.copytree(one.profile.home, trial.profile.home)
        trial.profile.database.write_bytes(spoilt)
        with trial.open() as store:
            found = store.audit.lines()
            assert store.audit.verify() == ()
            restoration = store.restoration
        shutil.rmtree(trial.profile.home)
        if restoration is not None and restoration.source is Source.BACKUP and found[: len(lines)] == lines:
            assert found[len(lines)].event is AuditEvent.RESTORED
            return
    pytest.fail("no damage outside the log left all its lines readable")


def test_a_signature_that_fails_leaves_no_mark_beside_the_database(one: Filled) -> None:
    with one.open() as store:
        one.save(store, "unsigned", "words that were not signed")
        with store.database.write() as connection:
            connection.execute(
                "CREATE TRIGGER planted BEFORE INSERT ON completions BEGIN SELECT RAISE(ABORT, 'planted'); END"
            )
        with pytest.raises(StoreError):
            one.sign(store, "unsigned", 9)
    overwrite_blocks(one.profile.database)
    with one.open() as store:
        one.assert_whole(store)
        assert store.drafts.load(one.drafts["unsigned"].id).state is DraftState.OPEN


def test_a_copy_that_could_not_be_written_is_written_at_the_next_occasion(
    one: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    with one.open() as store:
        one.save(store, "signed", "words that are signed")

        def no_room(*_: object) -> int:
            raise OSError(errno.ENOSPC, "planted")

        with monkeypatch.context() as patched:
            patched.setattr(os, "write", no_room)
            one.sign(store, "signed", 9)
        assert len(list(one.profile.signings.iterdir())) == 3
        shutil.rmtree(one.profile.backups)
        assert store.back_up()
        assert len(list(one.profile.signings.iterdir())) == 4
    shutil.rmtree(one.profile.backups)
    zero(one.profile.database)
    with one.open() as store:
        one.assert_whole(store)
