"""Studies and series as QIDO-RS lists them. Source: PS3.18 10.6.3, tables of returned attributes."""

from viewers.identifiers import SeriesUID, StudyUID
from workstation.dicom.header import Header
from workstation.domain.identifiers import HubName
from workstation.domain.patient import Patient
from workstation.domain.study import SeriesSummary, StudySummary


def study_summary(header: Header, hub: HubName) -> StudySummary:
    """Return the summary of one match at study level."""
    return StudySummary(
        uid=StudyUID(header.uid("StudyInstanceUID")),
        patient=patient(header),
        date=header.text("StudyDate"),
        time=header.text("StudyTime").partition(".")[0],
        description=header.text("StudyDescription"),
        accession=header.text("AccessionNumber"),
        modalities=tuple(name for name in header.texts("ModalitiesInStudy") if name),
        instances=header.integer("NumberOfStudyRelatedInstances"),
        hub=hub,
        study_id=header.text("StudyID"),
        referring_physician=header.person("ReferringPhysicianName").display,
    )


def series_summary(header: Header) -> SeriesSummary:
    """Return the summary of one match at series level."""
    return SeriesSummary(
        uid=SeriesUID(header.uid("SeriesInstanceUID")),
        modality=header.text("Modality"),
        number=header.integer("SeriesNumber"),
        description=header.text("SeriesDescription"),
        instances=header.integer("NumberOfSeriesRelatedInstances"),
        body_part=header.text("BodyPartExamined"),
        laterality=header.text("Laterality"),
    )


def patient(header: Header) -> Patient:
    """Return the traits of the patient that a header names."""
    return Patient(
        patient_id=header.text("PatientID"),
        name=header.person("PatientName"),
        birth_name=header.text("PatientBirthName"),
        birth_date=header.text("PatientBirthDate"),
        sex=header.text("PatientSex"),
        issuer=header.text("IssuerOfPatientID"),
        issuer_oid=header.item("IssuerOfPatientIDQualifiersSequence").text("UniversalEntityID"),
    )
