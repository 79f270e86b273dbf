"""Sentences that the program adds to a report, in the report's language; the SR and the PDF share them."""

from viewers.annotations.model import MeasuredValue
from viewers.state.marks import SPACING_MARKS
from workstation.domain.patient import PersonName
from workstation.domain.report import Grade
from workstation.report.composer import printed_number
from workstation.report.model import Report
from workstation.translations import Translator, translator


def labelled(language: str, label: str, value: str) -> str:
    """Return "label: value" with the language's spacing."""
    return translator(language).text("report.labelled", label=label, value=value)


def grade_sentence(grade: Grade, language: str) -> str:
    """Return what a grade of agreement means, at most 64 characters: it is a code's meaning in the SR."""
    return translator(language).text(f"report.grades.{grade.value}")


def agreement_lines(report: Report) -> tuple[str, ...]:
    """Return the grade in words, then type, impact and reason where they are given."""
    agreement = report.agreement
    if agreement is None:
        return ()
    words = translator(report.language)
    details = (("type", agreement.type), ("impact", agreement.impact), ("reason", agreement.reason))
    return (
        grade_sentence(agreement.grade, report.language),
        *(
            labelled(report.language, words.text(f"report.agreement.{name}"), value.strip())
            for name, value in details
            if value.strip()
        ),
    )


def critical_lines(report: Report) -> tuple[str, ...]:
    """Return the record of a critical result: its category, six fields, whether it was read back."""
    critical = report.critical
    if critical is None:
        return ()
    words = translator(report.language)
    fields = (
        ("finding", critical.finding),
        ("identified_at", critical.identified_at),
        ("communicated_by", critical.communicated_by),
        ("received_by", critical.received_by),
        ("received_at", critical.received_at),
        ("method", critical.method),
    )
    absent = words.text("report.critical.absent")
    read_back = words.text("report.yes" if critical.read_back else "report.no")
    return (
        words.text(f"report.critical.category_{critical.category}"),
        *(
            labelled(report.language, words.text(f"report.critical.{name}"), value.strip() or absent)
            for name, value in fields
        ),
        labelled(report.language, words.text("report.critical.read_back"), read_back),
    )


def statement_lines(report: Report) -> tuple[str, ...]:
    """Return the statement of intended use, and the mark of a demonstration identity."""
    words = translator(report.language)
    lines = [words.text("report.intended_use")]
    if report.demonstration:
        lines.append(words.text("report.demonstration"))
    return tuple(lines)


def measure_name(value: MeasuredValue, words: Translator) -> str:
    """Return the name of a measured value; the concept's meaning where the program has no word for it."""
    key = f"report.measures.{value.name}"
    return words.text(key) if words.has(key) else value.concept[2]


def measured_text(value: MeasuredValue, language: str) -> str:
    """Return a measured value with its unit, rounded as it is read: one decimal, two below ten."""
    decimals = 1 if abs(value.value) >= 10 else 2
    space = "" if value.unit_label == "°" else " "
    return f"{printed_number(round(value.value, decimals), language)}{space}{value.unit_label}".strip()


def measure_remark(value: MeasuredValue, words: Translator) -> str:
    """Return what the reader must know of the pixels that were measured and of their size, or nothing."""
    remarks = [
        ("report.measured_on_lossy", value.on_lossy),
        ("report.measured_on_partial", value.on_partial),
        ("report.measured_on_reduced", value.on_reduced),
    ]
    said = [words.text(key) for key, applies in remarks if applies]
    if value.spacing in SPACING_MARKS:
        said.insert(0, words.text(f"viewport.mark.{SPACING_MARKS[value.spacing]}"))
    return ", ".join(said)


def printed_name(name: str) -> str:
    """Return a name for people, whether it was written with carets or not."""
    return PersonName.parse(name).display


def requester_line(report: Report) -> str:
    """Return who asked and how to reach them; empty without a request."""
    if report.request is None:
        return ""
    requester = report.request.requester
    known = (printed_name(requester.name), requester.organisation, requester.telephone)
    label = translator(report.language).text("report.requested_by")
    return labelled(report.language, label, ", ".join(part for part in known if part))
