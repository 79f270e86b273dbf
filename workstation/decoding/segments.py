"""Shared memory between the workstation, which creates and removes it, and a worker, which only attaches."""

import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Final

PREFIX: Final = "rq"


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

    def write(self, pieces: Iterable[bytes]) -> None:
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


@contextmanager
def attached(name: str) -> Iterator[memoryview]:
    """Give the memory of another process for a block."""
    memory = Attached(name)
    try:
        yield memory.buffer
    finally:
        memory.close()


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
