"""Attribute matching as QIDO-RS and UPS-RS do it, over DICOM JSON. Source: PS3.4 C.2.2.2, PS3.18 8.3.4."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydicom.datadict import dictionary_VR, tag_for_keyword

from workstation.domain.spelling import folded
from workstation.embedded_hub.errors import BadRequest

WILDCARD_VRS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT", "UN"})
RANGE_VRS = frozenset({"DA", "TM", "DT"})
NUMBER_VRS = frozenset({"IS", "DS", "US", "SS", "UL", "SL", "UV", "SV", "FL", "FD"})
TAG_FORM = re.compile(r"[0-9A-Fa-f]{8}")
DATE_TIME_RANGE = re.compile(r"(?P<low>\d*(?:\.\d+)?(?:[+-]\d{4}(?=-))?)-(?P<high>\d*(?:\.\d+)?(?:[+-]\d{4})?)")
MAX_VALUE_CHARACTERS = 16_384


@dataclass(frozen=True, slots=True)
class Criterion:
    """One matching key: the path of tags to the attribute and the value wanted, empty for any."""

    path: tuple[str, ...]
    vr: str
    value: str


def parse_attribute(text: str) -> tuple[str, ...]:
    """Return the path of eight-digit tags that ``text`` names, such as ``PatientName`` or ``00404034.00404009``.

    Raises
    ------
    BadRequest
        A keyword or tag does not exist.
    """
    return tuple(_tag(name) for name in text.split("."))


def criterion(name: str, value: str) -> Criterion:
    """Return the matching key of one query parameter."""
    if len(value) > MAX_VALUE_CHARACTERS:
        raise BadRequest("A matching value is too long.")
    path = parse_attribute(name)
    return Criterion(path, _vr(path[-1]), value)


def matches(attributes: Mapping[str, Any], key: Criterion, fuzzy: bool = False) -> bool:
    """Whether a data set matches one key. An empty value matches everything."""
    if not key.value or key.value == "*":
        return True
    return any(
        _value_matches(str(vr or key.vr), value, key.value, fuzzy) for vr, value in _values(attributes, key.path)
    )


def uid_list(value: str) -> tuple[str, ...]:
    """Return the members of a list of UIDs. Source: PS3.18 8.3.4.1."""
    return tuple(part.strip() for part in re.split(r"[,\\]", value) if part.strip())


def _values(attributes: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    element = attributes.get(path[0])
    if not isinstance(element, Mapping):
        return
    values = element.get("Value", [])
    for value in values if isinstance(values, list) else []:
        if len(path) == 1:
            yield str(element.get("vr", "")), value
        elif isinstance(value, Mapping):
            yield from _values(value, path[1:])


def _value_matches(vr: str, value: object, wanted: str, fuzzy: bool) -> bool:
    if vr == "PN":
        return any(_name_matches(group, wanted, fuzzy) for group in _name_groups(value))
    if vr in NUMBER_VRS:
        return _number(value) == _number(wanted)
    text = str(value).strip()
    if vr == "UI":
        return text in uid_list(wanted)
    if vr in RANGE_VRS:
        return _range_matches(vr, text, wanted)
    if vr == "CS":
        return any(glob(part, text) for part in uid_list(wanted))
    return glob(wanted, text) if vr in WILDCARD_VRS else text == wanted


def _name_groups(value: object) -> list[str]:
    groups = value.values() if isinstance(value, Mapping) else [value]
    return [group for group in groups if isinstance(group, str)]


def _name_matches(name: str, wanted: str, fuzzy: bool) -> bool:
    if fuzzy:
        words = _words(name)
        return all(any(word.startswith(start) for word in words) for start in _words(wanted.replace("*", "")))
    return glob(wanted.casefold().rstrip("^"), name.casefold().rstrip("^"))


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s^,=]+", folded(text)) if word]


def _range_matches(vr: str, text: str, wanted: str) -> bool:
    between = DATE_TIME_RANGE.fullmatch(wanted)
    value = _moment(vr, text)
    if between is None or not (between["low"] or between["high"]):
        return value.startswith(_moment(vr, wanted)) if vr != "DA" else value == _moment(vr, wanted)
    low, high = _moment(vr, between["low"]), _moment(vr, between["high"])
    return (not low or value[: len(low)].ljust(len(low), "0") >= low) and (not high or value[: len(high)] <= high)


def _moment(vr: str, text: str) -> str:
    """Return a date or time as comparable digits; the retired separators are taken out, a zone is left aside."""
    if vr == "DT":
        return re.sub(r"[+-]\d{4}$", "", text)
    return text.replace(".", "") if vr == "DA" else text.replace(":", "")


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def glob(pattern: str, text: str) -> bool:
    """Match ``*`` and ``?``, in time proportional to the product of both lengths whatever the pattern."""
    p = t = mark = 0
    star = -1
    while t < len(text):
        if p < len(pattern) and pattern[p] == "*":
            star, mark = p, t
            p += 1
        elif p < len(pattern) and pattern[p] in ("?", text[t]):
            p += 1
            t += 1
        elif star >= 0:
            mark += 1
            p, t = star + 1, mark
        else:
            return False
    return not pattern[p:].strip("*")


def _tag(name: str) -> str:
    if TAG_FORM.fullmatch(name):
        return name.upper()
    tag = tag_for_keyword(name)
    if tag is None:
        raise BadRequest("A query parameter is neither a known parameter nor an attribute.")
    return f"{tag:08X}"


def _vr(tag: str) -> str:
    try:
        return dictionary_VR(int(tag, 16)).split(" or ", maxsplit=1)[0]
    except KeyError:
        return "UN"
