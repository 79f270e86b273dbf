"""Draft, context and template to the frozen report."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from viewers.identifiers import SeriesUID
from viewers.image.description import Window
from workstation.domain.report import AcceptedGap, Answers, Draft, KeyImage
from workstation.report.checks import missing_sections
from workstation.report.context import ReportContext
from workstation.report.errors import ImageNotInEvidence, ObserverIncomplete, ReportIncomplete
from workstation.report.model import Report, ReportField, ReportImage, ReportSection, ReportStatus
from workstation.report.template import FieldKind, FieldSpec, SectionSpec, Template
from workstation.translations import translator

LIMITS = "limits"


def compose(
    draft: Draft,
    context: ReportContext,
    template: Template,
    accepted: Sequence[AcceptedGap] = (),
    *,
    written: datetime,
    status: ReportStatus = ReportStatus.FINAL,
    windows: Mapping[SeriesUID, Window] | None = None,
) -> Report:
    """Freeze a draft into a report.

    Parameters
    ----------
    written
        When, in the reader's zone: it becomes the content date and the time of verification.
    windows
        The window shown for each annotated series, in modality values.

    Raises
    ------
    ReportIncomplete
        A final report lacks required sections; ``details["sections"]`` names them.
    ObserverIncomplete
        The reader lacks a name, an identifier or an organisation.
    ImageNotInEvidence
        No instance of the study was read, or a key image or an annotation lies on an instance that was not.
    """
    answers = draft.answers
    if status is ReportStatus.FINAL:
        _refuse_incomplete(template, answers, context)
    if not any(one.is_image for one in context.current):
        raise ImageNotInEvidence("no image of the reported study was read")
    for annotation in draft.annotations:
        if context.header_of(annotation.instance) is None:
            raise ImageNotInEvidence("an annotation lies on an image that was not read")
    return Report(
        template=template.id,
        title=template.title.text(draft.language),
        document=template.document,
        language=draft.language,
        status=status,
        patient=context.patient,
        study=context.study,
        author=context.reader,
        written=written.replace(microsecond=0),
        sections=tuple(_section(spec, template, answers, accepted, draft.language) for spec in template.sections),
        agreement=answers.agreement,
        critical=answers.critical,
        evidence=tuple(context.evidence),
        request=context.request,
        addendum=answers.addendum.strip(),
        key_images=tuple(_key_image(image, context) for image in answers.key_images),
        annotations=draft.annotations,
        measurements=context.measurements,
        first_reports=context.first_reports,
        predecessors=context.predecessors,
        windows=windows,
        demonstration=context.demonstration,
    )


def _refuse_incomplete(template: Template, answers: Answers, context: ReportContext) -> None:
    missing = missing_sections(template, answers, context.modalities)
    if missing:
        raise ReportIncomplete("required sections are empty", sections=", ".join(missing))
    if not context.reader.is_complete:
        raise ObserverIncomplete("the reader has no complete identity")


def _section(
    spec: SectionSpec, template: Template, answers: Answers, accepted: Sequence[AcceptedGap], language: str
) -> ReportSection:
    lines = [answers.sections.get(spec.id, "").strip()]
    if spec.id == LIMITS:
        lines += [gap.sentence for gap in accepted]
    if spec.id == "agreement" and answers.agreement is not None:
        lines = [answers.agreement.reason.strip()]
    fields = tuple(
        _field(field, answers.fields[field.id], language)
        for field in template.fields
        if field.section == spec.id and answers.fields.get(field.id) not in (None, "")
    )
    text = "\n".join(line for line in lines if line)
    return ReportSection(spec.id, spec.title.text(language), spec.code, spec.item, text, fields)


def _field(spec: FieldSpec, value: str | float | bool, language: str) -> ReportField:
    label = spec.label.text(language)
    if spec.kind is FieldKind.NUMBER:
        number = float(value)
        return ReportField(spec.id, label, printed_number(number, language), number, spec.unit_ucum or "1")
    if spec.kind is FieldKind.YES_NO:
        return ReportField(spec.id, label, translator(language).text("report.yes" if value else "report.no"))
    if spec.kind is FieldKind.CHOICE:
        return ReportField(spec.id, label, spec.choices[str(value)].text(language))
    return ReportField(spec.id, label, str(value).strip())


def printed_number(value: float, language: str) -> str:
    """Return a number as people of the language read it: a decimal comma in French."""
    text = f"{value:.10g}"
    return text.replace(".", ",") if language == "fr" else text


def _key_image(image: KeyImage, context: ReportContext) -> ReportImage:
    stored = context.header_of(image.instance)
    if stored is None or image.frame_index >= stored.frames:
        raise ImageNotInEvidence("a key image was not read, or has no such frame")
    return ReportImage(stored, image.frame_index, image.text.strip())
