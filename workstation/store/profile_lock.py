"""One window per profile: a lock that the system itself drops when its holder dies, unlike a file with a number in it.

Commands of the command line do not take it: they share the database, whose own rule is one writer at a time.
"""

import os
import sys
from pathlib import Path
from types import TracebackType

from workstation.durable import make_private_folder
from workstation.store.errors import ProfileInUse, error_of_disk


class ProfileLock:
    """Holds a profile for one window while the block runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> "ProfileLock":
        """Take the lock.

        Raises
        ------
        ProfileInUse
            When another window holds it.
        """
        try:
            make_private_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise error_of_disk(error) from error
        try:
            _lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise ProfileInUse("another process holds the profile") from error
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release the lock; the file stays."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
