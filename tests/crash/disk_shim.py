"""The preloaded library that records and breaks calls to the file system: compiled here, steered from inside."""

import ctypes
import os
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("disk_shim.c")


def compiled_shim(folder: Path) -> Path:
    """Compile the library into ``folder`` and return it."""
    library = folder / "disk_shim.so"
    options = ("-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror")
    subprocess.run(["cc", *options, "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


class Disk:
    """The library as a process that was started with it steers it."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._log = -1

    def watch(self, folder: Path, log: Path | None = None) -> None:
        """Look at the files below ``folder`` from now on; with a ``log``, record every call that changes them."""
        if log is not None:
            self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._library.disk_watch(os.fsencode(folder), self._log)

    def note(self, text: str) -> None:
        """Write a remark between the calls."""
        data = text.encode()
        self._library.disk_note(data, len(data))

    def fail(self, at: int, error: int, *, for_good: bool = False) -> None:
        """Let the call number ``at``, counted from now, fail; ``for_good`` also all later ones that need room."""
        self._library.disk_fail(at, error, int(for_good))

    def heal(self) -> int:
        """Let nothing fail any more, and return how many calls were made since ``fail``."""
        made = int(self._library.disk_calls())
        self._library.disk_fail(0, 0, 0)
        return made
