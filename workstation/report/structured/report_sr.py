"""The report as a Comprehensive SR with a root in the shape of TID 2000. Source: PS3.16 TID 2000, PS3.3 A.35.3."""

from collections.abc import Mapping

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ComprehensiveSRStorage

from viewers.identifiers import InstanceUID
from workstation import VERSION
from workstation.dicom.code import Code
from workstation.domain.study import InstanceReference
from workstation.report.errors import ObserverIncomplete
from workstation.report.model import Report
from workstation.report.structured.codes import code_item, declare_schemes, observer_code
from workstation.report.structured.evidence import hierarchy, request_sequence, set_evidence
from workstation.report.structured.key_images import key_images_reference
from workstation.report.structured.objects import ObjectKind, ReportUids, date_time, set_content_time, start_object
from workstation.report.structured.part10 import write_part10
from workstation.report.structured.presentation_plan import presentation_references, states_by_image
from workstation.report.structured.tree import root_children
from workstation.report.structured.words import LONG_STRING, one_line, person_name
from workstation.signing.verifier_layout import laid_out

SERIES_NUMBER = 9001
_PROCESSING = Code("109102", "DCM", "Processing Equipment")


def build_sr(report: Report, uids: ReportUids) -> bytes:
    """Return the unsigned SR as Part 10 bytes.

    Raises
    ------
    ImageNotInEvidence
        The content points to an instance that was not read.
    ObserverIncomplete
        The reader lacks a name, an identifier or an organisation.
    """
    if not report.author.is_complete:
        raise ObserverIncomplete("the reader has no complete identity")
    kind = ObjectKind(ComprehensiveSRStorage, "SR", SERIES_NUMBER, report.title)
    dataset = start_object(report, uids.report, kind)
    set_content_time(dataset, report)
    dataset.ReferencedPerformedProcedureStepSequence = Sequence([])
    dataset.CompletionFlag = "COMPLETE" if report.is_final else "PARTIAL"
    dataset.PreliminaryFlag = "FINAL" if report.is_final else "PRELIMINARY"
    dataset.VerificationFlag = "VERIFIED" if report.is_final else "UNVERIFIED"
    dataset.AuthorObserverSequence = Sequence([_author(report)])
    if report.is_final:
        dataset.VerifyingObserverSequence = Sequence([_verifier(report)])
    dataset.PerformedProcedureCodeSequence = Sequence([])
    dataset.ReferencedRequestSequence = request_sequence(report)
    if report.predecessors:
        dataset.PredecessorDocumentsSequence = hierarchy(report.predecessors)
    states = states_by_image(report, uids)
    _set_content(dataset, report, states)
    key_images = key_images_reference(report, uids)
    own = [*presentation_references(report, uids), *([key_images] if key_images else [])]
    set_evidence(dataset, report, own)
    declare_schemes(dataset)
    dataset.ContributingEquipmentSequence = Sequence([_equipment(report)])
    whole = laid_out(write_part10(dataset))
    if whole is not None:
        return whole
    dataset.ContentSequence = Sequence(root_children(report, states, in_portions=True))
    split = write_part10(dataset)
    return laid_out(split) or split


def report_reference(report: Report, uids: ReportUids) -> InstanceReference:
    """Return how other objects name the SR."""
    return InstanceReference(report.study.uid, uids.report.series, uids.report.instance, ComprehensiveSRStorage)


def _set_content(dataset: Dataset, report: Report, states: Mapping[InstanceUID, InstanceReference]) -> None:
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = Sequence([code_item(report.document)])
    dataset.ContinuityOfContent = "SEPARATE"
    template = Dataset()
    template.MappingResource = "DCMR"
    template.TemplateIdentifier = "2000"
    dataset.ContentTemplateSequence = Sequence([template])
    dataset.ContentSequence = Sequence(root_children(report, states))


def _equipment(report: Report) -> Dataset:
    # Its description is what `laid_out` may fill up.
    item = Dataset()
    item.PurposeOfReferenceCodeSequence = Sequence([code_item(_PROCESSING)])
    item.Manufacturer = "Requis"
    item.SoftwareVersions = VERSION
    anchor = f" Audit {report.audit}." if report.audit else ""
    item.ContributionDescription = f"Written and signed with Requis.{anchor}"
    return item


def _author(report: Report) -> Dataset:
    author = report.author
    item = Dataset()
    item.ObserverType = "PSN"
    item.PersonName = person_name(author.name)
    item.PersonIdentificationCodeSequence = observer_code(author.identifier, author.name)
    item.InstitutionName = one_line(author.organisation, LONG_STRING)
    item.InstitutionCodeSequence = Sequence([])
    return item


def _verifier(report: Report) -> Dataset:
    author = report.author
    item = Dataset()
    item.VerifyingObserverName = person_name(author.name)
    item.VerifyingObserverIdentificationCodeSequence = observer_code(author.identifier, author.name)
    item.VerifyingOrganization = one_line(author.organisation, LONG_STRING)
    item.VerificationDateTime = date_time(report)
    return item
