"""The file of wrapped keys: its fields, and how every one of them is authenticated.

The data key is wrapped once per slot with AES-256-GCM; the header and the slot's own fields are the associated data,
so that no cost, backend or identifier can be changed unseen. The same content is kept in two files, so that one
damaged sector does not take every report with it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workstation.durable import make_private_folder, write_file
from workstation.vault.errors import KeysDamaged, KeysUnwritable
from workstation.vault.passphrase import Argon2Cost

VERSION = 1
NONCE_BYTES = 12
_LIMIT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class PassphraseEntry:
    """The data key wrapped by a key that a passphrase gives."""

    salt: bytes
    cost: Argon2Cost
    nonce: bytes
    wrapped: bytes = b""

    def metadata(self) -> dict[str, str | int]:
        """Return the fields that are authenticated."""
        cost = self.cost
        return {
            "type": "passphrase",
            "kdf": "argon2id",
            "memory_kib": cost.memory_kib,
            "iterations": cost.iterations,
            "lanes": cost.lanes,
            "salt": self.salt.hex(),
        }


@dataclass(frozen=True, slots=True)
class KeyringEntry:
    """The data key wrapped by a key that the system's key store keeps; ``backend`` says which store that was."""

    backend: str
    nonce: bytes
    wrapped: bytes = b""

    def metadata(self) -> dict[str, str | int]:
        """Return the fields that are authenticated."""
        return {"type": "keyring", "backend": self.backend}


Entry = PassphraseEntry | KeyringEntry


@dataclass(frozen=True, slots=True)
class KeysFile:
    """The content of ``keys.json``; ``check`` recognises the data key without revealing it.

    ``keyring_allowed`` is the reader's wish, and the one field that is not authenticated: it opens nothing.
    """

    vault_id: str
    created: str
    check: str
    passphrase: PassphraseEntry
    keyring: KeyringEntry | None = None
    keyring_allowed: bool = True

    def wrap(self, entry: Entry, wrapping_key: bytes, data_key: bytes) -> bytes:
        """Return the data key, wrapped for ``entry``."""
        return AESGCM(wrapping_key).encrypt(entry.nonce, data_key, self._associated(entry))

    def unwrap(self, entry: Entry, wrapping_key: bytes) -> bytes | None:
        """Return the data key, or ``None`` when the key is not the right one or a field was changed."""
        try:
            return AESGCM(wrapping_key).decrypt(entry.nonce, entry.wrapped, self._associated(entry))
        except (InvalidTag, ValueError):
            return None

    def _associated(self, entry: Entry) -> bytes:
        header = {"version": VERSION, "vault": self.vault_id, "created": self.created, "check": self.check}
        return json.dumps([header, entry.metadata()], sort_keys=True, separators=(",", ":")).encode()


def second_copy(path: Path) -> Path:
    """Return where the second copy of ``path`` lies."""
    return path.with_name(f"{path.stem}.copy{path.suffix}")


def write_keys(path: Path, keys: KeysFile) -> None:
    """Write both copies, each durably and readable by its owner only.

    Raises
    ------
    KeysUnwritable
        When the disk does not take them; whatever opened the vault before still opens it.
    """
    slots = [{**entry.metadata(), "nonce": entry.nonce.hex(), "wrapped": entry.wrapped.hex()} for entry in _slots(keys)]
    document = {
        "version": VERSION,
        "vault": keys.vault_id,
        "created": keys.created,
        "check": keys.check,
        "keyring_allowed": keys.keyring_allowed,
        "slots": slots,
    }
    data = (json.dumps(document, indent=1) + "\n").encode()
    try:
        make_private_folder(path.parent)
        write_file(path, (data,))
        write_file(second_copy(path), (data,))
    except OSError as error:
        raise KeysUnwritable(f"file of keys: {type(error).__name__}") from error


def read_keys(path: Path) -> KeysFile:
    """Read one copy.

    Raises
    ------
    KeysDamaged
        When the file is missing or is not what was written.
    """
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(_LIMIT_BYTES))
        return _parse(document)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise KeysDamaged(f"file of keys unreadable: {type(error).__name__}") from error


def _slots(keys: KeysFile) -> tuple[Entry, ...]:
    return (keys.passphrase,) if keys.keyring is None else (keys.passphrase, keys.keyring)


def _parse(document: Mapping[str, object]) -> KeysFile:
    if document["version"] != VERSION:
        raise ValueError("unknown version of the file of keys")
    slots = document["slots"]
    if not isinstance(slots, list):
        raise TypeError("slots")
    by_type: dict[str, Mapping[str, object]] = {slot["type"]: slot for slot in slots}
    keyring = by_type.get("keyring")
    return KeysFile(
        vault_id=str(document["vault"]),
        created=str(document["created"]),
        check=str(document["check"]),
        passphrase=_passphrase_entry(by_type["passphrase"]),
        keyring=None if keyring is None else _keyring_entry(keyring),
        keyring_allowed=document.get("keyring_allowed", True) is not False,
    )


def _passphrase_entry(slot: Mapping[str, object]) -> PassphraseEntry:
    cost = Argon2Cost(int(str(slot["memory_kib"])), int(str(slot["iterations"])), int(str(slot["lanes"])))
    if slot["kdf"] != "argon2id" or not cost.is_acceptable:
        raise ValueError("cost of the passphrase outside its bounds")
    return PassphraseEntry(_octets(slot, "salt"), cost, _octets(slot, "nonce"), _octets(slot, "wrapped"))


def _keyring_entry(slot: Mapping[str, object]) -> KeyringEntry:
    return KeyringEntry(str(slot["backend"]), _octets(slot, "nonce"), _octets(slot, "wrapped"))


def _octets(slot: Mapping[str, object], name: str) -> bytes:
    return bytes.fromhex(str(slot[name]))
