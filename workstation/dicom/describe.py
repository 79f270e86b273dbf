"""A header to what the workstation calls things: patient, study, series, frames.

The header may be of an instance or of a QIDO answer. Nothing is guessed: what a header does not say is absent.
"""

from collections.abc import Sequence
from typing import Any

from viewers.identifiers import SeriesUID, StudyUID
from workstation.dicom.describe_frames import describe_frames
from workstation.dicom.header import Header, tag_of
from workstation.domain.identifiers import HubName
from workstation.domain.patient import Patient
from workstation.domain.study import SeriesSummary, StudySummary

__all__ = ["describe_frames", "describe_patient", "describe_series", "describe_study", "patient_traits"]

_TIME_DIGITS = 6
_PATIENT = tuple(
    tag_of(keyword)
    for keyword in (
        "PatientID",
        "PatientName",
        "PatientBirthName",
        "PatientBirthDate",
        "PatientSex",
        "IssuerOfPatientID",
        "IssuerOfPatientIDQualifiersSequence",
    )
)


def describe_patient(header: Header) -> Patient:
    """Return the strict traits, with the issuer as its Universal Entity ID where it is an OID.

    Spaces around an identifier mean nothing: some hubs drop them from their answers, others do not.
    Source: PS3.3 C.2.2 and 10.14, PS3.5 6.2.
    """
    return Patient(
        patient_id=header.text("PatientID").strip(" "),
        name=header.person("PatientName"),
        birth_name=header.text("PatientBirthName"),
        birth_date=header.text("PatientBirthDate"),
        sex=header.text("PatientSex"),
        issuer=header.text("IssuerOfPatientID").strip(" "),
        issuer_oid=_issuer_oid(header),
    )


def patient_traits(header: Header) -> Sequence[Any]:
    """Return all that ``describe_patient`` rests on, as it stands in the header."""
    return [header.at(tag) for tag in _PATIENT]


def describe_study(header: Header, hub: HubName | None = None) -> StudySummary:
    """Return the study, without its series; one instance tells its own modality only."""
    stated = header.texts("ModalitiesInStudy") or header.texts("Modality")
    return StudySummary(
        uid=StudyUID(header.uid("StudyInstanceUID")),
        patient=describe_patient(header),
        date=header.text("StudyDate"),
        time=header.text("StudyTime").partition(".")[0][:_TIME_DIGITS],
        description=header.text("StudyDescription"),
        accession=header.text("AccessionNumber"),
        modalities=tuple(modality for modality in stated if modality),
        instances=header.integer("NumberOfStudyRelatedInstances"),
        hub=hub,
        study_id=header.text("StudyID"),
        referring_physician=header.person("ReferringPhysicianName").display,
    )


def describe_series(header: Header) -> SeriesSummary:
    """Return the series; the count is what the source states of the whole, so that one instance has none."""
    return SeriesSummary(
        uid=SeriesUID(header.uid("SeriesInstanceUID")),
        modality=header.text("Modality"),
        number=header.integer("SeriesNumber"),
        description=header.text("SeriesDescription"),
        instances=header.integer("NumberOfSeriesRelatedInstances"),
        body_part=header.text("BodyPartExamined"),
        laterality=header.text("Laterality") or header.text("ImageLaterality"),
    )


def _issuer_oid(header: Header) -> str:
    qualifiers = header.item("IssuerOfPatientIDQualifiersSequence")
    kind = qualifiers.text("UniversalEntityIDType")
    return qualifiers.text("UniversalEntityID") if kind in ("", "ISO") else ""
