"""All objects of one report, unsigned, in the order in which they are pushed."""

from dataclasses import dataclass

from pydicom.uid import EncapsulatedPDFStorage

from workstation.domain.delivery import ObjectRole
from workstation.domain.study import InstanceReference
from workstation.report.model import Report
from workstation.report.structured.encapsulated import encapsulate_pdf
from workstation.report.structured.key_images import build_key_images, key_images_reference
from workstation.report.structured.objects import ReportUids
from workstation.report.structured.presentation import build_presentation_states
from workstation.report.structured.presentation_plan import presentation_references
from workstation.report.structured.report_sr import build_sr, report_reference


@dataclass(frozen=True, slots=True)
class UnsignedObject:
    """One finished object that awaits its signature."""

    role: ObjectRole
    reference: InstanceReference
    part10: bytes


def build_objects(report: Report, uids: ReportUids, pdf: bytes) -> tuple[UnsignedObject, ...]:
    """Build presentation states, key images, SR and the PDF's object.

    Parameters
    ----------
    pdf
        The document as it will be stored: already signed where it is to carry a signature of its own.

    Raises
    ------
    ImageNotInEvidence
        The report points to an image that was not read.
    """
    states = zip(presentation_references(report, uids), build_presentation_states(report, uids), strict=True)
    objects = [UnsignedObject(ObjectRole.PRESENTATION, reference, part10) for reference, part10 in states]
    key_images, reference = build_key_images(report, uids), key_images_reference(report, uids)
    if key_images is not None and reference is not None:
        objects.append(UnsignedObject(ObjectRole.KEY_IMAGES, reference, key_images))
    objects.append(UnsignedObject(ObjectRole.REPORT, report_reference(report, uids), build_sr(report, uids)))
    document = InstanceReference(
        report.study.uid, uids.document.series, uids.document.instance, str(EncapsulatedPDFStorage)
    )
    objects.append(UnsignedObject(ObjectRole.DOCUMENT, document, encapsulate_pdf(pdf, report, uids)))
    return tuple(objects)
