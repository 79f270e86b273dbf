"""Raw values to the JSON model. Source: PS3.18 F.2.3 and PS3.5 6.2."""

import base64
import math
import struct
from collections.abc import Callable
from typing import Any

from workstation.decoding.sandbox.text import Decode

BINARY_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q"}
_REALS = {"FL": "f", "FD": "d"}
_LARGEST_INTEGER = (1 << 63) - 1
_NAME_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")


Read = Callable[[bytes, str, Decode], list[Any]]


def json_element(vr: str, raw: bytes, order: str, decode: Decode) -> dict[str, Any]:
    """Return one element with its values; ``order`` is ``<`` or ``>``."""
    read = _READERS.get(vr)
    if read is None:
        return {"vr": vr, "InlineBinary": base64.b64encode(raw).decode("ascii")} if raw else {"vr": vr}
    values = read(raw, order, decode) if raw else []
    return {"vr": vr, "Value": values} if values else {"vr": vr}


def _numbers(code: str) -> Read:
    size = struct.calcsize(f"<{code}")

    def read(raw: bytes, order: str, decode: Decode) -> list[Any]:
        del decode
        return list(struct.unpack_from(f"{order}{len(raw) // size}{code}", raw))

    return read


def _reals(code: str) -> Read:
    integers = _numbers(code)

    def read(raw: bytes, order: str, decode: Decode) -> list[Any]:
        return [value if math.isfinite(value) else None for value in integers(raw, order, decode)]

    return read


def _tags(raw: bytes, order: str, decode: Decode) -> list[Any]:
    del decode
    words = struct.unpack_from(f"{order}{len(raw) // 4 * 2}H", raw)
    return [f"{group:04X}{element:04X}" for group, element in zip(words[::2], words[1::2], strict=True)]


def _codes(raw: bytes, order: str, decode: Decode) -> list[Any]:
    del order, decode
    return _split(raw.decode("latin_1"))


def _texts(raw: bytes, order: str, decode: Decode) -> list[Any]:
    del order
    return _split(decode(raw))


def _split(text: str) -> list[Any]:
    if "\\" in text:
        return [part.strip("\0 ") or None for part in text.split("\\")]
    single = text.strip("\0 ")
    return [single] if single else []


def _whole_text(raw: bytes, order: str, decode: Decode) -> list[Any]:
    del order
    whole = decode(raw).rstrip("\0 ")
    return [whole] if whole else []


def _address(raw: bytes, order: str, decode: Decode) -> list[Any]:
    del order, decode
    whole = raw.decode("latin_1").rstrip("\0 ")
    return [whole] if whole else []


def _names(raw: bytes, order: str, decode: Decode) -> list[Any]:
    del order
    names: list[Any] = []
    for name in decode(raw).rstrip("\0 ").split("\\"):
        groups = [group.strip("\0 ") for group in name.split("=")]
        kept = {key: group for key, group in zip(_NAME_GROUPS, groups, strict=False) if group}
        names.append(kept or None)
    return names if any(names) else []


def _integers(raw: bytes, order: str, decode: Decode) -> list[Any]:
    return [part and _integer(part) for part in _codes(raw, order, decode)]


def _decimals(raw: bytes, order: str, decode: Decode) -> list[Any]:
    return [part and _decimal(part) for part in _codes(raw, order, decode)]


def _integer(text: str) -> int | str:
    """Return a whole number; one that JSON might round stays text, so that no two become one."""
    try:
        value = int(text)
    except ValueError:
        return text
    return value if abs(value) <= _LARGEST_INTEGER else text


def _decimal(text: str) -> float | str:
    try:
        value = float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


_READERS: dict[str, Read] = {
    **{vr: _numbers(code) for vr, code in _NUMBERS.items()},
    **{vr: _reals(code) for vr, code in _REALS.items()},
    **dict.fromkeys(("AE", "AS", "CS", "DA", "DT", "TM", "UI"), _codes),
    **dict.fromkeys(("LO", "SH", "UC"), _texts),
    **dict.fromkeys(("LT", "ST", "UT"), _whole_text),
    "AT": _tags,
    "DS": _decimals,
    "IS": _integers,
    "PN": _names,
    "UR": _address,
}
