"""Walks an encoded data set and keeps its header as JSON and the place of what is too long for it.

Everything is bounded: depth, number of elements, lengths against the bytes that are there. Source: PS3.5 7.
"""

import struct
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from workstation.decoding.errors import Malformed, TooLarge, Truncated
from workstation.decoding.sandbox.dictionary import dictionary_vr
from workstation.decoding.sandbox.known_elements import KnownElements, Run
from workstation.decoding.sandbox.text import Decode, decoder
from workstation.decoding.sandbox.values import BINARY_VRS, json_element

UNDEFINED = 0xFFFFFFFF
ITEM = 0xFFFEE000
ITEM_END = 0xFFFEE00D
SEQUENCE_END = 0xFFFEE0DD
SPECIFIC_CHARACTER_SET = 0x00080005
PIXEL_REPRESENTATION = 0x00280103
TRAILING_PADDING = 0xFFFCFFFC
ENCAPSULATED_DOCUMENT = 0x00420011

_LONG_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
_SHORT_VRS = {
    code.encode(): code
    for code in (
        *("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO"),
        *("LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"),
    )
}
# What follows is read otherwise by them.
_TELLING = frozenset({SPECIFIC_CHARACTER_SET, PIXEL_REPRESENTATION})
_BULK_BYTES = 64 * 1024
_PRIVATE_BULK_BYTES = 1024
_TEXT_BYTES = 1 << 20
# Coordinates are drawn whole or not at all: ContourData, GraphicData, of SR and of presentation states.
_COORDINATES = frozenset({0x30060050, 0x00700022})
_COORDINATES_BYTES = 16 << 20
_FIRST_PIXEL_TAG = 0x60000000
_MAX_DEPTH = 64
_MAX_ELEMENTS = 1_000_000


class BeyondHead(Exception):
    """What has to be read lies behind the head of the object that was given: the whole of it is needed."""


# By the way to decode text, on which values depend.
Known: TypeAlias = defaultdict[Decode, KnownElements]


@dataclass(frozen=True, slots=True)
class Located:
    """Where a value lies in the encoded bytes; ``fragments`` instead of a length where it is encapsulated."""

    vr: str
    start: int
    length: int
    fragments: tuple[tuple[int, int], ...] | None = None


@dataclass(slots=True)
class DataSet:
    """One read data set: ``elements`` is its JSON model, ``bulk`` what was left out of it, by tag."""

    elements: dict[str, Any] = field(default_factory=dict)
    bulk: dict[int, Located] = field(default_factory=dict)
    vrs: dict[int, str] = field(default_factory=dict)


