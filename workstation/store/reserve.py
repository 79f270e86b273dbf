"""Room set aside on the disk for the reader's words: a file that is given up when a draft finds the disk full.

Giving it up is one removal, which works where nothing can be written any more, so that the words are on the disk at
once; studies are evicted afterwards, which needs writes of its own, and the file is made anew when there is room. On
small disks none is made: it would take what it is meant to keep free.
"""

import logging
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from workstation.durable import SYSTEM_CALLS, FileCalls, write_file
from workstation.store.errors import StoreFull

Result = TypeVar("Result")

RESERVE_BYTES = 200_000_000
_SMALL_DISK_BYTES = 20 * RESERVE_BYTES
_ROOM_BESIDE = 2
_PIECE_BYTES = 1 << 20

_log = logging.getLogger(__name__)


class Reserve:
    """The reserve of a profile; ``wanted_bytes`` is asked anew each time, ``None`` means by the size of the disk."""

    def __init__(
        self,
        path: Path,
        wanted_bytes: Callable[[], int | None] = lambda: None,
        calls: FileCalls = SYSTEM_CALLS,
    ) -> None:
        self._path = path
        self._wanted_bytes = wanted_bytes
        self._calls = calls
        self._is_spent = False

    @property
    def is_spent(self) -> bool:
        """Whether it was given up since it was last made: the reader is to be told to make room."""
        return self._is_spent

    @property
    def is_ready(self) -> bool:
        """Whether it is there."""
        return self._path.exists()

    @property
    def size_bytes(self) -> int:
        """How large it should be; 0 on a small disk."""
        wanted = self._wanted_bytes()
        if wanted is not None:
            return wanted
        return RESERVE_BYTES if shutil.disk_usage(self._path.parent).total >= _SMALL_DISK_BYTES else 0

    def spend(self, act: Callable[[], Result]) -> Result:
        """Do what must reach the disk; when the disk is full, give the reserve up and do it again.

        Raises
        ------
        StoreFull
            When there is no reserve, or it was not enough.
        """
        try:
            return act()
        except StoreFull:
            if not self._give_up():
                raise
            _log.warning("the disk is full: the reserve was given up")
            return act()

    def build(self) -> bool:
        """Make the reserve where there is room for it and as much again twice; say whether it is there."""
        size = self.size_bytes
        with suppress(OSError):
            if self._path.stat().st_size == size and size:
                self._is_spent = False
                return True
            self._path.unlink()
        if not size or shutil.disk_usage(self._path.parent).free < size * (1 + _ROOM_BESIDE):
            return False
        try:
            write_file(self._path, _incompressible(size), durable=False, calls=self._calls)
        except OSError as error:
            _log.warning("the reserve could not be made: %s", type(error).__name__)
            return False
        self._is_spent = False
        return True

    def _give_up(self) -> bool:
        try:
            self._path.unlink()
        except OSError:
            return False
        self._is_spent = True
        return True


def _incompressible(size: int) -> Iterator[bytes]:
    """Yield random bytes: a file system that compresses would give zeros no room."""
    for start in range(0, size, _PIECE_BYTES):
        yield secrets.token_bytes(min(_PIECE_BYTES, size - start))
