"""Unlocking a profile: new, known, with its key store emptied, with a passphrase file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.workstation.vault.keepers import MemoryKeeper
from workstation.config import Profile
from workstation.vault.errors import KeysMissing, PassphraseNeeded, VaultLocked
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.unlock import unlock

PASSPHRASE = "correct horse"


def clock() -> datetime:
    return datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_a_new_profile_asks_for_a_passphrase_once_and_then_opens_by_itself(tmp_path: Path) -> None:
    profile, slot = Profile(tmp_path / "profile"), KeyringSlot(MemoryKeeper(), "memory")
    with pytest.raises(PassphraseNeeded):
        unlock(profile, slot, clock)
    made = unlock(profile, slot, clock, PASSPHRASE)
    assert unlock(profile, slot, clock).key_for("x") == made.key_for("x")


def test_a_typed_passphrase_repairs_an_emptied_key_store(tmp_path: Path) -> None:
    profile, keeper = Profile(tmp_path), MemoryKeeper()
    slot = KeyringSlot(keeper, "memory")
    made = unlock(profile, slot, clock, PASSPHRASE)
    keeper.held.clear()
    with pytest.raises(VaultLocked):
        unlock(profile, slot, clock)
    unlock(profile, slot, clock, PASSPHRASE)
    assert unlock(profile, slot, clock).key_for("x") == made.key_for("x")


def test_another_key_store_takes_the_place_of_the_former_one(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    unlock(profile, KeyringSlot(MemoryKeeper(), "one"), clock, PASSPHRASE)
    other = KeyringSlot(MemoryKeeper(), "two")
    unlock(profile, other, clock, PASSPHRASE)
    assert unlock(profile, other, clock).keyring_backend == "two"


def test_a_passphrase_file_opens_without_touching_the_key_store(tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    profile, keeper = Profile(tmp_path / "profile", secret), MemoryKeeper()
    made = unlock(profile, KeyringSlot(keeper, "memory"), clock)
    assert unlock(profile, None, clock).key_for("x") == made.key_for("x")
    assert keeper.held == {}


def test_lost_keys_are_told_before_any_passphrase_is_asked_for(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    profile.database.write_bytes(b"encrypted")
    with pytest.raises(KeysMissing):
        unlock(profile, None, clock)
    with pytest.raises(KeysMissing):
        unlock(profile, None, clock, PASSPHRASE)
