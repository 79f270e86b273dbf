"""A report to the bytes of its PDF, the same bytes every time."""

from workstation.report.document.body import Pictures, draw_body
from workstation.report.document.dates import printed_date, printed_moment
from workstation.report.document.front import draw_front
from workstation.report.document.metadata import PRODUCER, xmp_metadata
from workstation.report.document.page import ACCENT, INK, MARGIN_MM, MUTED, RULE, ReportPage, Running
from workstation.report.lines import printed_name, statement_lines
from workstation.report.model import Report
from workstation.translations import Translator

_PAD_MM = 3.0
_BOX_MM = 24.0


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
    """Name who signs and when, in one box that is never torn; the signature itself is in the file."""
    if not report.is_final:
        return
    page.ln(4)
    page.keep_together(_BOX_MM)
    author, top = report.author, page.get_y()
    identifier = words.text("report.document.reader_identifier", identifier=author.identifier)
    signer = ", ".join((printed_name(author.name), identifier, author.organisation))
    moment = printed_moment(report.written, words.language)
    width = page.epw - 2 * _PAD_MM
    lines = (
        (words.text("report.document.signature"), 9.0, "B", ACCENT),
        (signer, 9.0, "B", INK),
        (words.text("report.document.signature_note", time=moment), 8.0, "", MUTED),
    )
    page.set_xy(MARGIN_MM + _PAD_MM, top + _PAD_MM)
    for text, size, style, colour in lines:
        page.set_x(MARGIN_MM + _PAD_MM)
        page.write_line(text, size=size, style=style, colour=colour, width=width)
    page.set_draw_color(*RULE)
    page.set_line_width(0.3)
    page.rect(MARGIN_MM, top, page.epw, page.get_y() + _PAD_MM - top)
