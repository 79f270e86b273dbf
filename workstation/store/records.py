"""Drafts as JSON, version by version: the form they have in the database and in the journal."""

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID
from workstation.domain.identifiers import DraftId, RequestId
from workstation.domain.reader import Reader
from workstation.domain.report import (
    Agreement,
    Answers,
    CriticalResult,
    Draft,
    DraftState,
    Grade,
    KeyImage,
)
from workstation.store.errors import RecordDamaged
from workstation.store.fields import Fields, JsonObject, encode

DRAFT_VERSION = 1


def draft_to_json(draft: Draft) -> str:
    """Return the text of one draft."""
    return encode(
        {
            "version": DRAFT_VERSION,
            "id": draft.id,
            "study": draft.study,
            "request": draft.request,
            "template": draft.template,
            "language": draft.language,
            "answers": _answers(draft.answers),
            "annotations": [_annotation(annotation) for annotation in draft.annotations],
            "author": reader_to_object(draft.author),
            "created": draft.created.isoformat(),
            "saved": draft.saved.isoformat(),
            "state": draft.state.value,
            "view_state": draft.view_state,
        }
    )


def draft_from_json(text: str) -> Draft:
    """Read one draft back.

    Raises
    ------
    RecordDamaged
        When the text is not one that ``draft_to_json`` writes.
    """
    fields = Fields.parse(text, DRAFT_VERSION)
    request = fields.optional_text("request")
    return Draft(
        id=DraftId(fields.text("id")),
        study=StudyUID(fields.text("study")),
        request=None if request is None else RequestId(request),
        template=fields.text("template"),
        language=fields.text("language"),
        answers=_read_answers(fields.record("answers")),
        annotations=tuple(_read_annotation(item) for item in fields.records("annotations")),
        author=reader_from_fields(fields.record("author")),
        created=fields.time("created"),
        saved=fields.time("saved"),
        state=fields.choice("state", DraftState),
        view_state=fields.text("view_state"),
    )


def reader_to_object(reader: Reader) -> JsonObject:
    """Return a reader as a JSON object."""
    return {"name": reader.name, "identifier": reader.identifier, "organisation": reader.organisation}


def reader_from_fields(fields: Fields) -> Reader:
    """Read a reader back."""
    return Reader(fields.text("name"), fields.text("identifier"), fields.text("organisation"))


def _answers(answers: Answers) -> JsonObject:
    agreement, critical = answers.agreement, answers.critical
    return {
        "sections": dict(answers.sections),
        "agreement": None if agreement is None else _agreement(agreement),
        "critical": None if critical is None else _critical(critical),
        "addendum": answers.addendum,
        "key_images": [
            {"instance": image.instance, "frame_index": image.frame_index, "text": image.text}
            for image in answers.key_images
        ],
        "fields": dict(answers.fields),
    }


def _read_answers(fields: Fields) -> Answers:
    agreement, critical = fields.optional_record("agreement"), fields.optional_record("critical")
    return Answers(
        sections=fields.text_map("sections"),
        agreement=None if agreement is None else _read_agreement(agreement),
        critical=None if critical is None else _read_critical(critical),
        addendum=fields.text("addendum"),
        key_images=tuple(
            KeyImage(InstanceUID(image.text("instance")), image.integer("frame_index"), image.text("text"))
            for image in fields.records("key_images")
        ),
        fields=fields.scalar_map("fields"),
    )


def _agreement(agreement: Agreement) -> JsonObject:
    return {
        "grade": agreement.grade.value,
        "type": agreement.type,
        "impact": agreement.impact,
        "reason": agreement.reason,
    }


def _read_agreement(fields: Fields) -> Agreement:
    return Agreement(fields.choice("grade", Grade), fields.text("type"), fields.text("impact"), fields.text("reason"))


def _critical(critical: CriticalResult) -> JsonObject:
    return {
        "finding": critical.finding,
        "identified_at": critical.identified_at,
        "communicated_by": critical.communicated_by,
        "received_by": critical.received_by,
        "received_at": critical.received_at,
        "method": critical.method,
        "category": critical.category,
        "read_back": critical.read_back,
    }


def _read_critical(fields: Fields) -> CriticalResult:
    return CriticalResult(
        finding=fields.text("finding"),
        identified_at=fields.text("identified_at"),
        communicated_by=fields.text("communicated_by"),
        received_by=fields.text("received_by"),
        received_at=fields.text("received_at"),
        method=fields.text("method"),
        category=fields.integer("category"),
        read_back=fields.boolean("read_back"),
    )


def _annotation(annotation: Annotation) -> JsonObject:
    return {
        "id": annotation.id,
        "tool": annotation.tool,
        "points_lps": [list(point) for point in annotation.points_lps],
        "frame_of_reference": annotation.frame_of_reference,
        "series": annotation.series,
        "instance": annotation.instance,
        "frame_index": annotation.frame_index,
        "text": annotation.text,
    }


def _read_annotation(fields: Fields) -> Annotation:
    frame_of_reference = fields.optional_text("frame_of_reference")
    return Annotation(
        id=AnnotationId(fields.text("id")),
        tool=fields.text("tool"),
        points_lps=tuple(_read_point(point) for point in fields.items("points_lps")),
        frame_of_reference=None if frame_of_reference is None else FrameOfReferenceUID(frame_of_reference),
        series=SeriesUID(fields.text("series")),
        instance=InstanceUID(fields.text("instance")),
        frame_index=fields.integer("frame_index"),
        text=fields.text("text"),
    )


def _read_point(point: object) -> tuple[float, float, float]:
    if not isinstance(point, list) or len(point) != 3:
        raise RecordDamaged("a point has three coordinates")
    numbers = [float(value) for value in point if isinstance(value, int | float)]
    if len(numbers) != 3:
        raise RecordDamaged("a coordinate is not a number")
    return (numbers[0], numbers[1], numbers[2])
