"""A structured report of any maker as lines that can be read. Source: PS3.3 C.17.3."""

from dataclasses import dataclass

from workstation.dicom.header import Header

MAX_DEPTH = 32
MAX_LINES = 5_000


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One content item: how deep it lies, what it is called, what it says."""

    depth: int
    name: str
    value: str

    @property
    def text(self) -> str:
        """The line as it is shown."""
        label = f"{self.name}: {self.value}" if self.name and self.value else self.name or self.value
        return "  " * self.depth + label


def report_lines(document: Header) -> tuple[ReportLine, ...]:
    """Return the content of an SR in reading order; references without words of their own are left out.

    Very deep or very long trees are cut at ``MAX_DEPTH`` and ``MAX_LINES``, and the last line says so.
    """
    lines: list[ReportLine] = []
    _walk(document, 0, lines)
    if len(lines) >= MAX_LINES:
        lines = [*lines[: MAX_LINES - 1], ReportLine(0, "", "[…]")]
    return tuple(lines)


def report_text(document: Header) -> str:
    """Return the content of an SR as plain text, one content item a line."""
    return "\n".join(line.text for line in report_lines(document))


def _walk(item: Header, depth: int, lines: list[ReportLine], *, goes_on: bool = False) -> None:
    if len(lines) >= MAX_LINES:
        return
    if depth > MAX_DEPTH:
        lines.append(ReportLine(MAX_DEPTH, "", "[…]"))
        return
    name, value = _name(item), _value(item)
    if (name or value) and not goes_on:
        lines.append(ReportLine(depth, name, value))
    section = ""
    for child in item.items("ContentSequence"):
        # A long section may come as several containers of one heading; below the first level each one counts.
        heading = _name(child) if depth == 0 and child.text("ValueType") == "CONTAINER" else ""
        _walk(child, depth + 1, lines, goes_on=bool(heading) and heading == section)
        section = heading


def _name(item: Header) -> str:
    return item.item("ConceptNameCodeSequence").text("CodeMeaning")


def _value(item: Header) -> str:
    kind = item.text("ValueType")
    simple = {"TEXT": "TextValue", "DATE": "Date", "TIME": "Time", "DATETIME": "DateTime", "UIDREF": ""}
    if kind in simple:
        return item.text(simple[kind]) if simple[kind] else ""
    if kind == "CODE":
        return item.item("ConceptCodeSequence").text("CodeMeaning")
    if kind == "PNAME":
        return item.person("PersonName").display
    if kind == "NUM":
        measured = item.item("MeasuredValueSequence")
        unit = measured.item("MeasurementUnitsCodeSequence")
        return f"{measured.text('NumericValue')} {unit.text('CodeMeaning') or unit.text('CodeValue')}".strip()
    return ""
