"""One flipped bit anywhere in the database: never a wrong text, always a whole profile after the next start."""

import shutil
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from tests.workstation.store.damage import Filled, filled
from tests.workstation.store.samples import fixed_clock
from workstation.config import Profile
from workstation.store.database import Database
from workstation.store.drafts import DraftStore
from workstation.store.errors import StoreError
from workstation.store.journal import DraftJournal
from workstation.store.profile_store import ProfileStore

FLIPS = 200
SEED = 20261122


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """A profile with free pages as well: what was deleted leaves some."""
    one = filled(tmp_path_factory.mktemp("original") / "profile")
    with one.open() as store:
        store.settings.set_secret("large", bytes(60_000))
        store.settings.set_secret("large", b"")
    return one


def flipped(data: bytes, bit: int) -> bytes:
    spoilt = bytearray(data)
    spoilt[bit // 8] ^= 1 << bit % 8
    return bytes(spoilt)


def flips(size_bytes: int, count: int) -> list[int]:
    """Return ``count`` bits, the same ones in every run."""
    return [int(bit) for bit in numpy.random.default_rng(SEED).choice(size_bytes * 8, count, replace=False)]


def texts(one: Filled, database: Database) -> dict[str, str]:
    """What can be read of the drafts without any repair."""
    drafts = DraftStore(database, DraftJournal(one.profile.journal, one.vault.key_for("journal")))
    found = {}
    for name in one.drafts:
        with suppress(StoreError):
            found[name] = drafts.load(one.drafts[name].id).answers.sections["findings"]
    return found


def test_no_flipped_bit_shows_a_wrong_text(original: Filled, tmp_path: Path) -> None:
    path = tmp_path / "profile.db"
    data, key = original.profile.database.read_bytes(), original.vault.key_for("database")
    right = {name: draft.answers.sections["findings"] for name, draft in original.drafts.items()}
    seen: Counter[str] = Counter()
    for bit in flips(len(data), FLIPS):
        path.write_bytes(flipped(data, bit))
        try:
            Database.open(path, key, fixed_clock).close()
            seen["harmless"] += 1
        except StoreError:
            seen["noticed"] += 1
        with suppress(StoreError):
            database = Database.open(path, key, fixed_clock, check=False)
            shown = texts(original, database)
            unlike = {name for name, text in shown.items() if text != right[name]}
            assert unlike == set()
            seen["whole although unchecked"] += len(shown) == len(right)
            database.close()
    assert seen["noticed"] + seen["harmless"] == FLIPS
    # Whatever the check at the start lets pass lies where no record is.
    assert 0 < seen["harmless"] < FLIPS // 4
    assert seen["whole although unchecked"] >= seen["harmless"]


def profile_at(folder: Path, original: Filled) -> Filled:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(original.profile.home, folder)
    return replace(original, profile=Profile(folder))


def test_after_a_flipped_bit_the_profile_is_whole_again(original: Filled, tmp_path: Path) -> None:
    data = original.profile.database.read_bytes()
    told: Counter[str] = Counter()
    for bit in flips(len(data), FLIPS)[::8]:
        one = profile_at(tmp_path / "profile", original)
        one.profile.database.write_bytes(flipped(data, bit))
        with one.open() as store:
            one.assert_whole(store)
            told[store.restoration.source.value if store.restoration else "nothing"] += 1
    assert set(told) <= {"itself", "backup", "nothing"}
    assert told["backup"] > 0


def test_a_flipped_bit_in_the_log_of_a_crash_loses_no_word(tmp_path: Path) -> None:
    original = filled(tmp_path / "original")
    store = ProfileStore.open(original.profile, original.vault, fixed_clock)
    for number in range(8):
        original.save(store, f"crash {number}", f"words before the crash {number} " * 30)
    original.save(store, "late 1", "changed before the crash " * 30, minutes=5)
    crashed = tmp_path / "crashed"
    shutil.copytree(original.profile.home, crashed)
    store.close()
    frozen = replace(original, profile=Profile(crashed))
    log = (crashed / "profile.db-wal").read_bytes()
    told: Counter[str] = Counter()
    for bit in flips(len(log), 25):
        one = profile_at(tmp_path / "profile", frozen)
        (one.profile.home / "profile.db-wal").write_bytes(flipped(log, bit))
        with one.open() as opened:
            one.assert_whole(opened)
            told[opened.restoration.source.value if opened.restoration else "nothing"] += 1
    assert told["crash"] > 0
