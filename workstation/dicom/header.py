"""One DICOM data set as the JSON model, read by keyword: what QIDO, work items and worker processes hand over.

The JSON comes from strangers. Every reading is tolerant: a value of the wrong type reads as absent, so that a caller
meets one kind of surprise only, a missing attribute. Source: PS3.18 F.2.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

from pydicom.datadict import tag_for_keyword

from workstation.dicom.errors import MalformedHeader
from workstation.dicom.json_text import read_json, write_json
from workstation.domain.patient import PersonName

DicomJson: TypeAlias = Mapping[str, Any]

# The component groups of a person name, in the order of its encoded form. Source: PS3.18 F.2.2, PS3.5 6.2.1.
_NAME_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")


class Header:
    """A read-only view of one DICOM JSON object; items of sequences are headers too."""

    __slots__ = ("_elements", "_text")

    def __init__(self, elements: DicomJson, text: str | None = None) -> None:
        self._elements = elements
        self._text = text

    @classmethod
    def parse(cls, json_text: str | bytes) -> "Header":
        """Read one JSON object, or the only member of a JSON array.

        Raises
        ------
        MalformedHeader
            The text is not JSON, or not one data set.
        """
        try:
            text = json_text if isinstance(json_text, str) else json_text.decode("utf-8-sig", "surrogatepass")
            content = read_json(text)
        except (ValueError, RecursionError) as error:
            raise MalformedHeader("not JSON") from error
        if isinstance(content, dict):
            return cls(content, text)
        if isinstance(content, list) and len(content) == 1 and isinstance(content[0], dict):
            return cls(content[0])
        raise MalformedHeader("not one data set")

    def to_json(self) -> str:
        """Return the JSON text: that which was read, or a compact one."""
        if self._text is not None:
            return self._text
        return write_json(self._elements).decode("utf-8", "surrogatepass")

    @property
    def elements(self) -> DicomJson:
        """The JSON object itself, by eight-digit tag."""
        return self._elements

    def has(self, keyword: str) -> bool:
        """Whether the attribute is there with at least one value."""
        return bool(self._values(keyword))

    def text(self, keyword: str, default: str = "") -> str:
        """Return the first value as text; a person name in its DICOM form."""
        found = self.texts(keyword)
        return found[0] if found else default

    def texts(self, keyword: str) -> tuple[str, ...]:
        """Return all values as text, empty ones as empty strings."""
        values = self._values(keyword)
        return tuple([_as_text(value) for value in values]) if values else ()

    def uid(self, keyword: str) -> str:
        """Return a UID without padding, or the empty string."""
        return self.text(keyword).strip("\0 ")

    def integer(self, keyword: str) -> int | None:
        """Return the first value as a whole number."""
        found = self.numbers(keyword)
        return int(found[0]) if found else None

    def number(self, keyword: str) -> float | None:
        """Return the first value as a number."""
        found = self.numbers(keyword)
        return found[0] if found else None

    def numbers(self, keyword: str) -> tuple[float, ...]:
        """Return all values as numbers; empty where any of them is none or not finite."""
        values = self._values(keyword)
        if not values:
            return ()
        numbers = [_as_number(value) for value in values]
        return tuple([number for number in numbers if number is not None]) if None not in numbers else ()

    def items(self, keyword: str) -> tuple["Header", ...]:
        """Return the items of a sequence."""
        values = self._values(keyword)
        return tuple([Header(value) for value in values if isinstance(value, dict)]) if values else ()

    def item(self, keyword: str) -> "Header":
        """Return the first item of a sequence, or an empty header."""
        found = self.items(keyword)
        return found[0] if found else Header({})

    def person(self, keyword: str) -> PersonName:
        """Return a person name."""
        return PersonName.parse(self.text(keyword))

    def at(self, tag: str) -> Any:
        """Return the JSON element of an eight-digit tag, whatever it is; ``None`` where there is none."""
        return self._elements.get(tag)

    def _values(self, keyword: str) -> list[Any]:
        element = self.at(tag_of(keyword))
        if not isinstance(element, dict):
            return []
        values = element.get("Value", [])
        return values if isinstance(values, list) else []


@cache
def tag_of(keyword: str) -> str:
    """Return the eight-digit tag of a keyword of the standard.

    Raises
    ------
    ValueError
        The keyword does not exist.
    """
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise ValueError(f"no such keyword: {keyword}")
    return f"{tag:08X}"


def element(vr: str, *values: str | int | float | DicomJson) -> dict[str, Any]:
    """Return one JSON element; person names by their component groups, no value where all are empty."""
    kept = [value for value in values if value != ""]
    if not kept:
        return {"vr": vr}
    return {"vr": vr, "Value": [_name_groups(str(value)) if vr == "PN" else value for value in kept]}


def elements(pairs: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Return a JSON data set from keywords and elements, in tag order."""
    return dict(sorted((tag_of(keyword), content) for keyword, content in pairs))


def _name_groups(name: str) -> dict[str, str]:
    return {key: group for key, group in zip(_NAME_GROUPS, name.split("="), strict=False) if group}


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        groups = (value.get(key, "") for key in _NAME_GROUPS)
        return "=".join(group if isinstance(group, str) else "" for group in groups).rstrip("=")
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, int | float) else ""


def _as_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if number - number == 0.0 else None
