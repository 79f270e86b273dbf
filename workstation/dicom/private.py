"""Private attributes: found by the name of the block they are reserved in. Source: PS3.5 7.8.1."""

import base64
import binascii
from collections.abc import Iterator

from workstation.dicom.header import Header


def private_number(header: Header, group: int, creator: str, element: int) -> float | None:
    """Return the first value of a private attribute, whatever block its creator took; ``None`` where it is no number.

    In an encoding without value representations such a value comes as unknown bytes: they are read as a decimal.
    """
    for text in private_texts(header, group, creator, element):
        try:
            value = float(text)
        except ValueError:
            continue
        if value - value == 0.0:
            return value
    return None


def private_texts(header: Header, group: int, creator: str, element: int) -> Iterator[str]:
    """Give the values of a private attribute as text."""
    for block in range(0x10, 0x100):
        reserved = list(_values(header, f"{group:04X}{block:04X}"))
        if reserved and reserved[0].strip() == creator:
            yield from _values(header, f"{group:04X}{block:02X}{element:02X}")


def _values(header: Header, tag: str) -> Iterator[str]:
    element = header.at(tag)
    if not isinstance(element, dict):
        return
    inline, values = element.get("InlineBinary"), element.get("Value")
    if isinstance(inline, str):
        try:
            yield base64.b64decode(inline, validate=True).decode("ascii", "replace").strip("\0 ").partition("\\")[0]
        except (binascii.Error, ValueError):
            return
    elif isinstance(values, list):
        yield from (str(value) for value in values if isinstance(value, str | int | float))
