"""A request for a second opinion as a Unified Procedure Step, in DICOM JSON, and back.

What goes where:

- question: Reason for the Requested Procedure, first 64 characters, and in full in Requested Procedure Comments, both
  in the first item of Referenced Request Sequence; that sequence has one item for each study to read;
- clinical information: Comments on the Scheduled Procedure Step; urgency: Scheduled Procedure Step Priority;
- severity and what else the standard has no attribute for: see ``request_parameters``;
- requester: Requesting Physician with telephone and address in its Identification Sequence. Contact URI is read as
  well, but not written, because the sequence around it must be empty when a work item is created;
- deadline: Expected Completion DateTime (Expiration DateTime when read, if that is all there is); a work item that
  expires may be deleted by its hub, so none is given an expiration;
- arrival: Scheduled Procedure Step Start DateTime;
- images, priors and first reports: Input Information Sequence. Studies that Referenced Request Sequence does not name
  are priors; items whose instances are all documents are first reports.

Reading takes other systems' work items: what is missing gets the default of ``Request``, the severity is ordinary.
Source: PS3.4 table CC.2.5-3, PS3.3 C.30, PS3.18 11.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from workstation.dicom.code import RPPS_SCHEME, Code, coding_schemes
from workstation.dicom.header import DicomJson, Header, element, elements
from workstation.dicom.moments import date_time_text
from workstation.dicom.request_parameters import parameter_items
from workstation.dicom.work_item_reading import NO_ROOTS, read_work_item
from workstation.domain.identifiers import HubName
from workstation.domain.patient import Patient
from workstation.domain.request import Request, Requester, RequestState, Urgency
from workstation.domain.study import InstanceReference, StudyReference

INTERPRETATION = Code("110005", "DCM", "Interpretation")
# UPS Push, the SOP class of every work item. Source: PS3.4 CC.2.
WORK_ITEM_CLASS = "1.2.840.10008.5.1.4.34.6.1"
PRIORITIES = {Urgency.HIGH: "HIGH", Urgency.MEDIUM: "MEDIUM", Urgency.LOW: "LOW"}


def request_to_work_item(request: Request, roots: Mapping[HubName, str] = NO_ROOTS) -> dict[str, Any]:
    """Return the data set that creates ``request`` as a work item, SOP Instance UID included.

    ``roots`` gives the DICOMweb root of each hub, for the retrieve URLs of its studies.

    Source: PS3.4 table CC.2.5-3, column N-CREATE.
    """
    empty = [(keyword, {"vr": vr}) for keyword, vr in _EMPTY_AT_CREATION]
    parts = (*_identity(request), *_schedule(request), *_patient(request.patient))
    links = [
        ("ReferencedRequestSequence", element("SQ", *_referenced_requests(request))),
        ("InputInformationSequence", element("SQ", *_inputs(request, roots))),
        ("ScheduledProcessingParametersSequence", element("SQ", *parameter_items(request))),
    ]
    return elements([*empty, *parts, *links])


def work_item_to_request(item: DicomJson, hub: HubName, roots: Mapping[HubName, str] = NO_ROOTS) -> Request:
    """Read any hub's work item; ``roots`` tells which hub a retrieve URL belongs to.

    Raises
    ------
    MalformedHeader
        The item has no SOP Instance UID, so that nothing could be done with it.
    """
    return read_work_item(Header(item), hub, roots)


_EMPTY_AT_CREATION = (
    ("TransactionUID", "UI"),
    ("ScheduledStationNameCodeSequence", "SQ"),
    ("ScheduledStationClassCodeSequence", "SQ"),
    ("ScheduledStationGeographicLocationCodeSequence", "SQ"),
    ("ScheduledHumanPerformersSequence", "SQ"),
    ("OtherPatientIDsSequence", "SQ"),
    ("AdmissionID", "LO"),
    ("IssuerOfAdmissionIDSequence", "SQ"),
    ("AdmittingDiagnosesDescription", "LO"),
    ("AdmittingDiagnosesCodeSequence", "SQ"),
    ("ProcedureStepProgressInformationSequence", "SQ"),
    ("UnifiedProcedureStepPerformedProcedureSequence", "SQ"),
)
_EMPTY_IN_REFERENCED_REQUEST = (
    ("IssuerOfAccessionNumberSequence", "SQ"),
    ("OrderPlacerIdentifierSequence", "SQ"),
    ("OrderFillerIdentifierSequence", "SQ"),
    ("RequestedProcedureID", "SH"),
    ("RequestedProcedureDescription", "LO"),
    ("RequestedProcedureCodeSequence", "SQ"),
)
Pairs = list[tuple[str, dict[str, Any]]]


def one_line(text: str, length: int = 64) -> str:
    """Return the beginning of ``text`` as a value of VR LO: one line, no backslash."""
    return " ".join(text.replace("\\", "/").split())[:length].strip()


def _identity(request: Request) -> Pairs:
    return [
        ("SpecificCharacterSet", element("CS", "ISO_IR 192")),
        ("SOPClassUID", element("UI", WORK_ITEM_CLASS)),
        ("SOPInstanceUID", element("UI", request.carrier_uid)),
        ("CodingSchemeIdentificationSequence", coding_schemes()),
        ("ProcedureStepState", element("CS", RequestState.SCHEDULED.value)),
        ("StudyInstanceUID", element("UI", request.studies[0].study if request.studies else "")),
    ]


def _schedule(request: Request) -> Pairs:
    label = f"TELEEXPERTISE-{request.specialty.upper()}" if request.specialty else "TELEEXPERTISE"
    pairs = [
        ("ScheduledProcedureStepPriority", element("CS", PRIORITIES[request.urgency])),
        ("ScheduledProcedureStepModificationDateTime", element("DT", date_time_text(datetime.now(UTC)))),
        ("ProcedureStepLabel", element("LO", one_line(request.question) or INTERPRETATION.meaning)),
        ("WorklistLabel", element("LO", one_line(label))),
        ("ScheduledProcedureStepStartDateTime", element("DT", date_time_text(request.arrival))),
        ("ScheduledWorkitemCodeSequence", element("SQ", INTERPRETATION.item())),
        ("CommentsOnTheScheduledProcedureStep", element("LT", request.clinical)),
        ("InputReadinessState", element("CS", "READY")),
    ]
    if request.deadline is not None:
        pairs.append(("ExpectedCompletionDateTime", element("DT", date_time_text(request.deadline))))
    return pairs


def _patient(patient: Patient) -> Pairs:
    qualifiers = []
    if patient.issuer_oid:
        entity = [("UniversalEntityID", element("UT", patient.issuer_oid))]
        qualifiers = [elements([*entity, ("UniversalEntityIDType", element("CS", "ISO"))])]
    return [
        ("PatientName", element("PN", patient.name.dicom)),
        ("PatientID", element("LO", patient.patient_id)),
        ("IssuerOfPatientID", element("LO", patient.issuer)),
        ("IssuerOfPatientIDQualifiersSequence", element("SQ", *qualifiers)),
        ("PatientBirthDate", element("DA", patient.birth_date)),
        ("PatientSex", element("CS", patient.sex)),
        ("PatientBirthName", element("PN", patient.birth_name)),
    ]


def _referenced_requests(request: Request) -> list[dict[str, Any]]:
    studies: list[str] = [reference.study for reference in request.studies] or [""]
    return [elements(_order(request, study) + (_asked(request) if n == 0 else [])) for n, study in enumerate(studies)]


def _order(request: Request, study: str) -> Pairs:
    empty: Pairs = [(keyword, {"vr": vr}) for keyword, vr in _EMPTY_IN_REFERENCED_REQUEST]
    return [
        *empty,
        ("StudyInstanceUID", element("UI", study)),
        ("AccessionNumber", element("SH", request.accession)),
        ("PlacerOrderNumberImagingServiceRequest", element("LO", request.placer_order)),
        ("FillerOrderNumberImagingServiceRequest", element("LO", request.filler_order)),
    ]


def _asked(request: Request) -> Pairs:
    requester = request.requester
    code = Code(requester.identifier or "UNKNOWN", RPPS_SCHEME, requester.name or "unknown")
    person = [
        ("PersonIdentificationCodeSequence", element("SQ", code.item())),
        ("PersonTelephoneNumbers", element("LO", requester.telephone)),
        ("PersonTelecomInformation", element("LT", _telecom(requester))),
        ("InstitutionName", element("LO", requester.organisation)),
    ]
    return [
        ("ReasonForTheRequestedProcedure", element("LO", one_line(request.question))),
        ("RequestedProcedureComments", element("LT", request.question)),
        ("RequestingPhysician", element("PN", requester.name)),
        ("RequestingPhysicianIdentificationSequence", element("SQ", elements(person))),
        ("RequestingService", element("LO", requester.organisation)),
    ]


def _telecom(requester: Requester) -> str:
    addresses = (("tel", requester.telephone), ("mailto", requester.email))
    return "\n".join(f"{scheme}:{address}" for scheme, address in addresses if address)


def _inputs(request: Request, roots: Mapping[HubName, str]) -> list[dict[str, Any]]:
    studies = [_study_input(reference, roots) for reference in (*request.studies, *request.priors)]
    root = roots.get(request.hub, "")
    return studies + [_instance_input(report, root) for report in request.first_reports]


def _study_input(reference: StudyReference, roots: Mapping[HubName, str]) -> dict[str, Any]:
    return elements(
        [
            ("TypeOfInstances", element("CS", "DICOM")),
            ("StudyInstanceUID", element("UI", reference.study)),
            ("ReferencedSOPSequence", {"vr": "SQ"}),
            *_retrieval(roots.get(reference.hub, ""), f"studies/{reference.study}"),
        ]
    )


def _instance_input(reference: InstanceReference, root: str) -> dict[str, Any]:
    path = f"studies/{reference.study}/series/{reference.series}/instances/{reference.instance}"
    return elements([*instance_pairs(reference), *_retrieval(root, path)])


def instance_pairs(reference: InstanceReference) -> Pairs:
    """Return the attributes that name one instance. Source: PS3.3 table 10-3b."""
    sop = [
        ("ReferencedSOPClassUID", element("UI", reference.sop_class)),
        ("ReferencedSOPInstanceUID", element("UI", reference.instance)),
    ]
    return [
        ("TypeOfInstances", element("CS", "DICOM")),
        ("StudyInstanceUID", element("UI", reference.study)),
        ("SeriesInstanceUID", element("UI", reference.series)),
        ("ReferencedSOPSequence", element("SQ", elements(sop))),
    ]


def _retrieval(root: str, path: str) -> Pairs:
    if not root:
        return []
    where = elements([("RetrieveURL", element("UR", f"{root}/{path}"))])
    return [("WADORSRetrievalSequence", element("SQ", where))]
