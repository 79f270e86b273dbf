"""Which attributes describe a study, a series and an instance, and which of them a search returns by default.

Source: PS3.18 10.6.3.3, Tables 10.6.3-3 to 10.6.3-5.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydicom.datadict import tag_for_keyword


def tags(*keywords: str) -> frozenset[str]:
    """Return the eight-digit tags of keywords of the standard."""
    return frozenset(f"{tag_for_keyword(keyword) or 0:08X}" for keyword in keywords)


STUDY_DEFAULT = tags(
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "InstanceAvailability",
    "ModalitiesInStudy",
    "ReferringPhysicianName",
    "TimezoneOffsetFromUTC",
    "RetrieveURL",
    "StudyDescription",
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyID",
    "NumberOfStudyRelatedSeries",
    "NumberOfStudyRelatedInstances",
    "SpecificCharacterSet",
)
STUDY_ATTRIBUTES = STUDY_DEFAULT | tags(
    "IssuerOfAccessionNumberSequence",
    "ProcedureCodeSequence",
    "PhysiciansOfRecord",
    "NameOfPhysiciansReadingStudy",
    "ConsultingPhysicianName",
    "ReferencedStudySequence",
    "AdmittingDiagnosesDescription",
    "AdmissionID",
    "IssuerOfPatientIDQualifiersSequence",
    "PatientBirthTime",
    "OtherPatientIDs",
    "OtherPatientIDsSequence",
    "OtherPatientNames",
    "PatientBirthName",
    "PatientAge",
    "PatientSize",
    "PatientWeight",
    "EthnicGroup",
    "Occupation",
    "AdditionalPatientHistory",
    "PatientComments",
    "PatientSpeciesDescription",
    "ResponsiblePerson",
    "PatientIdentityRemoved",
    "DeidentificationMethod",
    "DeidentificationMethodCodeSequence",
    "InstitutionName",
    "SOPClassesInStudy",
)
SERIES_DEFAULT = tags(
    "Modality",
    "TimezoneOffsetFromUTC",
    "SeriesDescription",
    "RetrieveURL",
    "SeriesInstanceUID",
    "SeriesNumber",
    "NumberOfSeriesRelatedInstances",
    "PerformedProcedureStepStartDate",
    "PerformedProcedureStepStartTime",
    "RequestAttributesSequence",
    "SpecificCharacterSet",
    "StudyInstanceUID",
)
SERIES_ATTRIBUTES = SERIES_DEFAULT | tags(
    "SeriesDate",
    "SeriesTime",
    "SeriesDescriptionCodeSequence",
    "Laterality",
    "BodyPartExamined",
    "PatientPosition",
    "ProtocolName",
    "PerformingPhysicianName",
    "OperatorsName",
    "Manufacturer",
    "ManufacturerModelName",
    "StationName",
    "InstitutionName",
    "InstitutionalDepartmentName",
    "FrameOfReferenceUID",
    "PositionReferenceIndicator",
    "PerformedProcedureStepID",
    "PerformedProcedureStepDescription",
)
INSTANCE_DEFAULT = tags(
    "SOPClassUID",
    "SOPInstanceUID",
    "InstanceAvailability",
    "TimezoneOffsetFromUTC",
    "RetrieveURL",
    "InstanceNumber",
    "Rows",
    "Columns",
    "BitsAllocated",
    "NumberOfFrames",
    "SpecificCharacterSet",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "AvailableTransferSyntaxUID",
)


def pick(attributes: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    """Return the wanted attributes that are there, in tag order."""
    return {tag: attributes[tag] for tag in sorted(wanted) if tag in attributes}
