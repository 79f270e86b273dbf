"""What a Key Object Selection lists, with the addresses that it states."""

import pytest

from tests.support.hub_clients import inspect
from tests.support.instances import make_instance
from tests.support.manifests import manifest_of
from tests.support.shared_data import shared_data_root
from workstation.dicom.errors import NotAManifest
from workstation.dicom.header import Header
from workstation.dicom.manifest import read_manifest

IMAGES = [
    make_instance(StudyInstanceUID="1.2", SeriesInstanceUID=f"1.2.{n % 2}", SOPInstanceUID=f"1.9.{n}") for n in range(5)
]


def test_every_series_is_listed_with_its_objects_and_its_address() -> None:
    found = read_manifest(inspect(manifest_of(IMAGES, {"1.2.1": "https://hub.example/studies/1.2/series/1.2.1"})))
    assert found.studies == ("1.2",)
    assert [(one.uid, len(one.instances), one.url, one.modality) for one in found.series] == [
        ("1.2.0", 3, "", "CT"),
        ("1.2.1", 2, "https://hub.example/studies/1.2/series/1.2.1", "CT"),
    ]
    assert found.patient.patient_id == "TEST-1"
    assert {one.location for one in found.series} == {"1.2.250.1.1"}


def test_a_series_without_a_modality_has_that_of_its_images() -> None:
    evidence = dict(inspect(manifest_of(IMAGES, {})).elements)
    for series in evidence["0040A375"]["Value"][0]["00081115"]["Value"]:
        del series["00080060"]
    assert [one.modality for one in read_manifest(Header(evidence)).series] == ["CT", "CT"]


@pytest.mark.parametrize(
    "header",
    [
        inspect(IMAGES[0]),
        inspect(manifest_of(IMAGES, {}, title="113000")),
        inspect(manifest_of(IMAGES, {}, CurrentRequestedProcedureEvidenceSequence=[])),
        Header({}),
        Header({"0040A375": {"vr": "SQ", "Value": ["text", 1, None]}}),
    ],
)
def test_what_lists_nothing_to_fetch_is_no_manifest(header: Header) -> None:
    with pytest.raises(NotAManifest):
        read_manifest(header)


@pytest.mark.shared_data
def test_a_real_manifest_lists_ten_images_of_a_source_named_by_its_identifier() -> None:
    found = read_manifest(inspect((shared_data_root() / "objects" / "kos_pet" / "kos.dcm").read_bytes()))
    assert found.studies == ("1.3.6.1.4.1.21367.201599.1.201604020956016",)
    (series,) = found.series
    assert (len(series.instances), series.url, series.location) == (10, "", "1.3.6.1.4.1.21367.13.80.110")
