"""A DICOM file: preamble, file meta information, data set; deflated ones are inflated with a cap. Source: PS3.10 7."""

import zlib
from dataclasses import dataclass
from typing import Any

from workstation.decoding.errors import Malformed, NotDicom, TooLarge, Truncated
from workstation.decoding.limits import MEBIBYTE, DecodeLimits
from workstation.decoding.sandbox.dataset import BeyondHead, DataSet, DataSetReader, Known, Located

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"

_PREFIX_END = 132
_INFLATE_STEP = 4 * MEBIBYTE
_INFLATE_FLOOR = 32 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Part10:
    """One read file. ``data`` is what the offsets of ``dataset.bulk`` point into: the file, or what was inflated.

    Of a file whose head alone was given, ``data`` is that head.
    """

    data: memoryview
    transfer_syntax: str
    meta_instance: str
    dataset: DataSet

    @property
    def big_endian(self) -> bool:
        """Whether native values are stored most significant byte first."""
        return self.transfer_syntax == EXPLICIT_BIG

    @property
    def inflated(self) -> bool:
        """Whether ``data`` is not the received bytes."""
        return self.transfer_syntax == DEFLATED

    def value(self, tag: int) -> Any:
        """Return the first value of a top-level element, or ``None``."""
        values = self.dataset.elements.get(f"{tag:08X}", {}).get("Value", [])
        return values[0] if values else None

    def raw(self, place: Located) -> memoryview:
        """Return the bytes of a value that was left out of the header."""
        return self.data[place.start : place.start + place.length]


def read_part10(
    data: memoryview, limits: DecodeLimits, size_bytes: int | None = None, known: Known | None = None
) -> Part10:
    """Read one file; with ``size_bytes``, its size, ``data`` may be no more than its head.

    What is ``known`` of other files is not read again.

    Raises
    ------
    NotDicom
        There is no DICM prefix.
    Malformed, Truncated, TooLarge
        There is one, but the rest cannot be read whole.
    BeyondHead
        The head does not suffice.
    """
    size = len(data) if size_bytes is None else size_bytes
    if len(data) < _PREFIX_END or bytes(data[128:_PREFIX_END]) != b"DICM":
        raise NotDicom("no DICM prefix")
    meta, start = _read_meta(data, size, known)
    syntax = _meta_text(meta, "00020010")
    if not syntax:
        raise Malformed("no transfer syntax")
    if syntax == DEFLATED:
        if len(data) < size:
            raise BeyondHead
        data, start = memoryview(_inflate(data[start:], limits)), 0
        size = len(data)
    reader = DataSetReader(data, explicit=_is_explicit(data, start), little=syntax != EXPLICIT_BIG, known=known)
    dataset = reader.read(start, size)
    return Part10(data, syntax, _meta_text(meta, "00020003"), dataset)


def _read_meta(data: memoryview, size: int, known: Known | None) -> tuple[DataSet, int]:
    end = _meta_end(data)
    if len(data) < min(end + 8, size):
        raise BeyondHead
    if end > size:
        raise Truncated("inside the file meta information")
    return DataSetReader(data, explicit=True, little=True, known=known).read(_PREFIX_END, end), end


def _meta_end(data: memoryview) -> int:
    """Return where group 2 ends, by walking it: its stated length is wrong in files that are otherwise sound."""
    offset = _PREFIX_END
    while offset + 8 <= len(data) and bytes(data[offset : offset + 2]) == b"\x02\x00":
        vr = bytes(data[offset + 4 : offset + 6])
        if vr in (b"OB", b"UN", b"OW", b"UT"):
            offset += 12 + int.from_bytes(data[offset + 8 : offset + 12], "little")
        else:
            offset += 8 + int.from_bytes(data[offset + 6 : offset + 8], "little")
    return offset


def _is_explicit(data: memoryview, start: int) -> bool:
    """Whether the first element states its VR: senders are met that encode otherwise than they say."""
    vr = bytes(data[start + 4 : start + 6])
    return len(vr) == 2 and vr.isalpha() and vr.isupper()


def _meta_text(meta: DataSet, tag: str) -> str:
    values = meta.elements.get(tag, {}).get("Value", [])
    return values[0] if values and isinstance(values[0], str) else ""


def _inflate(data: memoryview, limits: DecodeLimits) -> bytearray:
    """Inflate step by step, so that a bomb is refused when it passes the cap and not after. Source: PS3.5 A.5."""
    cap = min(limits.inflated_bytes, max(_INFLATE_FLOOR, limits.inflate_ratio * len(data)))
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = bytearray()
    pending: bytes | memoryview = data
    try:
        while not inflater.eof:
            piece = inflater.decompress(pending, _INFLATE_STEP)
            inflated += piece
            if len(inflated) > cap:
                raise TooLarge("inflates beyond the cap")
            pending = inflater.unconsumed_tail
            if not pending and not piece:
                raise Truncated("the deflated data set has no end")
    except zlib.error as error:
        raise Malformed("not deflated as stated") from error
    return inflated
