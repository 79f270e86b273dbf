"""Writing files that survive a power cut: temporary file, flush, replace, flush of the folder.

A failed flush is never tried again on the same file: the system may have thrown the pages away.
"""

import os
import secrets
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TEMPORARY_SUFFIX = ".tmp"
_REPLACE_TRIES = 10
_REPLACE_PAUSE_S = 0.05
_IS_WINDOWS = os.name == "nt"
_BINARY = getattr(os, "O_BINARY", 0)


class FileCalls:
    """The calls to the operating system that may fail, in one place, so that a test can make each of them fail."""

    def open(self, path: Path, flags: int, mode: int) -> int:
        """Open ``path`` and return its descriptor."""
        return os.open(path, flags | _BINARY, mode)

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write at least one byte and return how many were taken."""
        return os.write(descriptor, data)

    def flush(self, descriptor: int) -> None:
        """Bring the file to the disk itself; macOS needs its own call for that."""
        if sys.platform == "darwin":
            import fcntl

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """Rename over ``target``; Windows refuses for a moment while a scanner looks at the file."""
        for _ in range(_REPLACE_TRIES if _IS_WINDOWS else 0):
            try:
                source.replace(target)
            except PermissionError:
                time.sleep(_REPLACE_PAUSE_S)
            else:
                return
        source.replace(target)

    def flush_folder(self, folder: Path) -> None:
        """Bring the names in ``folder`` to the disk; Windows has no such call."""
        if _IS_WINDOWS:
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class FlushRefused(OSError):
    """The system took bytes and then could not bring them to the disk; what the file holds there is not known."""


SYSTEM_CALLS = FileCalls()


def write_file(
    path: Path, parts: Iterable[bytes | memoryview], *, durable: bool = True, calls: FileCalls = SYSTEM_CALLS
) -> None:
    """Write ``path`` whole or not at all, readable by its owner only; ``durable`` also waits for the disk.

    Raises
    ------
    OSError
        When any step fails; the former content is then still there.
    """
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}{TEMPORARY_SUFFIX}")
    try:
        _write_new(temporary, parts, durable=durable, calls=calls)
        calls.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    if durable:
        calls.flush_folder(path.parent)


def append_to_file(path: Path, data: bytes, *, is_named: bool = False, calls: FileCalls = SYSTEM_CALLS) -> None:
    """Append ``data`` to ``path``, made when missing, and wait for the disk.

    ``is_named`` spares the wait for the folder, where an earlier append by the same caller has waited for it. That the
    file exists proves nothing: whoever made it may have been killed before the folder was flushed.

    Raises
    ------
    FlushRefused
        When the bytes were taken but not brought to the disk: the file must not be appended to any more.
    OSError
        When any other step fails; some of the bytes may be there.
    """
    descriptor = calls.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        _write_all(descriptor, data, calls)
        try:
            calls.flush(descriptor)
        except OSError as error:
            raise FlushRefused(error.errno, "flush refused") from error
    finally:
        os.close(descriptor)
    if not is_named:
        calls.flush_folder(path.parent)


def settle_file(temporary: Path, target: Path, *, calls: FileCalls = SYSTEM_CALLS) -> None:
    """Bring a file that another writer has finished to the disk, then give it its name; whole or not at all.

    Raises
    ------
    OSError
        When any step fails.
    """
    descriptor = calls.open(temporary, os.O_RDWR, 0o600)
    try:
        calls.flush(descriptor)
    finally:
        os.close(descriptor)
    calls.replace(temporary, target)
    calls.flush_folder(target.parent)


def make_private_folder(folder: Path, *, calls: FileCalls = SYSTEM_CALLS) -> None:
    """Make ``folder`` and its parents, open to their owner only; those that were missing are on the disk on return."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        make_private_folder(folder.parent, calls=calls)
    folder.mkdir(exist_ok=True, mode=0o700)
    try:
        calls.flush_folder(folder.parent)
    except OSError:
        # Left there, it would be taken for safe by the next caller.
        with suppress(OSError):
            folder.rmdir()
        raise


def _write_new(path: Path, parts: Iterable[bytes | memoryview], *, durable: bool, calls: FileCalls) -> None:
    descriptor = calls.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        for part in parts:
            _write_all(descriptor, part, calls)
        if durable:
            calls.flush(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes | memoryview, calls: FileCalls) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[calls.write(descriptor, rest) :]
