"""The recovery passphrase: where it comes from and how a wrapping key is derived from it."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from workstation.vault.errors import PassphraseFileUnreadable, PassphraseTooShort

MINIMUM_LENGTH = 8
KEY_BYTES = 32
_LIMIT_BYTES = 4096
_FAIR_LENGTH, _FAIR_DIFFERENT = 12, 6
_GOOD_LENGTH, _GOOD_DIFFERENT = 18, 8


class Strength(StrEnum):
    """How well a passphrase resists guessing, roughly."""

    TOO_SHORT = "too_short"
    WEAK = "weak"
    FAIR = "fair"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one guess costs; never below the floor, whatever a file says."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 4

    @property
    def is_acceptable(self) -> bool:
        """Whether the cost is neither a downgrade nor an attack on the memory of this machine."""
        return 64 * 1024 <= self.memory_kib <= 1024 * 1024 and 3 <= self.iterations <= 64 and 1 <= self.lanes <= 64


def derive_key(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    """Return the 32-byte wrapping key of a passphrase (RFC 9106), the same for every way to type its accents."""
    text = unicodedata.normalize("NFKC", passphrase).encode("utf-8")
    derivation = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return derivation.derive(text)


def check_strength(passphrase: str) -> None:
    """Refuse a passphrase that is too short to protect anything.

    Raises
    ------
    PassphraseTooShort
        Below ``MINIMUM_LENGTH`` characters.
    """
    if len(passphrase) < MINIMUM_LENGTH:
        raise PassphraseTooShort("passphrase too short", minimum=MINIMUM_LENGTH)


def strength(passphrase: str) -> Strength:
    """Return a rough judgement by length, which counts most, and by how many different characters there are."""
    if len(passphrase) < MINIMUM_LENGTH:
        return Strength.TOO_SHORT
    different = len(set(passphrase.casefold()))
    if len(passphrase) < _FAIR_LENGTH or different < _FAIR_DIFFERENT:
        return Strength.WEAK
    return Strength.FAIR if len(passphrase) < _GOOD_LENGTH or different < _GOOD_DIFFERENT else Strength.GOOD


def read_passphrase_file(path: Path, most_bytes: int = _LIMIT_BYTES) -> str:
    """Return the passphrase that a file holds, without its trailing line break.

    Raises
    ------
    PassphraseFileUnreadable
        When the file is missing, empty, too large or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
        text = data.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseFileUnreadable(f"passphrase file: {type(error).__name__}") from error
    if not text or len(data) > most_bytes:
        raise PassphraseFileUnreadable("passphrase file is empty or too large")
    return text
