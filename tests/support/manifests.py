"""Key Object Selections as manifests, as an imaging source writes them."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import pydicom
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import generate_uid

from tests.support.instances import to_part10

KOS = "1.2.840.10008.5.1.4.1.1.88.59"


def _code(value: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, "DCM", meaning
    return code


def _series(uid: str, instances: Sequence[Dataset], url: str) -> Dataset:
    series = Dataset()
    series.SeriesInstanceUID = uid
    series.Modality = instances[0].Modality
    if url:
        series.RetrieveURL = url
    series.RetrieveLocationUID = "1.2.250.1.1"
    references = []
    for one in instances:
        reference = Dataset()
        reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = one.SOPClassUID, one.SOPInstanceUID
        references.append(reference)
    series.ReferencedSOPSequence = Items(references)
    return series


def manifest_of(
    part10s: Sequence[bytes], urls: Mapping[str, str], *, title: str = "113030", **attributes: object
) -> bytes:
    """Return the manifest of objects of one study; ``urls`` are the addresses by series UID."""
    images = [pydicom.dcmread(BytesIO(one), stop_before_pixels=True) for one in part10s]
    selection, study = Dataset(), Dataset()
    for keyword in ("StudyInstanceUID", "PatientID", "PatientName", "PatientBirthDate", "PatientSex"):
        if keyword in images[0]:
            setattr(selection, keyword, images[0].get(keyword))
    selection.SOPClassUID, selection.SOPInstanceUID, selection.SeriesInstanceUID = KOS, generate_uid(), generate_uid()
    selection.Modality, selection.SeriesNumber, selection.InstanceNumber = "KO", 999, 1
    selection.ValueType = "CONTAINER"
    selection.ConceptNameCodeSequence = Items([_code(title, "Manifest")])
    by_series: dict[str, list[Dataset]] = {}
    for one in images:
        by_series.setdefault(str(one.SeriesInstanceUID), []).append(one)
    study.StudyInstanceUID = images[0].StudyInstanceUID
    study.ReferencedSeriesSequence = Items([_series(uid, of, urls.get(uid, "")) for uid, of in by_series.items()])
    selection.CurrentRequestedProcedureEvidenceSequence = Items([study])
    for keyword, value in attributes.items():
        setattr(selection, keyword, value)
    return to_part10(selection)
