"""Radiation dose reports as a table: one row an irradiation event, and the totals given beside those computed.

Source: PS3.16 TID 10001, 10003 (projection), 10011, 10013 (CT).
"""

from dataclasses import dataclass, replace

from workstation.dicom.header import Header
from workstation.dicom.objects.content_tree import (
    ContentItem,
    content_tree,
    measured_text,
    measured_value,
    number_text,
    unit_text,
    value_text,
)
from workstation.dicom.objects.model import Block, Contents, Entry, Grid, Heading, Phrase, ReadObject, Text
from workstation.dicom.objects.report import about, read_report

DOSE_REPORT = "113701"
_EVENTS = ("113819", "113706")
_ACCUMULATED = ("113811", "113702")
_LATERALITY = ("G-C171", "272741003")
_COUNT = "113812"

# The columns, as far as events fill them: the key of the heading, and the concepts that may stand in it.
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("started", ("111526",)),
    ("protocol", ("125203",)),
    ("type", ("113820", "113721")),
    ("region", ("123014",)),
    ("side", _LATERALITY),
    ("view", ("111031",)),
    ("voltage", ("113733",)),
    ("current", ("113734",)),
    ("exposure", ("113736",)),
    ("ctdi_vol", ("113830",)),
    ("phantom", ("113835",)),
    ("dlp", ("113838",)),
    ("dap", ("122130",)),
    ("dose_rp", ("113738",)),
    ("glandular", ("111631",)),
)


@dataclass(frozen=True, slots=True)
class _Total:
    """A total that a report gives, and the value of the events that adds up to it."""

    key: str
    given: str
    event: str


TOTALS = (
    _Total("dlp", "113813", "113838"),
    _Total("dap", "113722", "122130"),
    _Total("dose_rp", "113725", "113738"),
    _Total("glandular", "111637", "111631"),
)
# A total and its events are rounded one by one; they differ when they differ by more than this part.
_ROUNDING = 0.01


def read_dose(header: Header, contents: Contents) -> ReadObject:
    """Return a dose report; its whole content follows the tables."""
    whole = read_report(header, contents)
    tree = content_tree(header)
    events = [one for code in _EVENTS for one in tree.root.all(code)]
    accumulated = [one for code in _ACCUMULATED for one in tree.root.all(code)]
    blocks: list[Block] = [*about(header)]
    blocks += [Heading(0, Phrase("objects.dose.totals")), _totals(accumulated, events)]
    blocks += [Entry(0, "", sentence) for sentence in _contradictions(accumulated, events)]
    blocks += [Heading(0, Phrase("objects.dose.events")), _events(events)]
    rest = whole.blocks[len(about(header)) :]
    return replace(whole, kind="dose", blocks=(*blocks, Heading(0, Phrase("objects.dose.whole")), *rest))


def is_dose(header: Header) -> bool:
    """Whether a report says that it is one of dose, whatever its class."""
    return header.item("ConceptNameCodeSequence").text("CodeValue") == DOSE_REPORT


def _events(events: list[ContentItem]) -> Grid:
    filled = [(key, codes) for key, codes in COLUMNS if any(_cell(event, codes) for event in events)]
    rows: list[tuple[Text, ...]] = [
        (str(number), *(_cell(event, codes) for _, codes in filled)) for number, event in enumerate(events, start=1)
    ]
    return Grid(("", *(Phrase(f"objects.dose.column.{key}") for key, _ in filled)), tuple(rows))


def _cell(event: ContentItem, codes: tuple[str, ...]) -> str:
    found = next((item for code in codes if (item := event.find(code)) is not None), None)
    return "" if found is None else value_text(found)


def _totals(accumulated: list[ContentItem], events: list[ContentItem]) -> Grid:
    rows: list[tuple[Text, ...]] = []
    stated = [item for one in accumulated if (item := one.find(_COUNT)) is not None]
    given = number_text(sum(measured_value(item) or 0.0 for item in stated)) if stated else ""
    rows.append((Phrase("objects.dose.total.count"), given, str(len(events))))
    for total in TOTALS:
        found = [item for one in accumulated for item in one.all(total.given) if measured_value(item) is not None]
        computed = _computed(total, events)
        if found or computed is not None:
            words = ", ".join(" ".join(part for part in (_side(item), measured_text(item)) if part) for item in found)
            rows.append((Phrase(f"objects.dose.total.{total.key}"), words, "" if computed is None else computed[1]))
    columns = (Phrase("objects.dose.sum"), Phrase("objects.dose.given"), Phrase("objects.dose.computed"))
    return Grid(columns, tuple(rows))


def _side(item: ContentItem) -> str:
    return next((value_text(one) for code in _LATERALITY if (one := item.find(code)) is not None), "")


def _computed(total: _Total, events: list[ContentItem]) -> tuple[float, str] | None:
    """Return what the events add up to, as a number and in words; nothing where their units differ."""
    found = [item for event in events if (item := event.find(total.event)) is not None]
    values = [value for item in found if (value := measured_value(item)) is not None]
    units = {unit_text(item) for item in found if measured_value(item) is not None}
    if not values or len(units) != 1:
        return None
    summed = sum(values)
    return summed, f"{summed:.6g} {units.pop()}".strip()


def _contradictions(accumulated: list[ContentItem], events: list[ContentItem]) -> list[Text]:
    """Return a sentence for each total that is not what its events add up to."""
    sentences: list[Text] = []
    for total in TOTALS:
        found = [item for one in accumulated for item in one.all(total.given) if measured_value(item) is not None]
        computed = _computed(total, events)
        if not found or computed is None or _bare(unit_text(found[0])) != _bare(computed[1].partition(" ")[2]):
            continue
        given = sum(measured_value(item) or 0.0 for item in found)
        if abs(given - computed[0]) > _ROUNDING * max(abs(given), abs(computed[0])):
            sentences.append(Phrase("objects.dose.differs", (("total", f"{given:.6g}"), ("computed", computed[1]))))
    return sentences


def _bare(unit: str) -> str:
    return unit.replace(".", "").replace("·", "")
