"""Elements that were read before: objects of one series have most of their header in common, byte for byte.

An element is known by all of its bytes (tag, VR, length, value) and by how text is decoded: what it reads as depends on
nothing else. Elements that stand one behind the other in the same way again are known as one run, compared at once,
unless one of them was seen to change.
"""

import struct
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

_HEAD_BYTES: Final = 8
_SHORT_LENGTH = struct.Struct("<H")
_LONGEST_BYTES: Final = 256
_MOST: Final = 4096


@dataclass(frozen=True, slots=True)
class Run:
    """What some elements were read as: VRs by tag, values by the tag as the JSON model writes it."""

    first: bytes
    raw: bytes
    vrs: dict[int, str]
    values: dict[str, Any]


class KnownElements:
    """Elements of explicit little endian encoding with the short form of length, of one way to decode text.

    They are shared by the data sets that have them: nobody changes them. Not thread safe.
    """

    def __init__(self) -> None:
        self._single: dict[bytes, Run] = {}
        self._runs: dict[bytes, Run] = {}
        self._tags: set[int] = set()
        self._changing: set[int] = set()

    def note(self, raw: bytes, vr: dict[int, str], value: dict[str, Any]) -> None:
        """Keep an element that was read, with all its bytes, unless it is long or there are many."""
        if len(raw) > _LONGEST_BYTES or len(self._single) >= _MOST:
            return
        self._changing |= self._tags & vr.keys()
        self._tags |= vr.keys()
        self._single[raw] = Run(raw, raw, vr, value)

    def at(self, data: memoryview, offset: int) -> Run | None:
        """Return what is known of the bytes from ``offset`` on, of which there are eight at least."""
        first = bytes(data[offset : offset + _HEAD_BYTES + _SHORT_LENGTH.unpack_from(data, offset + 6)[0]])
        run = self._runs.get(first)
        if run is not None:
            if bytes(data[offset : offset + len(run.raw)]) == run.raw:
                return run
            del self._runs[first]
        return self._single.get(first)

    def join(self, met: list[Run]) -> None:
        """Know as one what was met one behind the other and does not change."""
        for changes, group in groupby(met, lambda run: not self._changing.isdisjoint(run.vrs)):
            runs = list(group)
            if len(runs) > 1 and not changes:
                vrs = {tag: vr for run in runs for tag, vr in run.vrs.items()}
                values = {key: value for run in runs for key, value in run.values.items()}
                first = runs[0].first
                self._runs[first] = Run(first, b"".join(run.raw for run in runs), vrs, values)
