"""How much of an object a worker is given to read what it is: of an image, its pixels are no part of that.

Most headers are short. Where a short head did not suffice, longer ones are given from then on. Compressed images, and
objects with something behind their pixels, must be walked to their end: where long heads did not suffice, whole objects
are given for a while.
"""

from typing import Final

from workstation.domain.octets import Octets

SHORT_BYTES: Final = 1 << 13
HEAD_BYTES: Final = 1 << 16
# So many whole objects follow one whose head did not suffice: series come together, and are all alike.
_WHOLE_AFTER: Final = 64


class Heads:
    """Cuts heads, and learns whether they suffice. For several threads: a count that is off does no harm."""

    def __init__(self) -> None:
        self._size = SHORT_BYTES
        self._whole = 0

    def of(self, part10: Octets) -> Octets:
        """Return what a worker is given of an object first."""
        if len(part10) <= 2 * HEAD_BYTES:
            return part10
        if self._whole > 0:
            self._whole -= 1
            return part10
        return memoryview(part10)[: self._size]

    def learn(self, *, suffices: bool) -> None:
        """Note whether heads that were given sufficed."""
        if not suffices:
            self._whole = _WHOLE_AFTER if self._size == HEAD_BYTES else 0
            self._size = HEAD_BYTES
