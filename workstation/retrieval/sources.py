"""Files, folders and archives as candidates for import: found, capped, and read only as far as needed.

Nothing is ever written under a name from outside. Archives are inflated in memory, and counted while they inflate:
what their headers say about sizes is not believed.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workstation.decoding.errors import NotDicom
from workstation.errors import WorkstationError
from workstation.retrieval.errors import ArchiveTooLarge, BadArchive, FileTooLarge, FileUnreadable, NestedArchive

DIRECTORY_NAME = "DICOMDIR"
_PREFIX_BYTES = 132
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_STEP_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """What one import accepts. Ratios are inflated to compressed; a small entry may have any."""

    file_bytes: int = 4 << 30
    entries: int = 100_000
    inflated_bytes: int = 50 << 30
    ratio: int = 200
    free_bytes: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file or entry: its content, or why there is none."""

    path: str
    content: bytes = b""
    error: WorkstationError | None = None


def candidates(paths: Iterable[Path], limits: ImportLimits) -> Iterator[Candidate]:
    """Yield what lies under each path, in a stable order; a DICOMDIR stands for the folder that it lies in."""
    for path in paths:
        if path.is_dir():
            yield from _folder(path, limits)
        elif path.name.upper() == DIRECTORY_NAME:
            yield from _folder(path.parent, limits)
        else:
            yield from _file(path, limits)


def _folder(folder: Path, limits: ImportLimits) -> Iterator[Candidate]:
    for place, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            if name.upper() != DIRECTORY_NAME:
                yield from _file(Path(place) / name, limits)


def _file(path: Path, limits: ImportLimits) -> Iterator[Candidate]:
    try:
        found = path.stat()
        # Opening a pipe or a device may block for ever.
        if not stat.S_ISREG(found.st_mode):
            yield Candidate(str(path), error=FileUnreadable("not a regular file"))
            return
        with path.open("rb") as stream:
            start = stream.read(_PREFIX_BYTES)
            if not start.startswith(_ZIP_MAGIC):
                content = b"" if _refusal(start, found.st_size, limits) else start + stream.read()
                yield Candidate(str(path), content, _refusal(start, found.st_size, limits))
                return
    except OSError as error:
        yield Candidate(str(path), error=FileUnreadable(type(error).__name__))
        return
    yield from _archive(path, limits)


def _refusal(start: bytes, size: int, limits: ImportLimits) -> WorkstationError | None:
    if start[128:] != b"DICM":
        return NotDicom("no DICM prefix")
    return FileTooLarge("file") if size > limits.file_bytes else None


def _archive(path: Path, limits: ImportLimits) -> Iterator[Candidate]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > limits.entries:
                yield Candidate(str(path), error=ArchiveTooLarge("entries"))
                return
            meter = _Meter(min(limits.inflated_bytes, _allowed(path.stat().st_size, limits)))
            for entry in sorted(entries, key=lambda entry: entry.filename):
                if not entry.is_dir() and entry.filename.rpartition("/")[2].upper() != DIRECTORY_NAME:
                    yield _entry(archive, entry, f"{path}!{entry.filename}", meter, limits)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield Candidate(str(path), error=BadArchive(type(error).__name__))


@dataclass(slots=True)
class _Meter:
    """Bytes that may still inflate out of one archive."""

    left: int

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise ArchiveTooLarge("inflates beyond the cap")


def _allowed(compressed: int, limits: ImportLimits) -> int:
    return max(limits.free_bytes, compressed * limits.ratio)


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, meter: _Meter, limits: ImportLimits
) -> Candidate:
    try:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
            raise BadArchive("method or encryption")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BadArchive("symbolic link")
        return Candidate(path, _inflated(archive, entry, meter, limits))
    except WorkstationError as error:
        return Candidate(path, error=error)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
        return Candidate(path, error=BadArchive(type(error).__name__))


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, meter: _Meter, limits: ImportLimits) -> bytes:
    cap = min(limits.file_bytes, _allowed(entry.compress_size, limits))
    with archive.open(entry) as stream:
        content = bytearray(stream.read(_PREFIX_BYTES))
        if content.startswith(_ZIP_MAGIC):
            raise NestedArchive("archive inside an archive")
        if content[128:] != b"DICM":
            raise NotDicom("no DICM prefix")
        meter.take(len(content))
        while piece := stream.read(_STEP_BYTES):
            meter.take(len(piece))
            content += piece
            if len(content) > cap:
                raise ArchiveTooLarge("an entry inflates beyond the cap")
    return bytes(content)
