"""Part 10 files on disk, byte for byte as received.

A file's name is a hash of the instance's UID and of its content: nothing that a client sends becomes part of a path,
and two versions of one UID never share a file. Files are staged first; only a staged file that is complete and on disk
takes its final name.
"""

import contextlib
import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StagedFile:
    """Received bytes that are on disk, without a final name yet."""

    path: Path
    sha256: str
    size_bytes: int


class PartFiles:
    """The folder of the Part 10 files. Thread safe: no two callers write the same name with different content."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / "files"
        self._incoming = folder / "incoming"
        self._files.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir(parents=True, exist_ok=True)

    def stage(self, content: bytes) -> StagedFile:
        """Write ``content`` to disk under a name of its own."""
        path = self._incoming / f"{uuid.uuid4().hex}.part"
        try:
            with path.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return StagedFile(path, hashlib.sha256(content).hexdigest(), len(content))

    def adopt(self, staged: StagedFile, instance: str) -> str:
        """Give the staged file its final name, which is returned."""
        digest = hashlib.sha256(f"{instance}\n{staged.sha256}".encode()).hexdigest()
        name = f"{digest[:2]}/{digest[2:]}.dcm"
        target = self._files / name
        target.parent.mkdir(exist_ok=True)
        staged.path.replace(target)
        _sync_folder(target.parent)
        return name

    def discard(self, staged: StagedFile) -> None:
        """Remove a staged file, if it is still there."""
        staged.path.unlink(missing_ok=True)

    def clear_incoming(self) -> None:
        """Remove what an interrupted run has left staged."""
        for path in self._incoming.glob("*.part"):
            path.unlink(missing_ok=True)

    def read(self, name: str) -> bytes:
        """Return the bytes of one file."""
        return self.path(name).read_bytes()

    def path(self, name: str) -> Path:
        """Return where the file ``name`` lies."""
        return self._files / name


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system can: Windows cannot open a folder."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
