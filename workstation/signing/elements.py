"""DICOM data elements as they lie in the bytes: tag, value representation, raw value or items.

Nothing is decoded here; a signature covers bytes, not meanings. Source: PS3.5 section 7.
"""

from dataclasses import dataclass

LONG_VRS = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"))
SHORT_VRS = frozenset(
    (
        *("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN"),
        *("SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"),
    )
)
KNOWN_VRS = LONG_VRS | SHORT_VRS
TEXT_VRS = frozenset(
    ("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT")
)
# The value representations whose text is written in the Specific Character Set. Source: PS3.5 6.1.2.3.
CHARACTER_SET_VRS = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UT"))

UNDEFINED_LENGTH = 0xFFFFFFFF
ITEM = 0xFFFEE000
ITEM_DELIMITATION = 0xFFFEE00D
SEQUENCE_DELIMITATION = 0xFFFEE0DD

MAC_PARAMETERS_SEQUENCE = 0x4FFE0001
DIGITAL_SIGNATURES_SEQUENCE = 0xFFFAFFFA
DATA_SET_TRAILING_PADDING = 0xFFFCFFFC
LENGTH_TO_END = 0x00080001


@dataclass(frozen=True, slots=True)
class Element:
    """One element; a sequence has ``items`` and no ``value``, all others have a ``value`` of even length."""

    tag: int
    vr: str
    value: bytes = b""
    items: tuple["Elements", ...] | None = None


Elements = tuple[Element, ...]


def find(elements: Elements, tag: int) -> Element | None:
    """Return the element ``tag`` of this level, if there."""
    return next((element for element in elements if element.tag == tag), None)


def text_of(elements: Elements, tag: int) -> str:
    """Return the ASCII text of element ``tag`` without its padding; empty when missing or a sequence."""
    element = find(elements, tag)
    if element is None:
        return ""
    return element.value.decode("ascii", errors="replace").strip(" \0")


def items_of(elements: Elements, tag: int) -> tuple[Elements, ...]:
    """Return the items of sequence ``tag``; none when missing or not a sequence."""
    element = find(elements, tag)
    if element is None or element.items is None:
        return ()
    return element.items


def is_private(tag: int) -> bool:
    """Whether ``tag`` belongs to a private group. Source: PS3.5 7.8."""
    return bool((tag >> 16) & 1)


def tag_bytes(tag: int) -> bytes:
    """Return ``tag`` as two little-endian 16-bit words."""
    return (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little")
