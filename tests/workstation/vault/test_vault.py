"""The vault: two slots, no weak key store, no field that can be changed unseen, no key made twice."""

import json
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringLocked

from tests.workstation.vault.keepers import MemoryKeeper
from workstation.config import Profile
from workstation.durable import write_file
from workstation.vault.errors import (
    KeyringRefused,
    KeysDamaged,
    KeysExist,
    KeysMissing,
    PassphraseFileUnreadable,
    PassphraseTooShort,
    VaultLocked,
    WrongPassphrase,
)
from workstation.vault.keyring_slot import KeyringSlot, system_keyring, trusted_slot
from workstation.vault.keys_file import second_copy
from workstation.vault.passphrase import read_passphrase_file
from workstation.vault.vault import UnlockedVault, Vault

PASSPHRASE = "correct horse"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


class LockedKeeper(MemoryKeeper):
    """A key store whose owner does not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")


@cache
def prepared() -> tuple[bytes, dict[tuple[str, str], str]]:
    """Return one file of keys with the content of its key store: each passphrase tried costs a fifth of a second."""
    keeper = MemoryKeeper()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys.json"
        Vault.create(path, PASSPHRASE, KeyringSlot(keeper, "memory"), lambda: NOW)
        return path.read_bytes(), keeper.held


def create(folder: Path, keeper: MemoryKeeper | None = None) -> UnlockedVault:
    """Return a vault just made in ``folder``, whose second slot lies in ``keeper``."""
    content, held = prepared()
    keeper = MemoryKeeper() if keeper is None else keeper
    keeper.held.update(held)
    for copy in (folder / "keys.json", second_copy(folder / "keys.json")):
        write_file(copy, (content,))
    return Vault.open(folder / "keys.json", None, KeyringSlot(keeper, "memory"))


def test_passphrase_and_key_store_open_the_same_key(tmp_path: Path) -> None:
    keeper = MemoryKeeper()
    expected = create(tmp_path, keeper).key_for("database")
    keys = tmp_path / "keys.json"
    assert Vault.open(keys, PASSPHRASE, None).key_for("database") == expected
    assert Vault.open(keys, None, KeyringSlot(keeper, "memory")).key_for("database") == expected
    assert len(expected) == 32


def test_each_purpose_has_its_own_key(tmp_path: Path) -> None:
    vault = create(tmp_path)
    assert len({vault.key_for("database"), vault.key_for("objects"), vault.key_for("check")}) == 3
    assert vault.key_for("check").hex() not in (tmp_path / "keys.json").read_text()


def test_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    create(tmp_path)
    with pytest.raises(WrongPassphrase):
        Vault.open(tmp_path / "keys.json", PASSPHRASE + " ", None)


def test_an_emptied_key_store_asks_for_the_passphrase_and_is_filled_again(tmp_path: Path) -> None:
    keeper = MemoryKeeper()
    slot = KeyringSlot(keeper, "memory")
    expected = create(tmp_path, keeper).key_for("x")
    keeper.held.clear()
    with pytest.raises(VaultLocked):
        Vault.open(tmp_path / "keys.json", None, slot)
    vault = Vault.open(tmp_path / "keys.json", PASSPHRASE, slot)
    assert not vault.is_in_keyring(slot)
    vault.wrap_for(slot)
    assert vault.is_in_keyring(slot)
    assert Vault.open(tmp_path / "keys.json", None, slot).key_for("x") == expected


def test_a_locked_key_store_counts_as_absent(tmp_path: Path) -> None:
    create(tmp_path, MemoryKeeper())
    with pytest.raises(VaultLocked):
        Vault.open(tmp_path / "keys.json", None, KeyringSlot(LockedKeeper(), "memory"))


def test_a_changed_passphrase_replaces_the_former_one(tmp_path: Path) -> None:
    vault = create(tmp_path)
    vault.change_passphrase("another phrase")
    keys = tmp_path / "keys.json"
    assert Vault.open(keys, "another phrase", None).key_for("x") == vault.key_for("x")
    with pytest.raises(WrongPassphrase):
        Vault.open(keys, PASSPHRASE, None)


def test_a_wiped_vault_answers_nothing(tmp_path: Path) -> None:
    vault = create(tmp_path)
    vault.wipe()
    with pytest.raises(VaultLocked):
        vault.key_for("database")


def test_existing_keys_are_never_replaced(tmp_path: Path) -> None:
    create(tmp_path)
    with pytest.raises(KeysExist):
        Vault.create(tmp_path / "keys.json", PASSPHRASE, None, lambda: NOW)


@pytest.mark.parametrize("held", ["database", "objects", "journal"])
def test_no_new_key_is_made_over_encrypted_data(tmp_path: Path, held: str) -> None:
    getattr(Profile(tmp_path), held).write_bytes(b"\0")
    with pytest.raises(KeysMissing):
        Vault.create(tmp_path / "keys.json", PASSPHRASE, None, lambda: NOW)
    with pytest.raises(KeysMissing):
        Vault.open(tmp_path / "keys.json", PASSPHRASE, None)


def test_one_damaged_copy_of_the_keys_is_repaired_and_two_are_reported(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    expected = create(tmp_path).key_for("x")
    good = keys.read_bytes()
    keys.write_bytes(good[:50])
    assert Vault.open(keys, PASSPHRASE, None).key_for("x") == expected
    assert keys.read_bytes() == good
    for copy in (keys, second_copy(keys)):
        copy.write_bytes(b"{}")
    with pytest.raises(KeysDamaged):
        Vault.open(keys, PASSPHRASE, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("created", "2020"), ("vault", "00"), ("check", "00"), ("iterations", 4), ("wrapped", "00" * 48)],
)
def test_no_field_can_be_changed_unseen(tmp_path: Path, field: str, value: str | int) -> None:
    keys = tmp_path / "keys.json"
    create(tmp_path)
    document = json.loads(keys.read_text())
    (document if field in document else document["slots"][0])[field] = value
    for copy in (keys, second_copy(keys)):
        copy.write_text(json.dumps(document))
    with pytest.raises(WrongPassphrase):
        Vault.open(keys, PASSPHRASE, None)


def test_the_name_of_the_key_store_cannot_be_changed_unseen(tmp_path: Path) -> None:
    keys, keeper = tmp_path / "keys.json", MemoryKeeper()
    create(tmp_path, keeper)
    for copy in (keys, second_copy(keys)):
        copy.write_text(keys.read_text().replace('"memory"', '"other"'))
    with pytest.raises(VaultLocked):
        Vault.open(keys, None, KeyringSlot(keeper, "memory"))


@pytest.mark.parametrize(("field", "value"), [("memory_kib", 1024), ("iterations", 1), ("memory_kib", 2**31)])
def test_a_downgraded_or_absurd_cost_is_refused(tmp_path: Path, field: str, value: int) -> None:
    keys = tmp_path / "keys.json"
    create(tmp_path)
    document = json.loads(keys.read_text())
    document["slots"][0][field] = value
    for copy in (keys, second_copy(keys)):
        copy.write_text(json.dumps(document))
    with pytest.raises(KeysDamaged):
        Vault.open(keys, PASSPHRASE, None)


def test_the_file_of_keys_is_private_and_holds_no_key(tmp_path: Path) -> None:
    keeper = MemoryKeeper()
    vault = create(tmp_path, keeper)
    text = (tmp_path / "keys.json").read_text()
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    assert all(secret not in text for secret in (PASSPHRASE, *keeper.held.values(), vault.key_for("database").hex()))


class PlaintextKeyring(null.Keyring):
    """What ``keyrings.alt`` would offer."""


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, ChainerBackend, PlaintextKeyring])
def test_only_trusted_key_stores_are_used(backend: type[KeyringBackend]) -> None:
    with pytest.raises(KeyringRefused):
        trusted_slot(backend())


def test_the_environment_cannot_choose_the_key_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    slot = system_keyring()
    assert slot is None or "null" not in slot.backend
    with pytest.raises(KeyringRefused):
        system_keyring([("keyring.backends.null", "Keyring")])


def test_the_key_store_of_another_system_is_not_even_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "keyring.backends.macOS", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert system_keyring([("keyring.backends.macOS", "Keyring")]) is None
    assert "keyring.backends.macOS" not in sys.modules


class ForgetfulKeeper(MemoryKeeper):
    """A key store that keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return


