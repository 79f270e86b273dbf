"""The one data key of a profile: made once, wrapped in two slots, never written in clear, never made again."""

import hmac
import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workstation.config import Profile
from workstation.domain.clock import Clock
from workstation.vault.errors import (
    KeysDamaged,
    KeysExist,
    KeysMissing,
    KeysUnwritable,
    VaultLocked,
    WrongPassphrase,
)
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.keys_file import (
    NONCE_BYTES,
    KeyringEntry,
    KeysFile,
    PassphraseEntry,
    read_keys,
    second_copy,
    write_keys,
)
from workstation.vault.passphrase import KEY_BYTES, Argon2Cost, check_strength, derive_key

_SALT_BYTES = 16


class UnlockedVault:
    """An open vault: gives one key per purpose and changes the slots. ``wipe`` closes it for good."""

    def __init__(self, path: Path, keys: KeysFile, data_key: bytes) -> None:
        self._path = path
        self._keys = keys
        self._data_key = bytearray(data_key)

    @property
    def vault_id(self) -> str:
        """The identifier of this vault, the same wherever the profile is moved."""
        return self._keys.vault_id

    @property
    def keyring_backend(self) -> str | None:
        """The key store that holds the second slot, or ``None`` when there is only the passphrase."""
        return self._keys.keyring.backend if self._keys.keyring else None

    @property
    def keyring_allowed(self) -> bool:
        """Whether the reader wants the key store to be used."""
        return self._keys.keyring_allowed

    def key_for(self, label: str) -> bytes:
        """Return the 32-byte key for one purpose, derived with HKDF-SHA256.

        Raises
        ------
        VaultLocked
            After ``wipe``.
        """
        return _expand(self._open_key(), b"requis key for " + label.encode("utf-8"))

    def is_in_keyring(self, keyring: KeyringSlot) -> bool:
        """Whether ``keyring`` opens this vault now; when it does not, ``wrap_for`` repairs that."""
        return _from_keyring(self._keys, keyring) == self._open_key()

    def wrap_for(self, keyring: KeyringSlot) -> None:
        """Give the vault a fresh slot in ``keyring``, after its key store was emptied or another one is in use."""
        keys = self._present()
        entry = _keyring_entry(keys, keyring, self._open_key())
        self._replace(replace(keys, keyring=entry, keyring_allowed=True))

    def drop_keyring(self, keyring: KeyringSlot | None) -> None:
        """Leave the passphrase as the only slot, also where the key store itself is not there any more."""
        self._replace(replace(self._present(), keyring=None, keyring_allowed=False))
        if keyring is not None:
            keyring.forget(self._keys.vault_id)

    def change_passphrase(self, passphrase: str, cost: Argon2Cost | None = None) -> None:
        """Wrap the data key with a new passphrase; the former one opens nothing any more."""
        check_strength(passphrase)
        keys = self._present()
        entry = _passphrase_entry(keys, passphrase, cost or Argon2Cost(), self._open_key())
        self._replace(replace(keys, passphrase=entry))

    def wipe(self) -> None:
        """Overwrite the data key in memory; the vault then answers nothing."""
        self._data_key[:] = bytes(len(self._data_key))
        self._data_key.clear()

    def _open_key(self) -> bytes:
        if not self._data_key:
            raise VaultLocked("the data key was dropped from memory")
        return bytes(self._data_key)

    def _present(self) -> KeysFile:
        """Return the slots as they are on the disk, where another process may have changed one meanwhile."""
        try:
            copies = _read_copies(self._path)
        except (KeysDamaged, KeysMissing):
            return self._keys
        for copy in copies:
            if copy is not None and _header(copy) == _header(self._keys):
                return copy
        return self._keys

    def _replace(self, keys: KeysFile) -> None:
        write_keys(self._path, keys)
        self._keys = keys


