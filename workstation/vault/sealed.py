"""A secret under a passphrase of its own: Argon2id and AES-256-GCM, with what may be read beside it authenticated."""

import json
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workstation.vault.errors import KeysDamaged, WrongPassphrase
from workstation.vault.keys_file import NONCE_BYTES
from workstation.vault.passphrase import Argon2Cost, check_strength, derive_key

_VERSION = 1
_SALT_BYTES = 16
_TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed secret; ``beside`` is public and cannot be exchanged unseen."""

    salt: bytes
    cost: Argon2Cost
    nonce: bytes
    content: bytes
    beside: bytes

    def to_bytes(self) -> bytes:
        """Return what is stored."""
        return json.dumps(
            {
                **self._header(),
                "nonce": self.nonce.hex(),
                "content": self.content.hex(),
                "beside": self.beside.hex(),
            }
        ).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Sealed":
        """Read what was stored; ``KeysDamaged`` when it is not that."""
        try:
            found = json.loads(data)
            cost = Argon2Cost(int(found["memory_kib"]), int(found["iterations"]), int(found["lanes"]))
            if found["version"] != _VERSION or not cost.is_acceptable:
                raise ValueError("version or cost")
            salt, nonce, content, beside = (
                bytes.fromhex(found[name]) for name in ("salt", "nonce", "content", "beside")
            )
            if len(content) < _TAG_BYTES or not salt:
                raise ValueError("length")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise KeysDamaged(f"sealed key unreadable: {type(error).__name__}") from error
        return cls(salt, cost, nonce, content, beside)

    def opened(self, passphrase: str) -> bytearray:
        """Return the secret, in memory that the caller can overwrite.

        Raises
        ------
        WrongPassphrase
            When the passphrase is not the right one, or something of the seal was changed.
        """
        key = derive_key(passphrase, self.salt, self.cost)
        try:
            return bytearray(AESGCM(key).decrypt(self.nonce, self.content, self._associated()))
        except (InvalidTag, ValueError) as error:
            raise WrongPassphrase("the passphrase does not open the sealed key") from error

    def _header(self) -> dict[str, str | int]:
        cost = self.cost
        return {
            "version": _VERSION,
            "kdf": "argon2id",
            "memory_kib": cost.memory_kib,
            "iterations": cost.iterations,
            "lanes": cost.lanes,
            "salt": self.salt.hex(),
        }

    def _associated(self) -> bytes:
        return json.dumps(self._header(), sort_keys=True, separators=(",", ":")).encode() + b"\0" + self.beside


def seal(secret: bytes | bytearray, passphrase: str, beside: bytes) -> Sealed:
    """Seal ``secret`` under a passphrase.

    Raises
    ------
    PassphraseTooShort
        When the passphrase protects nothing.
    """
    check_strength(passphrase)
    blank = Sealed(secrets.token_bytes(_SALT_BYTES), Argon2Cost(), secrets.token_bytes(NONCE_BYTES), b"", beside)
    key = derive_key(passphrase, blank.salt, blank.cost)
    content = AESGCM(key).encrypt(blank.nonce, secret, blank._associated())
    return Sealed(blank.salt, blank.cost, blank.nonce, content, beside)


def wipe(secret: bytearray) -> None:
    """Overwrite a secret. Copies that Python or a library made of it are out of reach."""
    secret[:] = bytes(len(secret))
    secret.clear()
