"""Shared memory between the workstation, which creates and removes it, and a worker, which only attaches."""

import os
import secrets
import sys
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Final

from workstation.decoding.limits import MEBIBYTE

PREFIX: Final = "rq"
_LEAST_BYTES = MEBIBYTE
_KEPT_BYTES = 64 * MEBIBYTE


class Segment:
    """One shared memory owned by this process: created on construction, removed by ``close``, whatever happened."""

    def __init__(self, size_bytes: int) -> None:
        # The name says whose it is; macOS takes 30 characters at most.
        name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(6)}"
        self._memory = SharedMemory(name, create=True, size=max(1, size_bytes))

    @property
    def name(self) -> str:
        """How a worker finds it."""
        return self._memory.name

    @property
    def size_bytes(self) -> int:
        """How much fits."""
        return self._memory.size

    def write(self, pieces: Iterable[bytes | memoryview]) -> None:
        """Copy the pieces to the start, one behind the other."""
        buffer, place = _buffer(self._memory), 0
        for piece in pieces:
            buffer[place : place + len(piece)] = piece
            place += len(piece)

    def read(self, size_bytes: int) -> bytearray:
        """Return a copy of the first bytes."""
        return bytearray(_buffer(self._memory)[:size_bytes])

    def close(self) -> None:
        """Unmap and remove."""
        self._memory.close()
        self._memory.unlink()


class Attached:
    """The memory of another process, for as long as it is open, without becoming answerable for its removal."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._memory = _attach(name)

    @property
    def buffer(self) -> memoryview:
        """The bytes, writable."""
        return _buffer(self._memory)

    def close(self) -> None:
        """Unmap, or leave that to the last view of it that an error on its way up may still hold."""
        with suppress(BufferError):
            self._memory.close()


class Kept:
    """One shared memory that is used again from call to call: grown when needed, given up when it became very large.

    Used again, its pages are already there on both sides, which takes longer than all else for a small frame.
    """

    def __init__(self) -> None:
        self._segment: Segment | None = None

    @property
    def name(self) -> str:
        """How a worker finds it; empty before there is any."""
        return "" if self._segment is None else self._segment.name

    @property
    def size_bytes(self) -> int:
        """How much fits now."""
        return 0 if self._segment is None else self._segment.size_bytes

    def with_room(self, size_bytes: int) -> Segment:
        """Return a segment of at least this size.

        Raises
        ------
        OSError
            There is no room for it.
        """
        if self._segment is None or self._segment.size_bytes < size_bytes:
            rounded = max(_LEAST_BYTES, 1 << (size_bytes - 1).bit_length() if size_bytes else 1)
            fresh = Segment(rounded if rounded <= _KEPT_BYTES else size_bytes)
            self.close()
            self._segment = fresh
        return self._segment

    def drop_if_large(self) -> None:
        """Give up what is too large to lie there unused."""
        if self.size_bytes > _KEPT_BYTES:
            self.close()

    def close(self) -> None:
        """Unmap and remove what there is."""
        if self._segment is not None:
            self._segment.close()
            self._segment = None


class Followed:
    """What a worker has attached: the memory that the workstation named last."""

    def __init__(self) -> None:
        self._attached: Attached | None = None

    def at(self, name: str) -> memoryview:
        """Return the bytes of the memory of that name, writable."""
        if self._attached is None or self._attached.name != name:
            if self._attached is not None:
                self._attached.close()
            self._attached = Attached(name)
        return self._attached.buffer


def _attach(name: str) -> SharedMemory:
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    # Before 3.13 every attaching process registers the segment as its own and removes it at its exit. The worker that
    # calls this has one thread only, so that the registration can be left out for this moment.
    register = resource_tracker.register
    resource_tracker.register = _registers_nothing
    try:
        return SharedMemory(name)
    finally:
        resource_tracker.register = register


def _registers_nothing(name: object, rtype: str) -> None:
    del name, rtype


def _buffer(memory: SharedMemory) -> memoryview:
    buffer = memory.buf
    if buffer is None:
        raise ValueError("this shared memory is closed")
    return buffer
