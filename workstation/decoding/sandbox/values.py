"""Raw values to the JSON model. Source: PS3.18 F.2.3 and PS3.5 6.2."""

import base64
import math
import struct
from collections.abc import Callable
from typing import Any

from workstation.decoding.sandbox.text import Decode

BINARY_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_CHARSET_VRS = frozenset({"LO", "LT", "SH", "ST", "UC", "UT"})
_UNSPLIT_VRS = frozenset({"LT", "ST", "UR", "UT"})
_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q", "FL": "f", "FD": "d"}
_SIZES = {vr: struct.calcsize(f"<{code}") for vr, code in _NUMBERS.items()}
_NAME_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")


def json_element(vr: str, raw: bytes, order: str, decode: Decode) -> dict[str, Any]:
    """Return one element with its values; ``order`` is ``<`` or ``>``."""
    if vr in BINARY_VRS:
        return {"vr": vr, "InlineBinary": base64.b64encode(raw).decode("ascii")} if raw else {"vr": vr}
    values = _values(vr, raw, order, decode)
    return {"vr": vr, "Value": values} if values else {"vr": vr}


def _values(vr: str, raw: bytes, order: str, decode: Decode) -> list[Any]:
    code = _NUMBERS.get(vr)
    if code is not None:
        count = len(raw) // _SIZES[vr]
        found = struct.unpack_from(f"{order}{count}{code}", raw)
        return [_finite(value) for value in found] if vr in ("FL", "FD") else list(found)
    if vr == "AT":
        words = struct.unpack_from(f"{order}{len(raw) // 4 * 2}H", raw)
        return [f"{group:04X}{element:04X}" for group, element in zip(words[::2], words[1::2], strict=True)]
    return _texts(vr, raw, decode)


def _texts(vr: str, raw: bytes, decode: Decode) -> list[Any]:
    if vr == "PN":
        return _names(decode(raw))
    text = decode(raw) if vr in _CHARSET_VRS else raw.decode("latin_1")
    if vr in _UNSPLIT_VRS:
        whole = text.rstrip("\0 ")
        return [whole] if whole else []
    parts = [part.strip("\0 ") for part in text.split("\\")]
    if len(parts) == 1 and not parts[0]:
        return []
    convert = _CONVERSIONS.get(vr)
    return [convert(part) if part and convert else (part or None) for part in parts]


def _names(text: str) -> list[Any]:
    names: list[Any] = []
    for name in text.rstrip("\0 ").split("\\"):
        groups = [group.strip("\0 ") for group in name.split("=")]
        kept = {key: group for key, group in zip(_NAME_GROUPS, groups, strict=False) if group}
        names.append(kept or None)
    return names if any(names) else []


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _integer(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text


def _decimal(text: str) -> float | str:
    try:
        value = float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


_CONVERSIONS: dict[str, Callable[[str], int | float | str]] = {"IS": _integer, "DS": _decimal}
