"""What a compressed frame says about itself, read before a codec sees it.

Source: ITU-T T.81 B.2 (JPEG), T.87 C.2 (JPEG-LS), T.800 A.5 and I (JPEG 2000 codestream and JP2 boxes).
"""

from dataclasses import dataclass

from workstation.decoding.errors import CorruptPixels

_START_OF_FRAME = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  "


@dataclass(frozen=True, slots=True)
class Codestream:
    """The size and the kind of one compressed frame; ``ids`` are its component identifiers."""

    rows: int
    columns: int
    components: int
    precision: int
    signed: bool = False
    ids: bytes = b""
    adobe_transform: int | None = None
    jfif: bool = False


def read_jpeg(data: bytes) -> Codestream:
    """Read the markers of a JPEG or JPEG-LS stream up to the start of its frame.

    Raises
    ------
    CorruptPixels
        There is no start of frame.
    """
    if data[:2] != b"\xff\xd8":
        raise CorruptPixels("no start of image")
    adobe: int | None = None
    jfif = False
    offset = 2
    while offset + 4 <= len(data):
        if data[offset] != 0xFF:
            raise CorruptPixels("no marker where one must be")
        marker = data[offset + 1]
        if marker == 0xFF or marker in _STANDALONE:
            offset += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[offset + 2 : offset + 4], "big")
        segment = data[offset + 4 : offset + 2 + length]
        if length < 2 or marker in (0xD9, 0xDA):
            break
        if marker in _START_OF_FRAME:
            return _frame(segment, adobe, jfif)
        if marker == 0xEE and segment[:5] == b"Adobe" and len(segment) >= 12:
            adobe = segment[11]
        jfif = jfif or (marker == 0xE0 and segment[:4] == b"JFIF")
        offset += 2 + length
    raise CorruptPixels("no start of frame")


def _frame(segment: bytes, adobe: int | None, jfif: bool) -> Codestream:
    if len(segment) < 6 or len(segment) < 6 + 3 * segment[5]:
        raise CorruptPixels("start of frame")
    return Codestream(
        rows=int.from_bytes(segment[1:3], "big"),
        columns=int.from_bytes(segment[3:5], "big"),
        components=segment[5],
        precision=segment[0],
        ids=bytes(segment[6 + 3 * n] for n in range(segment[5])),
        adobe_transform=adobe,
        jfif=jfif,
    )


def read_jpeg2000(data: bytes) -> tuple[Codestream, bytes]:
    """Return the size and kind of a JPEG 2000 frame, and its codestream without any JP2 boxes around it.

    Raises
    ------
    CorruptPixels
        There is no codestream.
    """
    if data[:8] == _JP2_SIGNATURE:
        data = _unboxed(data)
    if data[:4] != b"\xff\x4f\xff\x51" or len(data) < 45:
        raise CorruptPixels("no codestream")
    right, bottom, left, top = (int.from_bytes(data[at : at + 4], "big") for at in (8, 12, 16, 20))
    depth = data[42]
    stream = Codestream(
        rows=bottom - top,
        columns=right - left,
        components=int.from_bytes(data[40:42], "big"),
        precision=(depth & 0x7F) + 1,
        signed=bool(depth & 0x80),
    )
    return stream, data


def _unboxed(data: bytes) -> bytes:
    offset = 0
    while offset + 8 <= len(data):
        length = int.from_bytes(data[offset : offset + 4], "big")
        head = 8
        if length == 1:
            length, head = int.from_bytes(data[offset + 8 : offset + 16], "big"), 16
        # A length of zero means "to the end": it may only be the last box, and must not stop the walk from advancing.
        stop = len(data) if length == 0 else offset + length
        if stop < offset + head or stop > len(data):
            break
        if data[offset + 4 : offset + 8] == b"jp2c":
            return data[offset + head : stop]
        offset = stop
    raise CorruptPixels("no codestream box")
