"""The sections in order, with quotations, measurements, key images and the record of a critical result."""

from collections.abc import Mapping

from fpdf.fonts import FontFace

from viewers.identifiers import InstanceUID
from workstation.domain.report import Grade
from workstation.report.context import FirstReport
from workstation.report.document.dates import printed_date
from workstation.report.document.page import (
    ACCENT,
    FAMILY,
    INK,
    LINE_MM,
    MARGIN_MM,
    MUTED,
    PAPER,
    RULE,
    SHADE,
    WARNING,
    ReportPage,
)
from workstation.report.document.pictures import Picture, draw_key_images
from workstation.report.lines import (
    agreement_lines,
    critical_lines,
    labelled,
    measure_name,
    measure_remark,
    measured_text,
    printed_name,
)
from workstation.report.model import Report, ReportSection
from workstation.translations import Translator

Pictures = Mapping[tuple[InstanceUID, int], Picture]

_QUOTE_INDENT_MM = 5.0
_FRONT = "question"


def draw_body(page: ReportPage, report: Report, pictures: Pictures, words: Translator) -> None:
    """Draw everything below the question."""
    if report.addendum:
        page.heading(words.text("report.document.addendum"))
        page.write_line(report.addendum)
    for section in report.sections:
        _section(page, section, report, words)
        if section.id == "findings":
            _measurements(page, report, words)
            draw_key_images(page, report, pictures, words)
        if section.id == "recommendations" and report.critical is not None:
            page.heading(words.text("report.critical.title"))
            lines = critical_lines(report)
            page.write_line(lines[0], style="B", colour=WARNING)
            page.write_line("\n".join(lines[1:]))


def _section(page: ReportPage, section: ReportSection, report: Report, words: Translator) -> None:
    quoted = report.first_reports if section.id == "first_report" else ()
    if section.id == _FRONT or not (section.text or section.fields or quoted or section.id == "agreement"):
        return
    page.heading(section.title)
    if section.id == "agreement":
        _agreement(page, report)
    elif section.text:
        page.write_line(section.text, style="B" if section.id == "conclusion" else "")
    for field in section.fields:
        page.write_line(labelled(report.language, field.label, field.text))
    for one in quoted:
        _quotation(page, one, words)


def _agreement(page: ReportPage, report: Report) -> None:
    lines = agreement_lines(report)
    if report.agreement is None or not lines:
        return
    grave = report.agreement.grade in (Grade.A2, Grade.A3)
    page.write_line(lines[0], style="B", colour=WARNING if grave else ACCENT)
    if lines[1:]:
        page.write_line("\n".join(lines[1:]))


def _quotation(page: ReportPage, first: FirstReport, words: Translator) -> None:
    """Quote the first report beside a bar, so that nobody takes it for the second reader's words."""
    if not first.excerpt:
        return
    page.ln(1)
    page.keep_together(3 * LINE_MM)
    start, first_page = page.get_y(), page.page_no()
    page.set_left_margin(MARGIN_MM + _QUOTE_INDENT_MM)
    source = words.text("report.document.quoted_plain")
    if first.author and first.date:
        date = printed_date(first.date, words.language)
        source = words.text("report.document.quoted", author=printed_name(first.author), date=date)
    page.set_x(MARGIN_MM + _QUOTE_INDENT_MM)
    page.write_line(source, size=7.5, colour=MUTED)
    page.write_line(first.excerpt, style="I")
    page.set_left_margin(MARGIN_MM)
    if page.page_no() == first_page:
        page.set_draw_color(*RULE)
        page.set_line_width(0.8)
        page.line(MARGIN_MM + 2, start, MARGIN_MM + 2, page.get_y())
    page.set_x(MARGIN_MM)


def _measurements(page: ReportPage, report: Report, words: Translator) -> None:
    rows = [
        (
            f"M{number}",
            one.annotation.text.strip() if order == 0 else "",
            measure_name(value, words),
            measured_text(value, report.language),
            measure_remark(value, words),
        )
        for number, one in enumerate(report.measurements, start=1)
        for order, value in enumerate(one.values)
    ]
    if not rows:
        return
    columns = ["mark", "label", "measure", "value", "remark"]
    if not any(row[4] for row in rows):
        rows, columns = [(*row[:4], "") for row in rows], columns[:4]
    page.heading(words.text("report.document.measurements"))
    page.set_font(FAMILY, "", 8)
    page.set_text_color(*INK)
    page.set_fill_color(*PAPER)
    page.set_draw_color(*RULE)
    page.set_line_width(0.2)
    widths = (8, 40, 26, 24, 28)[: len(columns)]
    heading = FontFace(emphasis="BOLD", color=ACCENT, fill_color=SHADE)
    with page.table(
        col_widths=widths, line_height=LINE_MM, headings_style=heading, text_align="LEFT", padding=(0.4, 1)
    ) as table:
        table.row([words.text(f"report.document.column_{name}") for name in columns])
        for row in rows:
            table.row([page.printable(cell) for cell in row[: len(columns)]])
    page.ln(1)
