"""Memory for what a hub sends: taken from the system in large blocks, and read to directly.

A block for each object alone is new memory page by page, which takes longer than all else that is done with its bytes.
Blocks go back to the system when nobody looks at anything in them any more.
"""

from typing import Final

from workstation.dicom.measured_part import plain_room

BLOCK_BYTES: Final = 32 << 20
# Larger ones have a block of their own, of their size.
_LARGE_BYTES: Final = BLOCK_BYTES // 4
_ALIGNED_BYTES: Final = 64
# So many have room of their own: a series of few images, of which a study may have hundreds, holds no block then.
_FEW: Final = 4
_SMALL_BYTES: Final = 1 << 20


class Rooms:
    """Gives room for one object after the other. Not thread safe: one for each transfer."""

    def __init__(self) -> None:
        self._block = memoryview(b"")
        self._used = 0
        self._given = 0

    def __call__(self, size_bytes: int) -> memoryview:
        """Return writable memory of that size.

        Raises
        ------
        MemoryError
            There is none.
        """
        self._given += 1
        is_one_of_few = self._given <= _FEW and size_bytes <= _SMALL_BYTES
        if is_one_of_few or size_bytes > _LARGE_BYTES:
            return plain_room(size_bytes)
        if self._used + size_bytes > len(self._block):
            self._block, self._used = plain_room(BLOCK_BYTES), 0
        room = self._block[self._used : self._used + size_bytes]
        self._used += -(-size_bytes // _ALIGNED_BYTES) * _ALIGNED_BYTES
        return room
