"""The first page's head: patient with the strict traits, examination, requester, reader, and the question."""

from workstation.domain.patient import Patient
from workstation.report.document.dates import printed_date, printed_moment
from workstation.report.document.page import (
    ACCENT,
    FAMILY,
    INK,
    LINE_MM,
    MARGIN_MM,
    MUTED,
    SHADE,
    TEXT_PT,
    ReportPage,
)
from workstation.report.lines import printed_name
from workstation.report.model import Report
from workstation.translations import Translator

_GAP_MM = 4.0
_PAD_MM = 2.2
_QUESTION_LINE_MM = LINE_MM * 10 / TEXT_PT
_SEXES = {"F": "female", "M": "male", "O": "other"}

Row = tuple[str, str]


def draw_front(page: ReportPage, report: Report, words: Translator) -> None:
    """Draw title, the four blocks of facts, and the question."""
    page.write_line(report.title, size=17, style="B", colour=ACCENT)
    page.write_line(report.author.organisation, size=TEXT_PT, colour=MUTED)
    page.ln(2)
    width = (page.epw - _GAP_MM) / 2
    pairs = (
        ((words.text("report.document.patient"), patient_rows(report.patient, words)), _study(report, words)),
        (_requester(report, words), _reader(report, words)),
    )
    for left, right in pairs:
        top = page.get_y()
        bottoms = [
            _block(page, MARGIN_MM, top, width, left),
            _block(page, MARGIN_MM + width + _GAP_MM, top, width, right),
        ]
        page.set_xy(MARGIN_MM, max(bottoms) + 2.5)
    _question(page, report)


def patient_rows(patient: Patient, words: Translator) -> list[Row]:
    """Return the traits of the patient, each named; an absent one is said to be absent."""
    unknown = words.text("report.document.unknown")
    sex = _SEXES.get(patient.sex, "")
    kind = "report.document.qualified" if patient.is_qualified else "report.document.unqualified"
    issuer = f"{patient.issuer}, " if patient.issuer else ""
    return [
        (words.text("report.document.name"), patient.name.display or unknown),
        (words.text("report.document.birth_name"), patient.birth_name.replace("^", " ").strip() or unknown),
        (words.text("report.document.birth_date"), printed_date(patient.birth_date, words.language) or unknown),
        (words.text("report.document.sex"), words.text(f"report.document.{sex}") if sex else unknown),
        (words.text("report.document.identifier"), f"{patient.patient_id or unknown} ({issuer}{words.text(kind)})"),
    ]


def study_name(description: str, date: str, words: Translator) -> str:
    """Return what an examination is called: its description and its date."""
    described = description or words.text("report.document.study")
    if not date:
        return words.text("report.document.study_undated", description=described)
    return words.text("report.document.study_of", description=described, date=printed_date(date, words.language))


def _image_modalities(report: Report) -> list[str]:
    found = {one.header.text("Modality") for one in report.current if one.is_image}
    return sorted(found - {""})


def _study(report: Report, words: Translator) -> tuple[str, list[Row]]:
    study = report.study
    accession = (report.request.accession if report.request else "") or study.accession
    rows = [
        (words.text("report.document.study"), study_name(study.description, study.date, words)),
        (words.text("report.document.modalities"), ", ".join(_image_modalities(report))),
        (words.text("report.document.accession"), accession),
    ]
    return words.text("report.document.study"), rows


def _requester(report: Report, words: Translator) -> tuple[str, list[Row]]:
    title = words.text("report.document.requester")
    request = report.request
    if request is None:
        return title, [(title, words.text("report.document.unknown"))]
    arrival = request.arrival.astimezone(report.written.tzinfo)
    return title, [
        (words.text("report.document.name"), printed_name(request.requester.name)),
        ("", request.requester.organisation),
        (words.text("report.document.telephone"), request.requester.telephone),
        (words.text("report.document.received"), printed_moment(arrival, words.language)),
    ]


def _reader(report: Report, words: Translator) -> tuple[str, list[Row]]:
    author = report.author
    return words.text("report.document.reader"), [
        (words.text("report.document.name"), printed_name(author.name)),
        (
            words.text("report.document.identifier"),
            words.text("report.document.reader_identifier", identifier=author.identifier),
        ),
        ("", author.organisation),
        (words.text("report.document.written"), printed_moment(report.written, words.language)),
    ]


def _block(page: ReportPage, left: float, top: float, width: float, block: tuple[str, list[Row]]) -> float:
    """Draw one block of labelled rows and return where it ends."""
    title, rows = block
    label_width = 30.0
    page.set_xy(left, top)
    page.write_line(title, size=8, style="B", colour=ACCENT, width=width)
    for label, value in rows:
        if not value:
            continue
        y = page.get_y()
        page.set_xy(left, y)
        page.write_line(label, size=7.5, colour=MUTED, width=label_width)
        label_end = page.get_y()
        page.set_xy(left + label_width, y)
        page.write_line(value, size=8.5, colour=INK, width=width - label_width)
        page.set_y(max(label_end, page.get_y()))
    return float(page.get_y())


def _question(page: ReportPage, report: Report) -> None:
    """Draw the question in a shaded box, where the eye falls first."""
    section = report.section("question")
    if section is None or not section.text:
        return
    page.ln(1)
    page.set_font(FAMILY, "B", 10)
    inner = page.epw - 2 * _PAD_MM
    lines = page.multi_cell(inner, _QUESTION_LINE_MM, section.text, dry_run=True, output="LINES")
    count = len(lines) if isinstance(lines, list) else 1
    height = LINE_MM + count * _QUESTION_LINE_MM + 2 * _PAD_MM
    top = page.get_y()
    page.set_fill_color(*SHADE)
    page.rect(MARGIN_MM, top, page.epw, height, style="F")
    page.set_xy(MARGIN_MM + _PAD_MM, top + _PAD_MM)
    page.write_line(section.title, size=8, style="B", colour=ACCENT, width=inner)
    page.set_x(MARGIN_MM + _PAD_MM)
    page.write_line(section.text, size=10, style="B", width=inner)
    page.set_xy(MARGIN_MM, max(page.get_y(), top + height) + 1)
