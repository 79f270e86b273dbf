"""The key images as a key object selection. Source: PS3.3 A.35.4, PS3.16 TID 2010.

It belongs to one study: key images of priors are named in the SR only. The image items carry no purpose of reference,
which the template forbids.
"""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import KeyObjectSelectionDocumentStorage

from workstation.domain.study import InstanceReference
from workstation.report.model import Report, ReportImage
from workstation.report.structured import codes
from workstation.report.structured.content import (
    CONTAINS,
    HAS_CONCEPT_MODIFIER,
    HAS_OBSERVATION_CONTEXT,
    code,
    image,
    person,
    referenced,
    text,
)
from workstation.report.structured.evidence import hierarchy, request_sequence
from workstation.report.structured.objects import ObjectKind, ReportUids, set_content_time, start_object
from workstation.report.structured.part10 import write_part10
from workstation.report.structured.presentation_plan import states_by_image

SERIES_NUMBER = 9002


def selected(report: Report) -> tuple[ReportImage, ...]:
    """Return the key images that lie in the reported study."""
    return tuple(one for one in report.key_images if one.stored.reference.study == report.study.uid)


def key_images_reference(report: Report, uids: ReportUids) -> InstanceReference | None:
    """Return how other objects name the key object selection; ``None`` where there is none."""
    if not selected(report):
        return None
    return InstanceReference(
        report.study.uid, uids.key_images.series, uids.key_images.instance, KeyObjectSelectionDocumentStorage
    )


def build_key_images(report: Report, uids: ReportUids) -> bytes | None:
    """Return the unsigned key object selection as Part 10 bytes; ``None`` where the study has no key image."""
    images = selected(report)
    if not images:
        return None
    kind = ObjectKind(KeyObjectSelectionDocumentStorage, "KO", SERIES_NUMBER, report.title)
    dataset = start_object(report, uids.key_images, kind)
    set_content_time(dataset, report)
    dataset.ReferencedPerformedProcedureStepSequence = Sequence([])
    dataset.ReferencedRequestSequence = request_sequence(report)
    states = states_by_image(report, uids)
    used = {one.stored.reference.instance: states.get(one.stored.reference.instance) for one in images}
    evidence = [one.stored.reference for one in images] + [state for state in used.values() if state is not None]
    dataset.CurrentRequestedProcedureEvidenceSequence = hierarchy(evidence)
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = Sequence([codes.code_item(codes.FOR_REPORT_ATTACHMENT)])
    dataset.ContinuityOfContent = "SEPARATE"
    template = Dataset()
    template.MappingResource = "DCMR"
    template.TemplateIdentifier = "2010"
    dataset.ContentTemplateSequence = Sequence([template])
    items = [_image(one, used[one.stored.reference.instance]) for one in images]
    dataset.ContentSequence = Sequence([*_context(report, images), *items])
    codes.declare_schemes(dataset)
    return write_part10(dataset)


def _context(report: Report, images: tuple[ReportImage, ...]) -> list[Dataset]:
    # Its IOD allows nothing below a code, so the country of the language stays out.
    language, _ = codes.LANGUAGES.get(report.language, codes.LANGUAGES["en"])
    items = [
        code(HAS_CONCEPT_MODIFIER, codes.LANGUAGE, language),
        code(HAS_OBSERVATION_CONTEXT, codes.OBSERVER_TYPE, codes.PERSON),
        person(HAS_OBSERVATION_CONTEXT, codes.OBSERVER_NAME, report.author.name),
    ]
    # The template allows one description for the whole selection: it numbers the images in their order.
    lines = [f"{number}. {one.text}" for number, one in enumerate(images, start=1) if one.text]
    if lines:
        items.append(text(CONTAINS, codes.KEY_OBJECT_DESCRIPTION, "\n".join(lines)))
    return items


def _image(one: ReportImage, state: InstanceReference | None) -> Dataset:
    frame = one.frame_index + 1 if one.stored.header.has("NumberOfFrames") else None
    return image(CONTAINS, None, one.stored.reference, frame, None if state is None else referenced(state))
