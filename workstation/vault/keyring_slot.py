"""The key store of the operating system: which ones are trusted, and how a wrapping key is kept there.

The package ``keyring`` would let an environment variable or a settings file choose a store that keeps secrets in
plain text, so its own choice is never asked: trusted stores are named here and tried one by one.
"""

import base64
import logging
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from workstation.vault.errors import KeyringRefused

_log = logging.getLogger(__name__)
SERVICE = "requis"
_TRUSTED = (
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
)
# Loaded elsewhere, the one of macOS has compilers and linkers look for its libraries.
_ONLY_ON = {"keyring.backends.Windows": "win32", "keyring.backends.macOS": "darwin"}


class SecretKeeper(Protocol):
    """The part of a key store that is used."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret; ``None`` means missing *or* denied."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret."""


@dataclass(frozen=True, slots=True)
class KeyringSlot:
    """A trusted key store and the name under which it is recorded in the file of keys."""

    keeper: SecretKeeper
    backend: str

    def fetch(self, account: str) -> bytes | None:
        """Return the wrapping key of ``account``, or ``None`` when it is missing, denied or unreadable."""
        try:
            text = self.keeper.get_password(SERVICE, account)
            return None if text is None else base64.b64decode(text, validate=True)
        except Exception as error:
            # Key stores have errors of their own besides those of ``keyring``; the passphrase opens all the same.
            _log.warning("%s gave no key: %s", self.backend, type(error).__name__)
            return None

    def keep(self, account: str, key: bytes) -> None:
        """Keep the wrapping key and read it back.

        Raises
        ------
        KeyringRefused
            When the store does not give back what it was given.
        """
        try:
            self.keeper.set_password(SERVICE, account, base64.b64encode(key).decode("ascii"))
        except Exception as error:
            raise KeyringRefused(f"{self.backend} refused the key: {type(error).__name__}") from error
        if self.fetch(account) != key:
            raise KeyringRefused(f"{self.backend} does not give back the key")

    def forget(self, account: str) -> None:
        """Remove the wrapping key; one that is not there is no error."""
        try:
            self.keeper.delete_password(SERVICE, account)
        except PasswordDeleteError:
            return
        except Exception as error:
            raise KeyringRefused(f"{self.backend} refused to forget the key: {type(error).__name__}") from error


def trusted_slot(backend: KeyringBackend) -> KeyringSlot:
    """Return the slot for ``backend`` when its exact class is a trusted one.

    Raises
    ------
    KeyringRefused
        For any other class: stores in plain text, chains of unknown stores, stores that keep nothing.
    """
    name = (type(backend).__module__, type(backend).__qualname__)
    if name not in _TRUSTED:
        raise KeyringRefused(f"key store {'.'.join(name)} is not trusted")
    return KeyringSlot(backend, ".".join(name))


def system_keyring(candidates: Iterable[tuple[str, str]] = _TRUSTED) -> KeyringSlot | None:
    """Return the first trusted key store that works on this machine, else ``None``: a passphrase is then needed."""
    for module, name in candidates:
        if (module, name) not in _TRUSTED:
            raise KeyringRefused(f"key store {module}.{name} is not trusted")
        if _ONLY_ON.get(module, sys.platform) != sys.platform:
            continue
        backend = cast("type[KeyringBackend]", getattr(import_module(module), name))
        if backend.viable:
            return trusted_slot(backend())
    return None
