"""Reads a Key Object Selection as a manifest: what its evidence lists, with addresses. Source: PS3.3 C.17.6.2."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.describe import describe_patient
from workstation.dicom.errors import NotAManifest
from workstation.dicom.header import Header
from workstation.domain.manifest import Manifest, ManifestSeries
from workstation.domain.study import InstanceReference

KEY_OBJECT_SELECTION: Final = "1.2.840.10008.5.1.4.1.1.88.59"
# Titles under which objects are listed to be fetched. Source: PS3.16 CID 7010.
_TITLES: Final = ("113030", "113008")
_EVIDENCE: Final = ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence")
_MOST_SERIES: Final = 10_000
_STORAGE: Final = "1.2.840.10008.5.1.4.1.1"
# Many manifests state no modality of a series; these classes of images speak for one. Source: PS3.4 B.5.
_MODALITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        f"{_STORAGE}.{suffix}": modality
        for modality, suffixes in (
            ("CR", ("1",)),
            ("CT", ("2", "2.1", "2.2")),
            ("DX", ("1.1",)),
            ("MG", ("1.2", "13.1.3")),
            ("MR", ("4", "4.1", "4.3", "4.4")),
            ("NM", ("20",)),
            ("PT", ("128", "128.1", "130")),
            ("RF", ("12.2",)),
            ("US", ("3.1", "6.1", "6.2")),
            ("XA", ("12.1", "12.1.1")),
        )
        for suffix in suffixes
    }
)


def is_manifest(header: Header) -> bool:
    """Whether this is a Key Object Selection that says by its title that it is a manifest."""
    title = header.item("ConceptNameCodeSequence")
    is_titled = title.text("CodeValue") in _TITLES and title.text("CodingSchemeDesignator") == "DCM"
    return header.uid("SOPClassUID") == KEY_OBJECT_SELECTION and is_titled


def read_manifest(header: Header) -> Manifest:
    """Return what a manifest lists.

    Raises
    ------
    NotAManifest
        It is another object, or lists nothing.
    """
    series = tuple(_series(header)) if is_manifest(header) else ()
    if not series or len(series) > _MOST_SERIES:
        raise NotAManifest("no manifest, or one that lists nothing")
    return Manifest(InstanceUID(header.uid("SOPInstanceUID")), describe_patient(header), series)


def _series(header: Header) -> Iterator[ManifestSeries]:
    for evidence in _EVIDENCE:
        for study in header.items(evidence):
            for series in study.items("ReferencedSeriesSequence"):
                found = _one_series(StudyUID(study.uid("StudyInstanceUID")), series)
                if found.study and found.uid and found.instances:
                    yield found


def _one_series(study: StudyUID, series: Header) -> ManifestSeries:
    uid = SeriesUID(series.uid("SeriesInstanceUID"))
    instances = (
        InstanceReference(
            study,
            uid,
            InstanceUID(one.uid("ReferencedSOPInstanceUID")),
            one.uid("ReferencedSOPClassUID"),
            one.integer("InstanceNumber"),
        )
        for one in series.items("ReferencedSOPSequence")
    )
    listed = {one.instance: one for one in instances if one.instance}
    return ManifestSeries(
        study,
        uid,
        tuple(listed.values()),
        series.text("RetrieveURL").strip("\0 "),
        series.uid("RetrieveLocationUID"),
        series.text("Modality") or next((_MODALITIES.get(one.sop_class, "") for one in listed.values()), ""),
    )