class DataSetReader:
    """Reads one data set of one encoding. ``data`` is a flat buffer, or the head of one; offsets are from its start.

    Values that are left out of the header need not be there. What is ``known`` of other objects is not read again.
    """

    def __init__(self, data: memoryview, *, explicit: bool, little: bool, known: Known | None = None) -> None:
        self._data = data
        self._known = known if explicit and little else None
        self._explicit = explicit
        self._order = "<" if little else ">"
        self._tag = struct.Struct(f"{self._order}HH")
        self._head = struct.Struct(f"{self._order}2sH")
        self._u32 = struct.Struct(f"{self._order}I")
        self._elements_read = 0
        self._signed = False

    def read(self, start: int, end: int) -> DataSet:
        """Read from ``start`` to ``end``, which is the end of the bytes of the data set.

        Raises
        ------
        Malformed, Truncated, TooLarge
            The data set cannot be read whole.
        BeyondHead
            What is there of it does not suffice.
        """
        found = DataSet()
        offset = self._read_elements(start, end, found, decoder(()), 0)
        if offset != end:
            raise Malformed("an end of item outside items")
        return found

    def _read_elements(self, offset: int, end: int, found: DataSet, decode: Decode, depth: int) -> int:
        """Read elements until ``end`` or the end of the item; return the offset behind it."""
        if depth > _MAX_DEPTH:
            raise TooLarge("sequences nested too deeply")
        while (offset := self._read_known(offset, end, found, decode)) + 8 <= end:
            self._need(offset + 12 if offset + 12 <= end else offset + 8)
            group, element = self._tag.unpack_from(self._data, offset)
            tag = group << 16 | element
            if tag == ITEM_END:
                return offset + 8
            self._elements_read += 1
            if self._elements_read > _MAX_ELEMENTS:
                raise TooLarge("too many elements")
            vr, length, offset = self._element_head(tag, offset, end)
            offset = self._read_value(tag, vr, length, offset, end, found, decode, depth)
            if tag == SPECIFIC_CHARACTER_SET:
                decode = decoder(_character_sets(found))
            elif tag == PIXEL_REPRESENTATION and depth == 0:
                self._signed = found.elements.get("00280103", {}).get("Value") == [1]
        if offset != end:
            raise Truncated("an element ends behind the data set")
        return offset

    def _read_known(self, offset: int, end: int, found: DataSet, decode: Decode) -> int:
        """Take over elements that are known, one after the other; return the offset of the first that is not."""
        if self._known is None:
            return offset
        known, met = self._known[decode], list[Run]()
        last = min(end, len(self._data)) - 8
        while offset <= last and (run := known.at(self._data, offset)) is not None:
            self._elements_read += len(run.vrs)
            stop = offset + len(run.raw)
            if stop > end or self._elements_read > _MAX_ELEMENTS or not found.vrs.keys().isdisjoint(run.vrs):
                # Whoever reads element by element says what is wrong.
                self._elements_read -= len(run.vrs)
                break
            found.vrs.update(run.vrs)
            found.elements.update(run.values)
            met.append(run)
            offset = stop
        if len(met) > 1:
            known.join(met)
        return offset

    def _need(self, stop: int) -> None:
        if stop > len(self._data):
            raise BeyondHead

    def _element_head(self, tag: int, offset: int, end: int) -> tuple[str, int, int]:
        """Return VR, length and the offset of the value."""
        if not self._explicit:
            return dictionary_vr(tag, self._signed), self._u32.unpack_from(self._data, offset + 4)[0], offset + 8
        code, short = self._head.unpack_from(self._data, offset + 4)
        vr = _SHORT_VRS.get(code)
        if vr is not None:
            return vr, short, offset + 8
        vr = code.decode("latin_1")
        if vr not in _LONG_VRS and not (vr.isascii() and vr.isalpha() and vr.isupper()):
            raise Malformed("a value representation that is none")
        if offset + 12 > end:
            raise Truncated("inside the head of an element")
        # A VR that a later edition adds has the long form and reads as unknown. Source: PS3.5 7.1.2, 6.2.
        known = vr if vr in _LONG_VRS else "UN"
        return known, self._u32.unpack_from(self._data, offset + 8)[0], offset + 12

    def _read_value(
        self, tag: int, vr: str, length: int, start: int, end: int, found: DataSet, decode: Decode, depth: int
    ) -> int:
        if length == UNDEFINED:
            return self._read_undefined(tag, vr, start, end, found, decode, depth)
        stop = start + length
        if stop > end:
            raise Truncated("a value ends behind the data set")
        if vr == "UN":
            vr = self._known_vr(tag)
            if vr != "UN" and self._explicit:
                self._reread_unknown(tag, vr, start, stop, found, decode, depth)
                return stop
        if vr == "SQ":
            found.elements[f"{tag:08X}"] = {"vr": "SQ", "Value": self._read_items(start, stop, True, decode, depth)[0]}
            return stop
        self._keep(tag, vr, start, length, found, decode)
        return stop

    def _known_vr(self, tag: int) -> str:
        return "UN" if (tag >> 16) & 1 else dictionary_vr(tag, self._signed)

    def _reread_unknown(
        self, tag: int, vr: str, start: int, stop: int, found: DataSet, decode: Decode, depth: int
    ) -> None:
        """Read a standard attribute that was passed on as UN, in implicit little endian. Source: PS3.5 6.2.2."""
        implicit = self._implicit_reader()
        implicit._read_value(tag, vr, stop - start, start, stop, found, decode, depth)
        self._elements_read = implicit._elements_read

    def _implicit_reader(self) -> "DataSetReader":
        reader = DataSetReader(self._data, explicit=False, little=True)
        reader._elements_read = self._elements_read
        reader._signed = self._signed
        return reader

    def _read_undefined(
        self, tag: int, vr: str, start: int, end: int, found: DataSet, decode: Decode, depth: int
    ) -> int:
        if vr in ("OB", "OW"):
            fragments, offset = self._read_fragments(start, end)
            found.bulk[tag] = Located(vr, start, offset - start, fragments)
            found.vrs[tag] = vr
            return offset
        if vr == "SQ":
            items, offset = self._read_items(start, end, False, decode, depth)
        elif vr == "UN":
            implicit = self._implicit_reader()
            items, offset = implicit._read_items(start, end, False, decode, depth)
            self._elements_read = implicit._elements_read
        else:
            raise Malformed("an undefined length where none is allowed")
        found.elements[f"{tag:08X}"] = {"vr": "SQ", "Value": items}
        return offset

    def _read_items(
        self, offset: int, end: int, bounded: bool, decode: Decode, depth: int
    ) -> tuple[list[dict[str, Any]], int]:
        items: list[dict[str, Any]] = []
        while offset + 8 <= end:
            tag, length, offset = self._item_head(offset)
            if tag == SEQUENCE_END:
                return items, offset
            if tag != ITEM:
                raise Malformed("a sequence holds something else than items")
            stop = end if length == UNDEFINED else offset + length
            if stop > end:
                raise Truncated("an item ends behind its sequence")
            item = DataSet()
            behind = self._read_elements(offset, stop, item, decode, depth + 1)
            if length != UNDEFINED and behind != stop:
                raise Malformed("an item ends before its length")
            offset = behind
            items.append(item.elements)
        if not bounded or offset != end:
            raise Truncated("a sequence has no end")
        return items, offset

    def _item_head(self, offset: int) -> tuple[int, int, int]:
        self._need(offset + 8)
        group, element = self._tag.unpack_from(self._data, offset)
        return group << 16 | element, self._u32.unpack_from(self._data, offset + 4)[0], offset + 8

    def _read_fragments(self, offset: int, end: int) -> tuple[tuple[tuple[int, int], ...], int]:
        """Return the places of all items, the offset table among them, and the offset behind. Source: PS3.5 A.4."""
        fragments: list[tuple[int, int]] = []
        while offset + 8 <= end:
            tag, length, offset = self._item_head(offset)
            if tag == SEQUENCE_END:
                return tuple(fragments), offset
            if tag != ITEM or length == UNDEFINED:
                raise Malformed("fragments hold something else than items")
            if offset + length > end:
                raise Truncated("a fragment ends behind the object")
            fragments.append((offset, length))
            if len(fragments) > _MAX_ELEMENTS:
                raise TooLarge("too many fragments")
            offset += length
        raise Truncated("fragments have no end")

    def _keep(self, tag: int, vr: str, start: int, length: int, found: DataSet, decode: Decode) -> None:
        if tag in found.vrs:
            raise Malformed("an attribute twice")
        found.vrs[tag] = vr
        if tag & 0xFFFF == 0 or tag == TRAILING_PADDING:
            self._note(tag, vr, start, length, {}, decode)
            return
        if _is_bulk(tag, vr, length):
            found.bulk[tag] = Located(vr, start, length)
            return
        self._need(start + length)
        raw = bytes(self._data[start : start + length])
        value = {f"{tag:08X}": json_element(vr, raw, self._order, decode)}
        found.elements.update(value)
        self._note(tag, vr, start, length, value, decode)

    def _note(self, tag: int, vr: str, start: int, length: int, value: dict[str, Any], decode: Decode) -> None:
        """Know an element from now on, if all of it is there in the short form."""
        if self._known is not None and vr not in _LONG_VRS and tag not in _TELLING:
            self._known[decode].note(bytes(self._data[start - 8 : start + length]), {tag: vr}, value)


def _is_bulk(tag: int, vr: str, length: int) -> bool:
    if tag == ENCAPSULATED_DOCUMENT:
        return True
    if tag in _COORDINATES:
        return length > _COORDINATES_BYTES
    if length <= _PRIVATE_BULK_BYTES and tag < _FIRST_PIXEL_TAG:
        return False
    group = tag >> 16
    if group == 0x7FE0 or (group & 0xFF00 == 0x6000 and tag & 0xFFFF == 0x3000):
        return True
    if vr in BINARY_VRS:
        return length > (_PRIVATE_BULK_BYTES if group & 1 else _BULK_BYTES)
    return length > (_TEXT_BYTES if vr in ("LT", "ST", "UC", "UT") else _BULK_BYTES)


def _character_sets(found: DataSet) -> tuple[str, ...]:
    values = found.elements.get("00080005", {}).get("Value", [])
    return tuple(value or "" for value in values)
