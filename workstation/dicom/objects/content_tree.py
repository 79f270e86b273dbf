"""The content of a structured report as a tree whose items know their place and whom they point to.

Source: PS3.3 C.17.3.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from workstation.dicom.code import Code, code_of
from workstation.dicom.header import Header

MAX_DEPTH = 64
MAX_ITEMS = 50_000
# Units that say nothing, or whose UCUM code a radiologist does not read.
_NO_UNITS = frozenset({"1", "{no units}"})
_BRACKETS = frozenset("{[")


@dataclass(frozen=True, slots=True, eq=False)
class ContentItem:
    """One content item; ``path`` is its place, counted from 1 at each level, as references name it."""

    header: Header
    path: tuple[int, ...]
    children: tuple["ContentItem", ...]

    @property
    def kind(self) -> str:
        """The value type."""
        return self.header.text("ValueType")

    @property
    def concept(self) -> Code:
        """The concept name."""
        return code_of(self.header.item("ConceptNameCodeSequence"))

    @property
    def name(self) -> str:
        """The concept name in words."""
        return self.concept.meaning or self.concept.value

    @property
    def code(self) -> Code:
        """The coded value."""
        return code_of(self.header.item("ConceptCodeSequence"))

    @property
    def points_to(self) -> tuple[int, ...]:
        """The path of the item that stands here by reference; empty where the item is itself."""
        return tuple(int(one) for one in self.header.numbers("ReferencedContentItemIdentifier"))

    def walk(self) -> Iterator["ContentItem"]:
        """Yield this item and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, code: str) -> "ContentItem | None":
        """Return the first item below with a concept name, by its code value."""
        return next((one for one in self.walk() if one is not self and one.concept.value == code), None)

    def all(self, code: str) -> tuple["ContentItem", ...]:
        """Return all items below with a concept name, by its code value."""
        return tuple(one for one in self.walk() if one is not self and one.concept.value == code)


@dataclass(frozen=True, slots=True, eq=False)
class ContentTree:
    """A report: its root, and its items by path. ``is_cut`` tells that it was too deep or too long to be read whole."""

    root: ContentItem
    by_path: Mapping[tuple[int, ...], ContentItem]
    is_cut: bool

    def target(self, item: ContentItem) -> ContentItem:
        """Return the item meant where another stands by reference."""
        return self.by_path.get(item.points_to, item) if item.points_to else item


def content_tree(document: Header) -> ContentTree:
    """Return the content of a report, cut at ``MAX_DEPTH`` and ``MAX_ITEMS``."""
    by_path: dict[tuple[int, ...], ContentItem] = {}
    cut: list[bool] = []

    def build(header: Header, path: tuple[int, ...]) -> ContentItem:
        children: list[ContentItem] = []
        for number, child in enumerate(header.items("ContentSequence"), start=1):
            if len(path) >= MAX_DEPTH or len(by_path) >= MAX_ITEMS:
                cut.append(True)
                break
            children.append(build(child, (*path, number)))
        item = ContentItem(header, path, tuple(children))
        by_path[path] = item
        return item

    return ContentTree(build(document, (1,)), by_path, bool(cut))


def number_text(value: float) -> str:
    """Return a number without digits that nobody stated."""
    return f"{value:.10g}" if isfinite(value) else "?"


def measured_text(item: ContentItem) -> str:
    """Return a number with its unit, or why there is none."""
    measured = item.header.item("MeasuredValueSequence")
    value = measured.number("NumericValue")
    if value is None:
        return code_of(item.header.item("NumericValueQualifierCodeSequence")).meaning or measured.text("NumericValue")
    return f"{number_text(value)} {unit_text(item)}".strip()


def unit_text(item: ContentItem) -> str:
    """Return the unit of a number as people write it."""
    unit = code_of(item.header.item("MeasuredValueSequence").item("MeasurementUnitsCodeSequence"))
    if unit.value in _NO_UNITS:
        return ""
    return unit.meaning or unit.value if _BRACKETS & set(unit.value) or not unit.value else unit.value


def measured_value(item: ContentItem | None) -> float | None:
    """Return a number, where there is one."""
    return None if item is None else item.header.item("MeasuredValueSequence").number("NumericValue")


def value_text(item: ContentItem) -> str:
    """Return what an item says, in words; empty for containers, coordinates and images."""
    read = _VALUES.get(item.kind)
    return read(item) if read is not None else ""


def date_text(value: str) -> str:
    """Return a date or moment of DICOM as 2026-01-31 23:59:59; what is none stays as it is."""
    digits = value.split(".")[0].split("+")[0]
    if not digits.isdigit() or len(digits) < 8:
        return value
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {time_text(digits[8:])}".strip()


def time_text(value: str) -> str:
    """Return a time of DICOM as 23:59:59."""
    digits = value.split(".")[0]
    return ":".join(digits[start : start + 2] for start in range(0, min(6, len(digits)), 2))


_VALUES: Mapping[str, Callable[[ContentItem], str]] = {
    "TEXT": lambda item: item.header.text("TextValue").replace("\r\n", "\n").replace("\r", "\n"),
    "CODE": lambda item: item.code.meaning or item.code.value,
    "NUM": measured_text,
    "DATE": lambda item: date_text(item.header.text("Date")),
    "TIME": lambda item: time_text(item.header.text("Time")),
    "DATETIME": lambda item: date_text(item.header.text("DateTime")),
    "PNAME": lambda item: item.header.person("PersonName").display,
}
