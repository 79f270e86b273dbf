"""What a disk holds after a power cut, from the record of every call that changed the files of one folder.

Flushed data are there. A write that was not flushed is there, not there, or torn in sectors of 512 bytes; a name that
was not flushed with its folder is there or not. The shared memory of the database is memory: it is always lost.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from pathlib import Path, PurePosixPath

import numpy as np

SECTOR_BYTES = 512
_HEAD = struct.Struct("<IiqII")
_LOST_WITH_POWER = "-shm"


class Kind(IntEnum):
    """The calls, by the numbers of ``disk_shim.c``."""

    OPEN = 1
    CLOSE = 2
    WRITE = 3
    TRUNCATE = 4
    SYNC = 5
    RENAME = 6
    UNLINK = 7
    MKDIR = 8
    RMDIR = 9
    NOTE = 10


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded call; ``offset`` is the new length where the file is truncated."""

    kind: Kind
    descriptor: int
    offset: int
    flags: int
    data: bytes

    @property
    def paths(self) -> list[PurePosixPath]:
        """The paths that the call names."""
        return [PurePosixPath(os.fsdecode(one)) for one in self.data.rstrip(b"\0").split(b"\0")]


@dataclass(eq=False)
class Node:
    """One file, or one folder, whatever its names."""

    is_folder: bool = False
    flushed: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)

    def flush(self) -> None:
        """Bring every write to the disk."""
        for offset, data in self.waiting:
            _apply(self.flushed, offset, data)
        self.waiting.clear()


Names = dict[PurePosixPath, Node]
Renaming = list[tuple[PurePosixPath, Node | None]]


class Disk:
    """The files of one folder as the calls leave them: what is flushed, and what is not yet."""

    def __init__(self, root: Path) -> None:
        self._root = PurePosixPath(root)
        self._names: Names = {self._root: Node(is_folder=True)}
        self._flushed_names: Names = dict(self._names)
        self._waiting_names: list[tuple[PurePosixPath, Renaming]] = []
        self._open: dict[int, tuple[PurePosixPath, Node]] = {}

    def make(self, call: Call) -> None:
        """Take the next call."""
        if call.kind is Kind.OPEN:
            self._open_file(call)
        elif call.kind is Kind.CLOSE:
            self._open.pop(call.descriptor, None)
        elif call.kind is Kind.WRITE:
            self._open[call.descriptor][1].waiting.append((call.offset, call.data))
        elif call.kind is Kind.TRUNCATE:
            self._open[call.descriptor][1].waiting.append((call.offset, None))
        elif call.kind is Kind.SYNC:
            self._flush(*self._open[call.descriptor])
        elif call.kind is Kind.MKDIR:
            self._rename([(call.paths[0], Node(is_folder=True))])
        elif call.kind in (Kind.UNLINK, Kind.RMDIR):
            self._rename([(call.paths[0], None)])
        elif call.kind is Kind.RENAME:
            source, target = call.paths
            self._rename([(source, None), (target, self._names[source])])

    def image(self, chance: np.random.Generator) -> dict[PurePosixPath, bytes | None]:
        """Return one possible content of the disk after a cut now, by relative path; folders have none."""
        # Now and then nothing that waits is there, or everything; mostly some of it.
        share = (0.0, 1.0, 0.5, 0.5, 0.9)[int(chance.integers(5))]
        names = dict(self._flushed_names)
        for _, renaming in self._waiting_names:
            if chance.random() < share:
                _assign(names, renaming)
        held: dict[PurePosixPath, bytes | None] = {}
        for path, node in sorted(names.items()):
            if path != self._root and path.parent in names and not path.name.endswith(_LOST_WITH_POWER):
                held[path.relative_to(self._root)] = None if node.is_folder else _after_cut(node, share, chance)
        return held

    def now(self) -> dict[PurePosixPath, bytes | None]:
        """Return what a program sees, all writes included."""
        seen: dict[PurePosixPath, bytes | None] = {}
        for path, node in self._names.items():
            content = bytearray(node.flushed)
            for offset, data in node.waiting:
                _apply(content, offset, data)
            if path != self._root and not path.name.endswith(_LOST_WITH_POWER):
                seen[path.relative_to(self._root)] = None if node.is_folder else bytes(content)
        return seen

    def _open_file(self, call: Call) -> None:
        (path,) = call.paths
        if path not in self._names:
            self._rename([(path, Node())])
        node = self._names[path]
        if call.flags & os.O_TRUNC:
            node.waiting.append((0, None))
        self._open[call.descriptor] = (path, node)

    def _rename(self, renaming: Renaming) -> None:
        _assign(self._names, renaming)
        self._waiting_names.append((renaming[0][0].parent, renaming))

    def _flush(self, path: PurePosixPath, node: Node) -> None:
        if not node.is_folder:
            node.flush()
            return
        for folder, renaming in self._waiting_names:
            if folder == path:
                _assign(self._flushed_names, renaming)
        self._waiting_names = [one for one in self._waiting_names if one[0] != path]


def read_calls(log: Path) -> Iterator[Call]:
    """Yield every call of a record."""
    data, place = log.read_bytes(), 0
    while place < len(data):
        kind, descriptor, offset, size, flags = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        yield Call(Kind(kind), descriptor, offset, flags, data[place : place + size])
        place += size


def lay_out(image: dict[PurePosixPath, bytes | None], folder: Path) -> None:
    """Write an image into an empty folder."""
    for path, content in image.items():
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)


def _assign(names: Names, renaming: Renaming) -> None:
    for path, node in renaming:
        if node is None:
            names.pop(path, None)
        else:
            names[path] = node


def _after_cut(node: Node, share: float, chance: np.random.Generator) -> bytes:
    content = bytearray(node.flushed)
    for offset, data in node.waiting:
        if chance.random() < share:
            _apply(content, offset, data)
        elif data is not None and chance.random() < 0.5:
            _tear(content, offset, data, chance)
    return bytes(content)


def _tear(content: bytearray, offset: int, data: bytes, chance: np.random.Generator) -> None:
    """Keep some sectors of one write."""
    edges = [0, *range(SECTOR_BYTES - offset % SECTOR_BYTES, len(data), SECTOR_BYTES), len(data)]
    for start, end in pairwise(edges):
        if chance.random() < 0.5:
            _apply(content, offset + start, data[start:end])


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if data is not None:
        content[offset : offset + len(data)] = data
