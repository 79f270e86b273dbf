"""A strict walker over the bytes of a data set, Explicit or Implicit VR Little Endian.

It refuses all that a signature would not notice: reserved bytes that are not zero, lengths that do not fit exactly,
tags out of order, unknown value representations. It is pure Python with hard limits and never decodes a value, so it
may see hostile bytes. Source: PS3.5 section 7.
"""

from pydicom.datadict import dictionary_VR

from workstation.signing.elements import (
    ITEM,
    ITEM_DELIMITATION,
    KNOWN_VRS,
    LONG_VRS,
    SEQUENCE_DELIMITATION,
    UNDEFINED_LENGTH,
    Element,
    Elements,
    is_private,
)
from workstation.signing.errors import EncodingNotSupported, ObjectUnreadable

MAXIMUM_DEPTH = 64
MAXIMUM_ELEMENTS = 500_000
_DELIMITERS_GROUP = 0xFFFE
_MAXIMUM_SHORT_LENGTH = 0xFFFF
_PRIVATE_CREATORS = range(0x0010, 0x0100)


def walk(data: bytes, *, implicit: bool = False) -> Elements:
    """Return the elements of the whole data set ``data``.

    Raises ``ObjectUnreadable`` for anything but an exact data set, ``EncodingNotSupported`` for encapsulated values
    and for implicit elements whose representation is not known.
    """
    walker = _Walker(data, implicit)
    elements, _ = walker.elements(0, len(data), 0, delimited=False)
    return elements


class _Walker:
    def __init__(self, data: bytes, implicit: bool) -> None:
        self._data = data
        self._implicit = implicit
        self._count = 0

    def elements(self, position: int, end: int, depth: int, *, delimited: bool) -> tuple[Elements, int]:
        found: list[Element] = []
        previous = -1
        while position < end:
            tag = self._tag(position, end)
            if delimited and tag == ITEM_DELIMITATION:
                self._require_zero(position + 4, end)
                return tuple(found), position + 8
            if tag <= previous or tag >> 16 == _DELIMITERS_GROUP:
                raise ObjectUnreadable("elements out of order")
            previous = tag
            element, position = self._element(tag, position, end, depth)
            found.append(element)
        if delimited:
            raise ObjectUnreadable("an item does not end")
        return tuple(found), position

    def _element(self, tag: int, position: int, end: int, depth: int) -> tuple[Element, int]:
        self._count += 1
        if self._count > MAXIMUM_ELEMENTS:
            raise ObjectUnreadable("too many elements")
        vr, length, start = self._header(tag, position, end)
        if vr == "SQ":
            items, after = self._items(start, length, end, depth + 1)
            return Element(tag, vr, items=items), after
        if length == UNDEFINED_LENGTH:
            raise EncodingNotSupported("a value of undefined length that is not a sequence")
        if length % 2 or start + length > end:
            raise ObjectUnreadable("a value of odd length or beyond the end")
        return Element(tag, vr, self._data[start : start + length]), start + length

    def _header(self, tag: int, position: int, end: int) -> tuple[str, int, int]:
        if self._implicit:
            length = self._uint32(position + 4, end)
            return _implicit_vr(tag, length), length, position + 8
        vr = self._bytes(position + 4, 2, end).decode("latin-1")
        if vr not in KNOWN_VRS:
            raise ObjectUnreadable("an unknown value representation")
        if vr not in LONG_VRS:
            return vr, int.from_bytes(self._bytes(position + 6, 2, end), "little"), position + 8
        if self._bytes(position + 6, 2, end) != b"\0\0":
            raise ObjectUnreadable("reserved bytes that are not zero")
        return vr, self._uint32(position + 8, end), position + 12

    def _items(self, position: int, length: int, end: int, depth: int) -> tuple[tuple[Elements, ...], int]:
        if depth > MAXIMUM_DEPTH:
            raise ObjectUnreadable("sequences too deep")
        delimited = length == UNDEFINED_LENGTH
        limit = end if delimited else position + length
        if limit > end:
            raise ObjectUnreadable("a sequence beyond the end")
        items: list[Elements] = []
        while position < limit:
            tag = self._tag(position, limit)
            if delimited and tag == SEQUENCE_DELIMITATION:
                self._require_zero(position + 4, limit)
                return tuple(items), position + 8
            if tag != ITEM:
                raise ObjectUnreadable("something else than an item in a sequence")
            item, position = self._item(position, limit, depth)
            items.append(item)
        if delimited:
            raise ObjectUnreadable("a sequence does not end")
        return tuple(items), position

    def _item(self, position: int, limit: int, depth: int) -> tuple[Elements, int]:
        self._count += 1
        length = self._uint32(position + 4, limit)
        start = position + 8
        if length == UNDEFINED_LENGTH:
            return self.elements(start, limit, depth, delimited=True)
        if start + length > limit:
            raise ObjectUnreadable("an item beyond the end")
        return self.elements(start, start + length, depth, delimited=False)

    def _tag(self, position: int, end: int) -> int:
        raw = self._bytes(position, 4, end)
        return int.from_bytes(raw[:2], "little") << 16 | int.from_bytes(raw[2:], "little")

    def _uint32(self, position: int, end: int) -> int:
        return int.from_bytes(self._bytes(position, 4, end), "little")

    def _require_zero(self, position: int, end: int) -> None:
        if self._uint32(position, end):
            raise ObjectUnreadable("a delimiter with a length")

    def _bytes(self, position: int, count: int, end: int) -> bytes:
        if position + count > end:
            raise ObjectUnreadable("the bytes end early")
        return self._data[position : position + count]


def _implicit_vr(tag: int, length: int) -> str:
    if tag & 0xFFFF == 0:
        return "UL"
    if is_private(tag):
        return "LO" if (tag & 0xFFFF) in _PRIVATE_CREATORS else "UN"
    try:
        vr = str(dictionary_VR(tag))
    except KeyError:
        return "UN"
    if vr not in KNOWN_VRS:
        raise EncodingNotSupported("an implicit element that may have several representations")
    # Such a value has no short explicit form: it can only be unknown. Source: PS3.5 6.2.2.
    return "UN" if vr not in LONG_VRS and length > _MAXIMUM_SHORT_LENGTH else vr
