"""Who has the database open: every process shares one lock while it does, and a repair needs it alone.

The system itself drops the lock of a process that dies.
"""

import os
import sys
import time
from pathlib import Path

from workstation.durable import make_private_folder
from workstation.store.errors import StoreBusy, error_of_disk

_WAIT_S = 60.0
_LOOK_EVERY_S = 0.05


class InUse:
    """One process's hold on the database of a profile: none, shared, or alone."""

    def __init__(self, path: Path) -> None:
        try:
            make_private_folder(path.parent)
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise error_of_disk(error) from error

    def share(self, wait_s: float = _WAIT_S) -> None:
        """Share the database with other processes, after a repair that another one is making.

        Raises
        ------
        StoreBusy
            When that takes too long.
        """
        end = time.monotonic() + wait_s
        while not _share(self._open()):
            if time.monotonic() > end:
                raise StoreBusy("another process repairs the database")
            time.sleep(_LOOK_EVERY_S)

    def take_alone(self) -> bool:
        """Hold the database alone, and say whether that could be had; when not, nothing is held any more."""
        _release(self._open())
        return _take(self._open())

    def close(self) -> None:
        """Let go; twice is harmless."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _open(self) -> int:
        if self._descriptor is None:
            raise StoreBusy("the profile is closed")
        return self._descriptor


if sys.platform == "win32":
    import msvcrt

    # There are no shared locks here: whoever shares locks one place, whoever is alone locks them all.
    _PLACES = 64

    def _lock(descriptor: int, place: int, count: int) -> bool:
        os.lseek(descriptor, place, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, count)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int, place: int, count: int) -> bool:
        os.lseek(descriptor, place, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, count)
        except OSError:
            return False
        return True

    def _share(descriptor: int) -> bool:
        _release(descriptor)
        return any(_lock(descriptor, place, 1) for place in range(_PLACES))

    def _take(descriptor: int) -> bool:
        return _lock(descriptor, 0, _PLACES)

    def _release(descriptor: int) -> None:
        if not _unlock(descriptor, 0, _PLACES):
            for place in range(_PLACES):
                _unlock(descriptor, place, 1)

else:
    import fcntl

    def _share(descriptor: int) -> bool:
        return _flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def _take(descriptor: int) -> bool:
        return _flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _flock(descriptor: int, how: int) -> bool:
        try:
            fcntl.flock(descriptor, how)
        except BlockingIOError:
            return False
        return True
