"""The value representation of an attribute where the encoding does not state it. Source: PS3.6."""

from functools import cache

_DEFAULT = "UN"


@cache
def dictionary_vr(tag: int, signed: bool) -> str:
    """Return the VR of ``tag``; of two possible ones, that which pixel representation and the standard choose."""
    if tag & 0xFFFF == 0:
        return "UL"
    if (tag >> 16) & 1:
        return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else _DEFAULT
    # Only implicit encodings and UN need the dictionary, and it takes long to import.
    from pydicom.datadict import dictionary_VR

    try:
        stated = dictionary_VR(tag)
    except KeyError:
        return _DEFAULT
    if " or " not in stated:
        return stated
    if stated == "US or SS":
        return "SS" if signed else "US"
    return "OW"
