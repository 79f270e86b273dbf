"""The SHA-256 of what was received: made when it is first asked for, so that nobody waits for it before an image."""

import hashlib

from workstation.domain.octets import Octets


class Digest:
    """The digest of some bytes, which are held until it is made. Safe to use from several threads."""

    __slots__ = ("_hex", "_octets")

    def __init__(self, octets: Octets) -> None:
        self._octets: Octets | None = octets
        self._hex = ""

    @classmethod
    def known(cls, hexadecimal: str) -> "Digest":
        """Return a digest that was made before."""
        digest = cls(b"")
        digest._octets, digest._hex = None, hexadecimal
        return digest

    @property
    def hexadecimal(self) -> str:
        """The digest as 64 hexadecimal digits."""
        octets = self._octets
        if octets is not None:
            self._hex = hashlib.sha256(octets).hexdigest()
            self._octets = None
        return self._hex

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digest) and self.hexadecimal == other.hexadecimal

    def __hash__(self) -> int:
        return hash(self.hexadecimal)
