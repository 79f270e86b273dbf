"""What turns stored values into modality and display values: rescale, tables, windows, padding, losses."""

import base64
import binascii

from viewers.image.compression import Compression
from viewers.image.description import PixelFormat, VoiFunction, Window
from viewers.image.lookup import LookupTable
from workstation.dicom.functional_groups import FrameHeader
from workstation.dicom.header import Header

Range = tuple[float, float]

_WORD = 1 << 16
_MODALITY = "PixelValueTransformationSequence"
_VOI = "FrameVOILUTSequence"
# JPEG baseline and extended, near-lossless JPEG-LS, JPEG 2000 and HTJ2K that may lose, video. Source: PS3.5 A.4.
_LOSSY_SYNTAXES = frozenset({f"1.2.840.10008.1.2.4.{number}" for number in (50, 51, 81, 91, 93, *range(100, 109), 203)})


def is_lossy(header: Header, transfer_syntax: str) -> bool:
    """Whether the image ever lost something: by its header, or by the syntax it came in.

    Once lossy it stays so, whatever syntax carries it now. Source: PS3.3 C.7.6.1.1.5.
    """
    stated = header.text("LossyImageCompression") == "01" or header.has("LossyImageCompressionMethod")
    return stated or transfer_syntax in _LOSSY_SYNTAXES


def compression(header: Header) -> Compression:
    """Return what the senders state of the losses."""
    methods = tuple(method for method in header.texts("LossyImageCompressionMethod") if method)
    return Compression(header.numbers("LossyImageCompressionRatio"), methods)


def rescale(frame: FrameHeader) -> tuple[float, float]:
    """Return slope and intercept of one frame. Source: PS3.3 C.11.1, C.7.6.16.2.9."""
    slope = frame.number(_MODALITY, "RescaleSlope")
    return 1.0 if slope is None else slope, frame.number(_MODALITY, "RescaleIntercept") or 0.0


def rescale_type(frame: FrameHeader) -> str | None:
    """Return what the modality values are called, by rescale or by table."""
    table = frame.top.item("ModalityLUTSequence").text("ModalityLUTType")
    return table or frame.text(_MODALITY, "RescaleType") or None


def modality_table(frame: FrameHeader, pixels: PixelFormat) -> LookupTable | None:
    """Return the table that takes the place of the rescale. Source: PS3.3 C.11.1.1."""
    if pixels.samples != 1:
        return None
    item = frame.top.item("ModalityLUTSequence")
    return lookup_table(item, stored_range(pixels)) if item.elements else None


def presentation_table(frame: FrameHeader) -> LookupTable | None:
    """Return the table that follows the window. Source: PS3.3 C.11.4.1."""
    item = frame.top.item("PresentationLUTSequence")
    return lookup_table(item, (0.0, float(_WORD))) if item.elements else None


def stored_range(pixels: PixelFormat) -> Range:
    """Return the least and the greatest stored value that there may be."""
    top = 1 << pixels.bits_stored
    return (-top / 2, top / 2 - 1) if pixels.signed else (0.0, float(top - 1))


def windows(frame: FrameHeader, pixels: PixelFormat) -> tuple[Window, ...]:
    """Return the views that the sender offers, tables before windows, with the sender's words for each.

    Each alone is a view of its own; where both are there, a table says more than a window. Source: PS3.3 C.11.2.1.
    """
    if pixels.samples != 1:
        return ()
    level = frame.group(_VOI)
    centres, widths = frame.numbers(_VOI, "WindowCenter"), frame.numbers(_VOI, "WindowWidth")
    words = (level if level.has("WindowCenter") else frame.top).texts("WindowCenterWidthExplanation")
    named = [*words, *[""] * len(centres)]
    least = 1.0 if voi_function(frame) is VoiFunction.LINEAR else 0.0
    plain = (
        Window(centre, width, explanation=name)
        for centre, width, name in zip(centres, widths, named, strict=False)
        if width > 0.0 and width >= least
    )
    return (*_tables(frame, pixels), *plain)


def voi_function(frame: FrameHeader) -> VoiFunction:
    """Return how a window maps; LINEAR where nothing is stated. Source: PS3.3 C.11.2.1.3."""
    try:
        return VoiFunction(frame.text(_VOI, "VOILUTFunction"))
    except ValueError:
        return VoiFunction.LINEAR


def _tables(frame: FrameHeader, pixels: PixelFormat) -> list[Window]:
    inputs = _modality_range(frame, pixels)
    found = []
    for item in frame.group(_VOI).items("VOILUTSequence") or frame.top.items("VOILUTSequence"):
        table = lookup_table(item, inputs)
        if table is not None:
            count = len(table.words) // 2
            found.append(Window(table.first + count / 2, float(count), table, item.text("LUTExplanation")))
    return found


def _modality_range(frame: FrameHeader, pixels: PixelFormat) -> Range:
    table = modality_table(frame, pixels)
    if table is not None:
        return 0.0, float(table.highest)
    slope, intercept = rescale(frame)
    ends = [value * slope + intercept for value in stored_range(pixels)]
    return min(ends), max(ends)


def lookup_table(item: Header, inputs: Range) -> LookupTable | None:
    """Return the table of one item whose inputs lie in a range, or ``None`` where it is none.

    The first input is sent as US or SS, not always as the values need it: it is read with the sign that puts it among
    them. Zero entries stand for 65536. Source: PS3.3 C.11.1.1.1, C.11.2.1.1.
    """
    descriptor = item.numbers("LUTDescriptor")
    if len(descriptor) != 3:
        return None
    count, bits = int(descriptor[0]) % _WORD or _WORD, int(descriptor[2])
    words = _words(item, count)
    if not 1 <= bits <= 16 or words is None:
        return None
    first = int(descriptor[1]) % _WORD
    if first > inputs[1] or (descriptor[1] < 0 and inputs[0] < 0):
        first -= _WORD
    return LookupTable(first, bits, words)


def _words(item: Header, count: int) -> bytes | None:
    """Return the outputs as words; eight-bit ones may lie in pairs, the first in the lower byte."""
    raw = _raw(item)
    if len(raw) >= 2 * count:
        return raw[: 2 * count]
    if count <= len(raw) <= count + 1:
        return b"".join(byte.to_bytes(2, "little") for byte in raw[:count])
    return None


def _raw(item: Header) -> bytes:
    element = item.elements.get("00283006")
    if not isinstance(element, dict):
        return b""
    inline = element.get("InlineBinary")
    if isinstance(inline, str):
        try:
            return base64.b64decode(inline, validate=True)
        except (binascii.Error, ValueError):
            return b""
    return b"".join((int(value) % _WORD).to_bytes(2, "little") for value in item.numbers("LUTData"))
