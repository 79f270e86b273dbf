"""The Part 10 envelope around a data set: preamble, file meta information, transfer syntax.

Source: PS3.10 section 7.
"""

import zlib
from dataclasses import dataclass

from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from workstation.signing.elements import Element, Elements, find, text_of
from workstation.signing.errors import EncodingNotSupported, ObjectUnreadable
from workstation.signing.walker import walk

MAXIMUM_BYTES = 512 * 1024 * 1024
SOP_CLASS_UID = 0x00080016
SOP_INSTANCE_UID = 0x00080018
_PREAMBLE = 128
_HEADER = 144
_GROUP_LENGTH = b"\x02\0\0\0UL\x04\0"
_MEDIA_STORAGE_SOP_CLASS = 0x00020002
_MEDIA_STORAGE_SOP_INSTANCE = 0x00020003
_TRANSFER_SYNTAX = 0x00020010
# Source: PS3.10 table 7.1-1, up to the private information, which we refuse.
_META_LAYOUT = {
    0x00020001: "OB",
    0x00020002: "UI",
    0x00020003: "UI",
    0x00020010: "UI",
    0x00020012: "UI",
    0x00020013: "SH",
    0x00020016: "AE",
    0x00020017: "AE",
    0x00020018: "AE",
}
_META_VERSION = Element(0x00020001, "OB", b"\0\1")


@dataclass(frozen=True, slots=True)
class PartTen:
    """One Part 10 object, walked. ``head`` is everything before the data set, as it was."""

    head: bytes
    transfer_syntax: str
    elements: Elements

    @property
    def has_preamble(self) -> bool:
        """Whether the 128 bytes before ``DICM``, which nothing protects, hold something."""
        return any(self.head[:_PREAMBLE])

    @property
    def sop_class(self) -> str:
        """SOP Class UID of the data set."""
        return text_of(self.elements, SOP_CLASS_UID)

    @property
    def sop_instance(self) -> str:
        """SOP Instance UID of the data set."""
        return text_of(self.elements, SOP_INSTANCE_UID)


def is_part10(data: bytes) -> bool:
    """Whether ``data`` begins as a Part 10 file does."""
    return data[_PREAMBLE : _PREAMBLE + 4] == b"DICM"


def read_part10(data: bytes) -> PartTen:
    """Walk ``data`` strictly.

    Raises ``ObjectUnreadable``, ``EncodingNotSupported``.
    """
    if len(data) > MAXIMUM_BYTES:
        raise ObjectUnreadable("larger than the limit")
    if not is_part10(data) or data[132:140] != _GROUP_LENGTH or len(data) < _HEADER:
        raise ObjectUnreadable("not a Part 10 file")
    start = _HEADER + int.from_bytes(data[140:_HEADER], "little")
    if start > len(data):
        raise ObjectUnreadable("the file meta information does not end")
    meta = walk(data[_HEADER:start])
    if any(_META_LAYOUT.get(element.tag) != element.vr for element in meta) or _META_VERSION not in meta:
        raise ObjectUnreadable("file meta information of another layout")
    transfer_syntax = _uid(meta, _TRANSFER_SYNTAX)
    part = PartTen(data[:start], transfer_syntax, _data_set(data[start:], transfer_syntax))
    named = (_uid(meta, _MEDIA_STORAGE_SOP_CLASS), _uid(meta, _MEDIA_STORAGE_SOP_INSTANCE))
    if named != (part.sop_class, part.sop_instance):
        raise ObjectUnreadable("the file meta information names another object")
    return part


def _uid(meta: Elements, tag: int) -> str:
    element = find(meta, tag)
    return "" if element is None else element.value.decode("ascii", errors="replace").removesuffix("\0")


def _data_set(data: bytes, transfer_syntax: str) -> Elements:
    if transfer_syntax == ExplicitVRLittleEndian:
        return walk(data)
    if transfer_syntax == ImplicitVRLittleEndian:
        return walk(data, implicit=True)
    if transfer_syntax == DeflatedExplicitVRLittleEndian:
        return walk(_inflated(data))
    raise EncodingNotSupported("a transfer syntax in which no signature is computed")


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = inflater.decompress(data, MAXIMUM_BYTES)
    except zlib.error as error:
        raise ObjectUnreadable("the deflated data set is damaged") from error
    if not inflater.eof or inflater.unused_data not in (b"", b"\0"):
        raise ObjectUnreadable("the deflated data set does not end where the file does")
    return plain
