"""Patients, studies, series and references as JSON objects."""

from dataclasses import astuple

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.identifiers import HubName
from workstation.domain.patient import Patient, PersonName
from workstation.domain.study import InstanceReference, SeriesSummary, StudyReference, StudySummary
from workstation.store.fields import Fields, JsonObject


def patient_to_object(patient: Patient) -> JsonObject:
    """Return a patient as a JSON object."""
    return {
        "patient_id": patient.patient_id,
        "name": list(astuple(patient.name)),
        "birth_name": patient.birth_name,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "issuer": patient.issuer,
        "issuer_oid": patient.issuer_oid,
    }


def patient_from_fields(fields: Fields) -> Patient:
    """Read a patient back."""
    return Patient(
        patient_id=fields.text("patient_id"),
        name=PersonName(*fields.texts("name")[:7]),
        birth_name=fields.text("birth_name"),
        birth_date=fields.text("birth_date"),
        sex=fields.text("sex"),
        issuer=fields.text("issuer"),
        issuer_oid=fields.text("issuer_oid"),
    )


def study_to_object(study: StudySummary) -> JsonObject:
    """Return a study as a JSON object, without its series: those are records of their own."""
    return {
        "uid": study.uid,
        "patient": patient_to_object(study.patient),
        "date": study.date,
        "time": study.time,
        "description": study.description,
        "accession": study.accession,
        "hub": study.hub,
        "study_id": study.study_id,
        "referring_physician": study.referring_physician,
    }


def study_from_fields(
    fields: Fields, series: tuple[SeriesSummary, ...], modalities: tuple[str, ...], instances: int
) -> StudySummary:
    """Read a study back, with what its series add up to."""
    hub = fields.optional_text("hub")
    return StudySummary(
        uid=StudyUID(fields.text("uid")),
        patient=patient_from_fields(fields.record("patient")),
        date=fields.text("date"),
        time=fields.text("time"),
        description=fields.text("description"),
        accession=fields.text("accession"),
        modalities=modalities,
        instances=instances,
        series=series,
        hub=None if hub is None else HubName(hub),
        study_id=fields.text("study_id"),
        referring_physician=fields.text("referring_physician"),
    )


def series_to_object(series: SeriesSummary) -> JsonObject:
    """Return a series as a JSON object; the number of instances is counted, not kept."""
    return {
        "uid": series.uid,
        "modality": series.modality,
        "number": series.number,
        "description": series.description,
        "body_part": series.body_part,
        "laterality": series.laterality,
    }


def series_from_fields(fields: Fields, instances: int) -> SeriesSummary:
    """Read a series back, with the number of its instances."""
    return SeriesSummary(
        uid=SeriesUID(fields.text("uid")),
        modality=fields.text("modality"),
        number=fields.optional_integer("number"),
        description=fields.text("description"),
        instances=instances,
        body_part=fields.text("body_part"),
        laterality=fields.text("laterality"),
    )


def reference_to_object(reference: InstanceReference) -> JsonObject:
    """Return a reference to an instance as a JSON object."""
    return {
        "study": reference.study,
        "series": reference.series,
        "instance": reference.instance,
        "sop_class": reference.sop_class,
    }


def reference_from_fields(fields: Fields) -> InstanceReference:
    """Read a reference to an instance back."""
    return InstanceReference(
        StudyUID(fields.text("study")),
        SeriesUID(fields.text("series")),
        InstanceUID(fields.text("instance")),
        fields.text("sop_class"),
    )


def study_reference_to_object(reference: StudyReference) -> JsonObject:
    """Return a reference to a study as a JSON object."""
    return {"study": reference.study, "hub": reference.hub}


def study_reference_from_fields(fields: Fields) -> StudyReference:
    """Read a reference to a study back."""
    return StudyReference(StudyUID(fields.text("study")), HubName(fields.text("hub")))
