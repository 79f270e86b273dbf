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


def _study(uid: str, by_series: Mapping[str, Sequence[Dataset]], urls: Mapping[str, str]) -> Dataset:
    study = Dataset()
    study.StudyInstanceUID = uid
    study.ReferencedSeriesSequence = Items([_series(one, of, urls.get(one, "")) for one, of in by_series.items()])
    return study


def manifest_of(
    part10s: Sequence[bytes], urls: Mapping[str, str], *, title: str = "113030", **attributes: object
) -> bytes:
    """Return the manifest of objects; ``urls`` are the addresses by series UID."""
    images = [pydicom.dcmread(BytesIO(one), stop_before_pixels=True) for one in part10s]
    selection = Dataset()
    for keyword in ("StudyInstanceUID", "PatientID", "PatientName", "PatientBirthDate", "PatientSex"):
        if keyword in images[0]:
            setattr(selection, keyword, images[0].get(keyword))
    selection.SOPClassUID, selection.SOPInstanceUID, selection.SeriesInstanceUID = KOS, generate_uid(), generate_uid()
    selection.Modality, selection.SeriesNumber, selection.InstanceNumber = "KO", 999, 1
    selection.ValueType = "CONTAINER"
    selection.ConceptNameCodeSequence = Items([_code(title, "Manifest")])
    by_study: dict[str, dict[str, list[Dataset]]] = {}
    for one in images:
        by_study.setdefault(one.StudyInstanceUID, {}).setdefault(str(one.SeriesInstanceUID), []).append(one)
    selection.CurrentRequestedProcedureEvidenceSequence = Items(
        [_study(uid, by_series, urls) for uid, by_series in by_study.items()]
    )
    for keyword, value in attributes.items():
        setattr(selection, keyword, value)
    return to_part10(selection)
