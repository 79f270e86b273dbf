"""Which elements a digital signature can cover, and the byte stream over which it is computed.

The stream is always Explicit VR Little Endian, without lengths of sequences and items. Source: PS3.3 C.12.1.1.3.1.1.
"""

from collections.abc import Set as AbstractSet

from workstation.signing.elements import (
    DATA_SET_TRAILING_PADDING,
    DIGITAL_SIGNATURES_SEQUENCE,
    ITEM,
    LENGTH_TO_END,
    LONG_VRS,
    MAC_PARAMETERS_SEQUENCE,
    SEQUENCE_DELIMITATION,
    Element,
    Elements,
    tag_bytes,
)

# Elements of the Digital Signatures item that cannot be under the signature they hold.
_OUTSIDE_THE_MAC = frozenset((0x04000115, 0x04000120, 0x04000305, 0x04000310))
_ITEM_TAG = tag_bytes(ITEM)
_SEQUENCE_END = tag_bytes(SEQUENCE_DELIMITATION)
_FIRST_SIGNABLE_GROUP = 0x0008
_SIGNATURES_GROUP = DIGITAL_SIGNATURES_SEQUENCE >> 16


def is_signable(element: Element) -> bool:
    """Whether a signature may cover ``element``: not when it, or anything inside it, is of unknown representation."""
    return has_signable_tag(element.tag) and not _holds_unknown(element)


def has_signable_tag(tag: int) -> bool:
    """Whether elements with this tag may be signed at all."""
    group, number = tag >> 16, tag & 0xFFFF
    return (
        number != 0
        and group >= _FIRST_SIGNABLE_GROUP
        and group != _SIGNATURES_GROUP
        and tag not in (LENGTH_TO_END, MAC_PARAMETERS_SEQUENCE, DATA_SET_TRAILING_PADDING)
    )


def mac_stream(data_set: Elements, signed_tags: AbstractSet[int], signature: Elements) -> bytes:
    """Return the bytes that are hashed and signed: the listed elements, then those of the signature item itself."""
    chunks: list[bytes] = []
    for element in data_set:
        if element.tag in signed_tags:
            _append(element, chunks)
    for element in signature:
        if element.tag not in _OUTSIDE_THE_MAC:
            _append(element, chunks)
    return b"".join(chunks)


def explicit_header(element: Element) -> bytes:
    """Return tag, representation and length of ``element``, which is not a sequence. Source: PS3.5 7.1.2."""
    vr = element.vr.encode("ascii")
    if element.vr in LONG_VRS:
        return tag_bytes(element.tag) + vr + b"\0\0" + len(element.value).to_bytes(4, "little")
    return tag_bytes(element.tag) + vr + len(element.value).to_bytes(2, "little")


def _append(element: Element, chunks: list[bytes]) -> None:
    if element.items is None:
        chunks.append(explicit_header(element))
        chunks.append(element.value)
        return
    chunks.append(tag_bytes(element.tag) + b"SQ\0\0")
    for item in element.items:
        chunks.append(_ITEM_TAG)
        for nested in item:
            if has_signable_tag(nested.tag):
                _append(nested, chunks)
    chunks.append(_SEQUENCE_END)


def _holds_unknown(element: Element) -> bool:
    if element.items is None:
        return element.vr == "UN"
    return any(_holds_unknown(nested) for item in element.items for nested in item)