class Vault:
    """Makes and opens the vault whose slots lie in one file."""

    @staticmethod
    def create(keys_path: Path, passphrase: str, keyring: KeyringSlot | None, clock: Clock) -> UnlockedVault:
        """Make the data key of a new profile and wrap it for ``passphrase`` and, where there is one, ``keyring``.

        Raises
        ------
        KeysExist
            When the vault exists already.
        KeysMissing
            When the profile holds encrypted data: a new key would make them unreadable for ever.
        PassphraseTooShort
            When the passphrase protects nothing.
        """
        if Vault.exists(keys_path):
            raise KeysExist("the file of keys exists already")
        refuse_over_encrypted_data(keys_path)
        check_strength(passphrase)
        data_key = secrets.token_bytes(KEY_BYTES)
        blank = PassphraseEntry(b"", Argon2Cost(), b"")
        keys = KeysFile(secrets.token_hex(16), clock().isoformat(), _check_value(data_key), blank)
        keys = replace(keys, passphrase=_passphrase_entry(keys, passphrase, Argon2Cost(), data_key))
        if keyring is not None:
            keys = replace(keys, keyring=_keyring_entry(keys, keyring, data_key))
        write_keys(keys_path, keys)
        return UnlockedVault(keys_path, keys, data_key)

    @staticmethod
    def exists(keys_path: Path) -> bool:
        """Whether wrapped keys are there, readable or not."""
        return keys_path.exists() or second_copy(keys_path).exists()

    @staticmethod
    def open(keys_path: Path, passphrase: str | None, keyring: KeyringSlot | None) -> UnlockedVault:
        """Open with the passphrase where one is given, else with the key store.

        Raises
        ------
        VaultLocked
            When neither opens it: ask for the passphrase.
        WrongPassphrase
            When the passphrase is not the right one.
        KeysDamaged, KeysMissing
            When the wrapped keys are damaged or gone.
        """
        copies = _read_copies(keys_path)
        for keys in dict.fromkeys(copy for copy in copies if copy is not None):
            data_key = _unwrap(keys, passphrase, keyring)
            if data_key is not None:
                _restore_copies(keys_path, keys, copies)
                return UnlockedVault(keys_path, keys, data_key)
        if passphrase is not None:
            raise WrongPassphrase("the passphrase does not open the vault")
        raise VaultLocked("no key store opened the vault")


def _header(keys: KeysFile) -> tuple[str, str, str]:
    return keys.vault_id, keys.created, keys.check


def _read_copies(path: Path) -> tuple[KeysFile | None, ...]:
    if not Vault.exists(path):
        raise KeysMissing("there is no file of keys")
    copies: list[KeysFile | None] = []
    for copy in (path, second_copy(path)):
        try:
            copies.append(read_keys(copy))
        except KeysDamaged:
            copies.append(None)
    if not any(copies):
        raise KeysDamaged("no copy of the file of keys is readable")
    return tuple(copies)


def _restore_copies(path: Path, keys: KeysFile, copies: tuple[KeysFile | None, ...]) -> None:
    if all(copy == keys for copy in copies):
        return
    # The vault is open: a disk that cannot be written now must not keep the reader out of the data.
    with suppress(KeysUnwritable):
        write_keys(path, keys)


def refuse_over_encrypted_data(keys_path: Path) -> None:
    """Refuse to make keys beside encrypted data.

    Raises
    ------
    KeysMissing
        When the profile of ``keys_path`` holds any.
    """
    profile = Profile(keys_path.parent)
    held = (profile.database, profile.objects, profile.journal, profile.backups, profile.signings)
    if any(path.exists() for path in held):
        raise KeysMissing("encrypted data exist, their keys do not")


def _unwrap(keys: KeysFile, passphrase: str | None, keyring: KeyringSlot | None) -> bytes | None:
    data_key = _from_keyring(keys, keyring) if passphrase is None else _from_passphrase(keys, passphrase)
    if data_key is None or not hmac.compare_digest(_check_value(data_key), keys.check):
        return None
    return data_key


def _from_passphrase(keys: KeysFile, passphrase: str) -> bytes | None:
    entry = keys.passphrase
    return keys.unwrap(entry, derive_key(passphrase, entry.salt, entry.cost))


def _from_keyring(keys: KeysFile, keyring: KeyringSlot | None) -> bytes | None:
    if keyring is None or keys.keyring is None:
        return None
    wrapping_key = keyring.fetch(keys.vault_id)
    if wrapping_key is None or len(wrapping_key) != KEY_BYTES:
        return None
    return keys.unwrap(keys.keyring, wrapping_key)


def _passphrase_entry(keys: KeysFile, passphrase: str, cost: Argon2Cost, data_key: bytes) -> PassphraseEntry:
    entry = PassphraseEntry(secrets.token_bytes(_SALT_BYTES), cost, secrets.token_bytes(NONCE_BYTES))
    return replace(entry, wrapped=keys.wrap(entry, derive_key(passphrase, entry.salt, cost), data_key))


def _keyring_entry(keys: KeysFile, keyring: KeyringSlot, data_key: bytes) -> KeyringEntry:
    wrapping_key = secrets.token_bytes(KEY_BYTES)
    keyring.keep(keys.vault_id, wrapping_key)
    entry = KeyringEntry(keyring.backend, secrets.token_bytes(NONCE_BYTES))
    return replace(entry, wrapped=keys.wrap(entry, wrapping_key, data_key))


def _check_value(data_key: bytes) -> str:
    return _expand(data_key, b"requis check value").hex()


def _expand(data_key: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(data_key)
