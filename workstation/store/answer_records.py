"""Words and marks as JSON: the parts of a draft, and of the steps of its history."""

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID
from workstation.domain.report import Agreement, Answers, CriticalResult, Grade, KeyImage
from workstation.store.errors import RecordDamaged
from workstation.store.fields import Fields, JsonObject


def answers_to_object(answers: Answers) -> JsonObject:
    """Return what is written as a JSON object."""
    agreement, critical = answers.agreement, answers.critical
    return {
        "sections": dict(answers.sections),
        "agreement": None if agreement is None else agreement_to_object(agreement),
        "critical": None if critical is None else critical_to_object(critical),
        "addendum": answers.addendum,
        "key_images": [key_image_to_object(image) for image in answers.key_images],
        "fields": dict(answers.fields),
    }


def answers_from_fields(fields: Fields) -> Answers:
    """Read what is written back."""
    agreement, critical = fields.optional_record("agreement"), fields.optional_record("critical")
    return Answers(
        sections=fields.text_map("sections"),
        agreement=None if agreement is None else agreement_from_fields(agreement),
        critical=None if critical is None else critical_from_fields(critical),
        addendum=fields.text("addendum"),
        key_images=tuple(key_image_from_fields(image) for image in fields.records("key_images")),
        fields=fields.scalar_map("fields"),
    )


def key_image_to_object(image: KeyImage) -> JsonObject:
    """Return a key image as a JSON object."""
    return {"instance": image.instance, "frame_index": image.frame_index, "text": image.text}


def key_image_from_fields(fields: Fields) -> KeyImage:
    """Read a key image back."""
    return KeyImage(InstanceUID(fields.text("instance")), fields.integer("frame_index"), fields.text("text"))


def agreement_to_object(agreement: Agreement) -> JsonObject:
    """Return an agreement as a JSON object."""
    return {
        "grade": agreement.grade.value,
        "type": agreement.type,
        "impact": agreement.impact,
        "reason": agreement.reason,
    }


def agreement_from_fields(fields: Fields) -> Agreement:
    """Read an agreement back."""
    return Agreement(fields.choice("grade", Grade), fields.text("type"), fields.text("impact"), fields.text("reason"))


def critical_to_object(critical: CriticalResult) -> JsonObject:
    """Return a critical result as a JSON object."""
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


def critical_from_fields(fields: Fields) -> CriticalResult:
    """Read a critical result back."""
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


def mark_to_object(annotation: Annotation) -> JsonObject:
    """Return a mark as a JSON object."""
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


def mark_from_fields(fields: Fields) -> Annotation:
    """Read a mark back."""
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