def test_a_key_store_that_keeps_nothing_is_refused(tmp_path: Path) -> None:
    slot = KeyringSlot(ForgetfulKeeper(), "forgetful")
    with pytest.raises(KeyringRefused):
        Vault.create(tmp_path / "keys.json", PASSPHRASE, slot, lambda: NOW)
    assert not (tmp_path / "keys.json").exists()


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PassphraseTooShort):
        Vault.create(tmp_path / "keys.json", "short", None, lambda: NOW)


def test_accents_may_be_typed_in_two_ways(tmp_path: Path) -> None:
    vault = Vault.create(tmp_path / "keys.json", "cl\u00e9 de la cr\u00e8che", None, lambda: NOW)
    opened = Vault.open(tmp_path / "keys.json", "cle\u0301 de la cre\u0300che", None)
    assert opened.key_for("x") == vault.key_for("x")


@pytest.mark.parametrize("text", ["secret word", "secret word\n", "secret word\r\n"])
def test_the_passphrase_file_loses_only_its_line_break(tmp_path: Path, text: str) -> None:
    path = tmp_path / "passphrase"
    path.write_bytes(text.encode())
    assert read_passphrase_file(path) == "secret word"


@pytest.mark.parametrize("data", [b"", b"\n", b"\xff\xfe", b"a" * 5000])
def test_an_unusable_passphrase_file_is_reported(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "passphrase"
    path.write_bytes(data)
    with pytest.raises(PassphraseFileUnreadable):
        read_passphrase_file(path)
    with pytest.raises(PassphraseFileUnreadable):
        read_passphrase_file(tmp_path / "absent")
