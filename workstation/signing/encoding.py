"""Elements to bytes, Explicit VR Little Endian with defined lengths, after putting them into the form that we sign.

The form: no redundant trailing padding, which readers drop; no group lengths; nothing private or unknown, which no
signature could cover once a hub has re-encoded it; every text true to the declared character set.
"""

from pydicom.charset import python_encoding

from workstation.signing.elements import (
    CHARACTER_SET_VRS,
    DATA_SET_TRAILING_PADDING,
    ITEM,
    LENGTH_TO_END,
    TEXT_VRS,
    Element,
    Elements,
    find,
    is_private,
    tag_bytes,
)
from workstation.signing.errors import CharacterSetFalse, ElementNotSignable
from workstation.signing.mac_stream import explicit_header

_SPECIFIC_CHARACTER_SET = 0x00080005
_WITHOUT_MEANING = frozenset((LENGTH_TO_END, DATA_SET_TRAILING_PADDING))


def encode(elements: Elements) -> bytes:
    """Return the data set as it is written to a file."""
    return b"".join(_encoded(element) for element in elements)


def element_keeping_even(tag: int, vr: str, value: bytes) -> Element:
    """Return an element with ``value`` padded to even length as its representation wants. Source: PS3.5 6.2."""
    padding = b" " if vr in TEXT_VRS and vr != "UI" else b"\0"
    return Element(tag, vr, value + padding if len(value) % 2 else value)


def normalised(elements: Elements, character_set: str = "") -> Elements:
    """Return ``elements`` in the form that we sign; ``character_set`` is that of the enclosing data set.

    Raises ``ElementNotSignable``, ``CharacterSetFalse``.
    """
    declared = find(elements, _SPECIFIC_CHARACTER_SET)
    if declared is not None:
        character_set = declared.value.decode("ascii", errors="replace").strip(" \0")
    kept = (element for element in elements if element.tag & 0xFFFF and element.tag not in _WITHOUT_MEANING)
    return tuple(_normalised_element(element, character_set) for element in kept)


def declared_encoding(character_set: str) -> str | None:
    """Return Python's name of a DICOM character set, or ``None`` where code extensions switch within a value."""
    if "\\" in character_set or character_set.startswith("ISO 2022"):
        return None
    if character_set in ("", "ISO_IR 6"):
        return "ascii"
    return python_encoding.get(character_set)


def _normalised_element(element: Element, character_set: str) -> Element:
    if is_private(element.tag) or element.vr == "UN":
        raise ElementNotSignable("a private or unknown element")
    if element.items is not None:
        items = tuple(normalised(item, character_set) for item in element.items)
        return Element(element.tag, element.vr, items=items)
    if element.vr not in TEXT_VRS:
        return element
    value = element.value.rstrip(b" \0")
    if element.vr in CHARACTER_SET_VRS:
        _require_true(value, character_set)
    return element_keeping_even(element.tag, element.vr, value)


def _require_true(value: bytes, character_set: str) -> None:
    encoding = declared_encoding(character_set)
    if encoding is None:
        return
    try:
        value.decode(encoding)
    except UnicodeDecodeError as error:
        raise CharacterSetFalse("a text is not in the declared character set") from error


def _encoded(element: Element) -> bytes:
    if element.items is None:
        return explicit_header(element) + element.value
    body = b"".join(_encoded_item(item) for item in element.items)
    return tag_bytes(element.tag) + b"SQ\0\0" + len(body).to_bytes(4, "little") + body


def _encoded_item(item: Elements) -> bytes:
    body = encode(item)
    return tag_bytes(ITEM) + len(body).to_bytes(4, "little") + body
