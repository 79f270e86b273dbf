"""The digest of what was received: made when it is first asked for, so that nobody waits for it before an image.

Its text names the algorithm: ``blake3:`` and 64 hexadecimal digits. Earlier versions made a SHA-256, 64 digits alone,
which what they entered keeps: the digest of what comes is made in the same way where the two are compared.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator

from blake3 import blake3

from workstation.domain.octets import Octets

_BLAKE3 = "blake3:"
_Making = Callable[[Octets], str]


class Digest:
    """The digest of some bytes, which are held until it is made. Safe to use from several threads.

    One that is compared with one made before is made by the algorithm of that one, and keeps to it: of the same bytes
    both then have the same text. Two that were made by different algorithms count as different.
    """

    __slots__ = ("_lock", "_octets", "_text")

    def __init__(self, octets: Octets) -> None:
        self._octets: Octets | None = octets
        self._text = ""
        self._lock = threading.Lock()

    @classmethod
    def known(cls, text: str) -> "Digest":
        """Return a digest that was made before."""
        digest = cls(b"")
        digest._octets, digest._text = None, text
        return digest

    @property
    def text(self) -> str:
        """The digest as a text that names its algorithm."""
        return self._made(_blake3)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Digest):
            return False
        first, second = (self, other) if self._octets is None else (other, self)
        return second._made(_making(first.text)) == first.text

    def _made(self, making: _Making) -> str:
        with self._lock:
            if self._octets is not None:
                self._text = making(self._octets)
                self._octets = None
            return self._text


def texts_of(octets: Octets) -> Iterator[str]:
    """Yield the texts that the digest of some bytes may have: the present one, then that of earlier versions."""
    yield _blake3(octets)
    yield _sha256(octets)


def _blake3(octets: Octets) -> str:
    return _BLAKE3 + blake3(octets).hexdigest()


def _sha256(octets: Octets) -> str:
    return hashlib.sha256(octets).hexdigest()


def _making(text: str) -> _Making:
    """Return how a digest with such a text is made."""
    return _blake3 if text.startswith(_BLAKE3) else _sha256
