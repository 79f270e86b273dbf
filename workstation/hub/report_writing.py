"""Writing requests and their statuses as structured reports. Source: PS3.3 A.35.3 (Comprehensive SR).

The data sets are composed in DICOM JSON, like work items, and turned into Part 10 bytes at the end.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from workstation.dicom.code import Code, coding_schemes
from workstation.dicom.header import Header, element, elements
from workstation.dicom.request_parameters import (
    URGENCIES,
    URGENCY,
    code_item,
    parameter_items,
    text_item,
    uid_item,
)
from workstation.domain.identifiers import new_uid
from workstation.domain.request import Request
from workstation.domain.study import InstanceReference
from workstation.hub import report_outline as outline
from workstation.hub.report_outline import Status

Json = dict[str, Any]
OBSERVER_NAME = Code("121008", "DCM", "Person Observer Name")
# Far from the numbers that scanners give, so that these series sort last.
REQUEST_SERIES, STATUS_SERIES = 9901, 9902
_STUDY_TEXTS = (
    ("PatientName", "PN"),
    ("PatientID", "LO"),
    ("IssuerOfPatientID", "LO"),
    ("PatientBirthDate", "DA"),
    ("PatientSex", "CS"),
    ("StudyInstanceUID", "UI"),
    ("StudyDate", "DA"),
    ("StudyTime", "TM"),
    ("StudyID", "SH"),
    ("AccessionNumber", "SH"),
    ("ReferringPhysicianName", "PN"),
    ("StudyDescription", "LO"),
)


def build_request_sr(request: Request, template: Header, at: datetime) -> bytes:
    """Return the Part 10 bytes of a request; ``template`` is the header of any instance of the study."""
    content = [_person(OBSERVER_NAME, request.requester.name or "unknown", "HAS OBS CONTEXT")]
    content += [_contains(item) for item in _request_items(request)]
    content += [_composite(outline.FIRST_REPORT, report) for report in request.first_reports]
    document = _document(outline.REQUEST, content, request.first_reports, at)
    series = ("Second opinion request", REQUEST_SERIES)
    return _part10({**_study(template), **document, **_series(series, new_uid(), at), **_instance(request.id)})


def build_status_sr(status: Status, template: Header) -> bytes:
    """Return the Part 10 bytes of one status; ``template`` is the header of the request report."""
    content = [_person(OBSERVER_NAME, status.reader or "unknown", "HAS OBS CONTEXT")]
    content += [_contains(item) for item in _status_items(status)]
    content += [_composite(outline.OUTPUT, output) for output in status.outputs]
    document = _document(outline.STATUS, content, status.outputs, status.stated_at)
    series = _series(("Second opinion status", STATUS_SERIES), new_uid(), status.stated_at)
    return _part10({**_study(template), **document, **series, **_instance(status.uid)})


def _request_items(request: Request) -> list[Json]:
    requester = request.requester
    texts = (
        (outline.QUESTION, request.question),
        (outline.CLINICAL, request.clinical),
        (outline.REQUESTER, requester.name),
        (outline.REQUESTER_ID, requester.identifier),
        (outline.ORGANISATION, requester.organisation),
        (outline.TELEPHONE, requester.telephone),
        (outline.EMAIL, requester.email),
        (outline.PLACER, request.placer_order),
        (outline.FILLER, request.filler_order),
    )
    moments = ((outline.ARRIVAL, request.arrival), (outline.DEADLINE, request.deadline))
    return [
        *_texts(texts),
        *[_moment(concept, moment) for concept, moment in moments if moment],
        code_item(URGENCY, URGENCIES[request.urgency]),
        *parameter_items(request),
        *[uid_item(outline.STUDY, reference.study) for reference in request.studies],
        *[uid_item(outline.PRIOR, reference.study) for reference in request.priors],
    ]


def _status_items(status: Status) -> list[Json]:
    texts = ((outline.HOLDER, status.reader), (outline.HOLDER_ID, status.reader_identifier))
    reasons = [code_item(outline.REASON, status.reason)] if status.reason else []
    return [
        code_item(outline.STATUS, status.kind.value),
        uid_item(outline.STATUS_OF, status.request),
        *([uid_item(outline.CLAIM, status.claim)] if status.claim else []),
        _moment(outline.STATED_AT, status.stated_at),
        *_texts((*texts, (outline.NOTE, status.note))),
        *reasons,
    ]


def _texts(texts: Iterable[tuple[Code, str]]) -> list[Json]:
    return [text_item(concept, text) for concept, text in texts if text]


def _moment(concept: Code, moment: datetime) -> Json:
    return elements(
        [
            ("ValueType", element("CS", "DATETIME")),
            ("ConceptNameCodeSequence", element("SQ", concept.item())),
            # In the zone that the data set states: DCMTK 3.6.7 takes a value that ends in +0000 for invalid.
            ("DateTime", element("DT", f"{moment.astimezone(UTC):%Y%m%d%H%M%S.%f}")),
        ]
    )


def _person(concept: Code, name: str, relation: str) -> Json:
    return elements(
        [
            ("RelationshipType", element("CS", relation)),
            ("ValueType", element("CS", "PNAME")),
            ("ConceptNameCodeSequence", element("SQ", concept.item())),
            ("PersonName", element("PN", name)),
        ]
    )


def _composite(concept: Code, reference: InstanceReference) -> Json:
    item = elements(
        [
            ("ValueType", element("CS", "COMPOSITE")),
            ("ConceptNameCodeSequence", element("SQ", concept.item())),
            ("ReferencedSOPSequence", element("SQ", _sop(reference))),
        ]
    )
    return _contains(item)


def _contains(item: Json) -> Json:
    return {**item, **elements([("RelationshipType", element("CS", "CONTAINS"))])}


def _sop(reference: InstanceReference) -> Json:
    return elements(
        [
            ("ReferencedSOPClassUID", element("UI", reference.sop_class)),
            ("ReferencedSOPInstanceUID", element("UI", reference.instance)),
        ]
    )


def _evidence(references: Sequence[InstanceReference]) -> list[Json]:
    """Return one item per study, one per series below. Source: PS3.3 table 10-4."""
    studies: dict[str, dict[str, list[Json]]] = {}
    for reference in references:
        studies.setdefault(reference.study, {}).setdefault(reference.series, []).append(_sop(reference))
    return [
        elements(
            [
                ("StudyInstanceUID", element("UI", study)),
                ("ReferencedSeriesSequence", element("SQ", *[_evidence_series(*entry) for entry in series.items()])),
            ]
        )
        for study, series in studies.items()
    ]


def _evidence_series(series: str, instances: list[Json]) -> Json:
    return elements(
        [("SeriesInstanceUID", element("UI", series)), ("ReferencedSOPSequence", element("SQ", *instances))]
    )


def _document(title: Code, content: list[Json], evidence: Sequence[InstanceReference], moment: datetime) -> Json:
    at = moment.astimezone(UTC)
    pairs = [
        ("ValueType", element("CS", "CONTAINER")),
        ("ConceptNameCodeSequence", element("SQ", title.item())),
        ("ContinuityOfContent", element("CS", "SEPARATE")),
        ("ContentSequence", element("SQ", *content)),
        ("CompletionFlag", element("CS", "COMPLETE")),
        ("VerificationFlag", element("CS", "UNVERIFIED")),
        ("PerformedProcedureCodeSequence", {"vr": "SQ"}),
        ("ContentDate", element("DA", f"{at:%Y%m%d}")),
        ("ContentTime", element("TM", f"{at:%H%M%S}")),
        ("TimezoneOffsetFromUTC", element("SH", f"{at:%z}")),
        ("CodingSchemeIdentificationSequence", coding_schemes()),
    ]
    if evidence:
        pairs.append(("CurrentRequestedProcedureEvidenceSequence", element("SQ", *_evidence(evidence))))
    return elements(pairs)


def _study(template: Header) -> Json:
    pairs = [(keyword, element(vr, template.text(keyword))) for keyword, vr in _STUDY_TEXTS]
    qualifiers = template.elements.get("00100024")
    kept = [("IssuerOfPatientIDQualifiersSequence", dict(qualifiers))] if isinstance(qualifiers, dict) else []
    return elements([*pairs, *kept])


def _series(named: tuple[str, int], uid: str, moment: datetime) -> Json:
    at = moment.astimezone(UTC)
    return elements(
        [
            ("Modality", element("CS", "SR")),
            ("SeriesInstanceUID", element("UI", uid)),
            ("SeriesDescription", element("LO", named[0])),
            ("SeriesNumber", element("IS", named[1])),
            ("SeriesDate", element("DA", f"{at:%Y%m%d}")),
            ("SeriesTime", element("TM", f"{at:%H%M%S}")),
            ("ReferencedPerformedProcedureStepSequence", {"vr": "SQ"}),
            ("Manufacturer", element("LO", "Requis")),
        ]
    )


def _instance(uid: str) -> Json:
    return elements(
        [
            ("SpecificCharacterSet", element("CS", "ISO_IR 192")),
            ("SOPClassUID", element("UI", outline.COMPREHENSIVE_SR)),
            ("SOPInstanceUID", element("UI", uid)),
            ("InstanceNumber", element("IS", 1)),
        ]
    )


def _part10(content: Json) -> bytes:
    dataset = Dataset.from_json(dict(sorted(content.items())))
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = UID(outline.COMPREHENSIVE_SR)
    meta.MediaStorageSOPInstanceUID = UID(str(dataset.SOPInstanceUID))
    dataset.file_meta = meta
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
