"""Colour tables: indices to RGB, eight bits for each colour. Source: PS3.3 C.7.6.3.1.5, C.7.6.3.1.6 and C.7.9."""

import base64

import numpy as np
from numpy.typing import NDArray

from workstation.decoding.errors import Malformed
from workstation.decoding.sandbox.part10 import Part10

_DESCRIPTORS = (0x00281101, 0x00281102, 0x00281103)
_TABLES = (0x00281201, 0x00281202, 0x00281203)
_SEGMENTED = (0x00281221, 0x00281222, 0x00281223)
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


class Palette:
    """The three tables of one object, eight bits for each colour; of indices that may be ``signed``."""

    def __init__(self, part10: Part10, signed: bool) -> None:
        entries, first, bits = _descriptor(part10)
        self._first = first - 0x10000 if signed and first >= 0x8000 else first
        if _table_bytes(part10, _SEGMENTED[0]):
            columns = [_segmented(part10, tag, entries, bits) for tag in _SEGMENTED]
        else:
            columns = [_table(part10, tag, entries, bits) for tag in _TABLES]
        self._table = np.stack(columns, axis=-1)

    def apply(self, indices: NDArray[np.generic]) -> NDArray[np.uint8]:
        """Return RGB, shape (..., 3); indices outside the table take its first or last colour."""
        shifted = indices.astype(np.int64) - self._first
        return self._table[np.clip(shifted, 0, len(self._table) - 1)]


def _descriptor(part10: Part10) -> tuple[int, int, int]:
    found = {tuple(part10.dataset.elements.get(f"{tag:08X}", {}).get("Value", ())) for tag in _DESCRIPTORS}
    if len(found) != 1:
        raise Malformed("colour table descriptors")
    values = found.pop()
    if len(values) != 3 or not all(isinstance(value, int) for value in values) or values[2] not in (8, 16):
        raise Malformed("colour table descriptor")
    # Sent as US or SS, but meant unsigned here; zero entries stand for 65536. Source: PS3.3 C.7.6.3.1.5.
    entries = int(values[0]) & 0xFFFF or 65536
    return entries, int(values[1]) & 0xFFFF, int(values[2])


def _table(part10: Part10, tag: int, entries: int, bits: int) -> NDArray[np.uint8]:
    raw = _table_bytes(part10, tag)
    if bits == 8 and entries <= len(raw) <= entries + 1:
        # Two eight-bit entries to each word; a big endian word has them the other way round.
        values = np.frombuffer(raw, np.uint8)
        if part10.big_endian:
            values = values[: len(raw) // 2 * 2].reshape(-1, 2)[:, ::-1].reshape(-1)
        return values[:entries].copy()
    if len(raw) < 2 * entries:
        raise Malformed("colour table length")
    words = np.frombuffer(raw, ">u2" if part10.big_endian else "<u2", entries)
    return words.astype(np.uint8) if bits == 8 else (words >> 8).astype(np.uint8)


def _segmented(part10: Part10, tag: int, entries: int, bits: int) -> NDArray[np.uint8]:
    """Expand one segmented table. Source: PS3.3 C.7.9.2."""
    wide = bits == 16
    order = ">" if part10.big_endian else "<"
    raw = _table_bytes(part10, tag)
    words = np.frombuffer(raw, f"{order}u2" if wide else "u1", len(raw) // (2 if wide else 1)).tolist()
    expanded = _Segments(words, entries, 2 if wide else 1).expand()
    if len(expanded) != entries:
        raise Malformed("segmented colour table length")
    values = np.asarray(expanded, np.int64)
    return (values >> 8 if wide else values).astype(np.uint8)


class _Segments:
    """The segments of one table: discrete values, straight lines, and repetitions of earlier segments."""

    def __init__(self, words: list[int], entries: int, word_bytes: int) -> None:
        self._words = words
        self._entries = entries
        self._word_bytes = word_bytes
        self._expanded: list[int] = []

    def expand(self) -> list[int]:
        """Return all entries, and never many more than there must be."""
        at = 0
        while at + 2 <= len(self._words) and len(self._expanded) <= self._entries:
            at = self._indirect(at) if self._words[at] == _INDIRECT else self._direct(at)
        return self._expanded

    def _direct(self, at: int) -> int:
        """Add the discrete or linear segment at ``at``; return where the next one begins."""
        code, length = self._words[at : at + 2]
        if code == _DISCRETE:
            self._expanded += self._words[at + 2 : at + 2 + length]
            return at + 2 + length
        if code != _LINEAR or at + 2 >= len(self._words) or not self._expanded:
            raise Malformed("segment of a colour table")
        start, end = self._expanded[-1], self._words[at + 2]
        self._expanded += [start + round((end - start) * step / length) for step in range(1, length + 1)]
        return at + 3

    def _indirect(self, at: int) -> int:
        """Repeat earlier segments; their place is a byte offset in two words, the lower one first."""
        if at + 4 > len(self._words):
            raise Malformed("segment of a colour table")
        count, low, high = self._words[at + 1 : at + 4]
        source = (high << (8 * self._word_bytes) | low) // self._word_bytes
        for _ in range(count):
            if source + 2 > at or len(self._expanded) > self._entries:
                raise Malformed("segment of a colour table")
            source = self._direct(source)
        return at + 4


def _table_bytes(part10: Part10, tag: int) -> bytes:
    place = part10.dataset.bulk.get(tag)
    if place is not None:
        return bytes(part10.raw(place))
    element = part10.dataset.elements.get(f"{tag:08X}", {})
    if "InlineBinary" in element:
        return base64.b64decode(element["InlineBinary"])
    values = element.get("Value", [])
    return np.asarray(values, ">u2" if part10.big_endian else "<u2").tobytes()
