"""A report to the bytes of its PDF, the same bytes every time."""

from workstation.report.document.body import Pictures, draw_body
from workstation.report.document.dates import printed_date, printed_moment
from workstation.report.document.front import draw_front
from workstation.report.document.metadata import PRODUCER, xmp_metadata
from workstation.report.document.page import ACCENT, BOTTOM_MM, MARGIN_MM, MUTED, RULE, ReportPage, Running
from workstation.report.lines import printed_name, statement_lines
from workstation.report.model import Report
from workstation.translations import Translator

_BOX_WIDTH_MM = 82.0
_BOX_HEIGHT_MM = 26.0
_NOTE_MM = 5.0
_PAGE_HEIGHT_MM = 297.0
_PAGE_WIDTH_MM = 210.0
_POINTS_PER_MM = 72 / 25.4

_BOX_LEFT_MM = _PAGE_WIDTH_MM - MARGIN_MM - _BOX_WIDTH_MM
_BOX_TOP_MM = _PAGE_HEIGHT_MM - BOTTOM_MM - _BOX_HEIGHT_MM

SIGNATURE_BOX_PT = tuple(
    round(value * _POINTS_PER_MM)
    for value in (
        _BOX_LEFT_MM,
        _PAGE_HEIGHT_MM - _BOX_TOP_MM - _BOX_HEIGHT_MM,
        _BOX_LEFT_MM + _BOX_WIDTH_MM,
        _PAGE_HEIGHT_MM - _BOX_TOP_MM,
    )
)
"""Where the visible signature goes: left, bottom, right, top in points, always on the last page."""


def build_pdf(report: Report, words: Translator, pictures: Pictures | None = None) -> bytes:
    """Return the PDF of a report.

    Parameters
    ----------
    words
        The strings of the report's language.
    pictures
        The key images as they were shown, uint8, by instance and frame index.
    """
    running = Running(
        title=report.title,
        patient=_patient_line(report),
        warning=_warning(report, words),
        statement="\n".join(statement_lines(report)),
        page_pattern="{page}/{count}",
    )
    page = ReportPage(running, report.language)
    author = printed_name(report.author.name)
    page.set_title(report.title)
    page.set_author(author)
    page.set_creator(PRODUCER)
    page.set_producer(PRODUCER)
    page.set_creation_date(report.written)
    page.set_xmp_metadata(xmp_metadata(report.title, author, report.language, report.written))
    page.add_page()
    draw_front(page, report, words)
    draw_body(page, report, pictures or {}, words)
    _signature_place(page, report, words)
    return bytes(page.output())


def _patient_line(report: Report) -> str:
    patient = report.patient
    parts = (patient.name.display, printed_date(patient.birth_date, report.language), patient.patient_id)
    return "   ".join(part for part in parts if part)


def _warning(report: Report, words: Translator) -> str:
    applies = (
        ("report.document.draft", not report.is_final),
        ("report.demonstration", report.is_final and report.demonstration),
        ("report.document.test_identity", report.patient.is_test),
    )
    return " · ".join(words.text(key) for key, shown in applies if shown)


def _signature_place(page: ReportPage, report: Report, words: Translator) -> None:
    """Leave room for the visible signature at the foot of the last page."""
    if not report.is_final:
        return
    if page.get_y() + 2 > _BOX_TOP_MM - _NOTE_MM:
        page.add_page()
    page.set_auto_page_break(False)
    note = words.text(
        "report.document.signature_note",
        name=printed_name(report.author.name),
        time=printed_moment(report.written, words.language),
    )
    page.set_xy(MARGIN_MM, _BOX_TOP_MM)
    width = page.epw - _BOX_WIDTH_MM - _NOTE_MM
    page.write_line(words.text("report.document.signature"), size=9, style="B", colour=ACCENT, width=width)
    page.set_x(MARGIN_MM)
    page.write_line(note, size=8, colour=MUTED, width=width)
    page.set_draw_color(*RULE)
    page.set_line_width(0.2)
    page.rect(_BOX_LEFT_MM, _BOX_TOP_MM, _BOX_WIDTH_MM, _BOX_HEIGHT_MM)
