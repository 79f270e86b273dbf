"""A part of a multipart body that is taken to be as long as its headers say, read to its place without a search."""

import mmap
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from workstation.domain.octets import Octets

# Gives room for so many bytes, writable, or raises MemoryError.
Room = Callable[[int], memoryview]
# The longest end of a delimiter line, with the line end before it.
_AROUND_BYTES = 4
_SMALL_BYTES: Final = 1 << 20


def plain_room(size_bytes: int) -> memoryview:
    """Return room that is one part's alone; what is stated takes no memory before it comes.

    Raises
    ------
    MemoryError
        There is none.
    """
    if size_bytes <= _SMALL_BYTES:
        return memoryview(bytearray(size_bytes))
    try:
        if hasattr(mmap, "MAP_PRIVATE"):
            room = mmap.mmap(-1, size_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        else:
            room = mmap.mmap(-1, size_bytes)
    except (OSError, OverflowError) as error:
        raise MemoryError("no room for what is received") from error
    if hasattr(mmap, "MADV_HUGEPAGE"):
        # A system without large pages gives small ones.
        with suppress(OSError):
            room.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(room)


class MeasuredPart:
    """One part in the making; ``have`` counts the bytes that are there, those behind its body among them.

    Raises
    ------
    MemoryError
        There is no room for what its headers state.
    """

    def __init__(self, head: bytes, length: int, delimiter: bytes, new_room: Room) -> None:
        self.head = head
        self.length = length
        self.have = 0
        self._delimiter = delimiter
        self._size = length + len(delimiter) + _AROUND_BYTES
        self._room = new_room(self._size)

    @property
    def room(self) -> memoryview:
        """Where the bytes belong that are still to come."""
        return self._room[self.have : self._size]

    def take(self, chunk: Octets) -> int:
        """Copy as much of the chunk as is wanted, and return how much that is."""
        count = min(len(chunk), self._size - self.have)
        self._room[self.have : self.have + count] = chunk[:count]
        self.have += count
        return count

    @property
    def is_decidable(self) -> bool:
        """Whether all is there that the decision takes, so that no split of the bytes changes it."""
        return self.have == self._size

    @property
    def body(self) -> memoryview:
        """The bytes of the stated length, read-only."""
        return self._room[: self.length].toreadonly()

    @property
    def behind(self) -> bytes:
        """What is there behind the stated length."""
        return bytes(self._room[self.length : self.have])

    def is_followed_by_delimiter(self) -> bool:
        """Whether a search would end the part here; padded delimiter lines are left to the search."""
        behind = self.behind
        if behind.startswith(tuple(b"\r\n" + self._delimiter + end for end in (b"--", b"\r\n"))):
            return True
        line_feed = tuple(b"\n" + self._delimiter + end for end in (b"--", b"\r\n", b"\n"))
        return bytes(self.body[-1:]) != b"\r" and behind.startswith(line_feed)

    def before(self, rest: bytearray) -> bytes:
        """Return all of it, from its headers on, with the ``rest``: that holds what is behind where all of it came."""
        return b"".join((self.head, self._room[: self.length if rest else self.have], rest))
