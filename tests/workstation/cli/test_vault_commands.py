"""``requis vault`` from outside: what it tells, and the change of the passphrase."""

from pathlib import Path

import pytest

from tests.workstation.cli.typed import Typed
from tests.workstation.vault.keepers import MemoryKeeper
from workstation.vault.keyring_slot import KeyringSlot

NEW = "quite another phrase"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    # No key store, whatever machine the tests run on.
    monkeypatch.setattr("workstation.vault.keyring_slot.system_keyring", lambda: None)
    return Typed(tmp_path, monkeypatch, capsys)


def test_the_status_tells_slots_and_no_secret_without_opening_anything(command: Typed) -> None:
    assert "keys.json" in command.refused("vault", "status")
    command.json("outbox")
    command.passphrase_file.unlink()
    document = command.json("vault", "status")
    (slot,) = document["slots"]
    assert slot == {"type": "passphrase", "kdf": "argon2id", "memory_kib": 65536, "iterations": 3, "lanes": 4}
    assert document["keyring"] == {"allowed": True, "backend": None, "opens_now": False}
    assert "wrapped" not in str(document)


def test_the_passphrase_is_changed_and_the_former_one_opens_nothing(command: Typed) -> None:
    command.json("outbox")
    new = command.folder / "new"
    new.write_text(NEW)
    assert command.json("vault", "passphrase", "--new-file", new) == {"changed": True}
    assert "does not open" in command.refused("outbox")
    command.passphrase_file.write_text(NEW)
    new.write_text("short")
    assert "8" in command.refused("vault", "passphrase", "--new-file", new)
    assert command.json("outbox")["deliveries"] == []


def test_without_a_trusted_key_store_it_cannot_be_turned_on(command: Typed) -> None:
    assert "key store" in command.refused("vault", "keyring", "on")
    document = command.json("vault", "keyring", "off")
    assert document["keyring"] == {"allowed": False, "backend": None, "opens_now": False}


def test_the_key_store_is_turned_on_and_then_opens_without_a_passphrase(
    command: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = KeyringSlot(MemoryKeeper(), "one")
    monkeypatch.setattr("workstation.vault.keyring_slot.system_keyring", lambda: slot)
    document = command.json("vault", "keyring", "on")
    assert document["slots"][1] == {"type": "keyring", "backend": "one", "opens_now": True}
    monkeypatch.delenv("REQUIS_PASSPHRASE_FILE")
    assert command.json("outbox")["deliveries"] == []
    command.json("vault", "keyring", "off")
    assert "passphrase" in command.refused("outbox")


@pytest.mark.parametrize("minutes", ["0", "31", "never"])
def test_the_idle_lock_cannot_be_turned_off(command: Typed, minutes: str) -> None:
    assert command.run("vault", "lock-after", minutes) == 2
