"""Where a hub gives no whole objects, they are put together from metadata and frames, exactly or not at all."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydicom.valuerep import STANDARD_VR

from tests.support.hub_clients import PATIENT_LIMITS, inspect
from tests.support.instances import make_instance, packaged
from tests.support.stub_hub import Exchange, running_stub
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.composing import compose
from workstation.dicom.errors import CannotCompose
from workstation.dicom.header import DicomJson, Header
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import Asking
from workstation.domain.identifiers import HubName
from workstation.domain.study import InstanceReference
from workstation.embedded_hub.running import RunningHub
from workstation.hub.errors import TransferTooLarge
from workstation.hub.protocol import HubClient
from workstation.hub.registry import open_hub

# Native and compressed, one frame and several, of one sample: what is read back must be the same values.
PACKAGED = ("CT_small.dcm", "MR_small.dcm", "JPEG2000.dcm", "rtdose.dcm")
SEVERAL = [make_instance(NumberOfFrames=3, PixelData=np.arange(72, dtype="<u2").tobytes())]
CT = pydicom.dcmread(BytesIO(make_instance()))


@contextmanager
def by_frames(url: str) -> Iterator[HubClient]:
    settings = HubSettings(HubName("hub"), url)
    client = open_hub(settings, inspect, limits=PATIENT_LIMITS, asking=lambda: Asking(by_frames=True))
    try:
        yield client
    finally:
        client.close()


def check_all(url: str, part10s: Sequence[bytes]) -> None:
    """Store objects, fetch them by frames, and compare them with what was stored."""
    with by_frames(url) as client:
        assert len(client.store(part10s).stored) == len(part10s)
        for part10 in part10s:
            stored = pydicom.dcmread(BytesIO(part10))
            uids = StudyUID(stored.StudyInstanceUID), SeriesUID(stored.SeriesInstanceUID)
            reference = InstanceReference(*uids, InstanceUID(stored.SOPInstanceUID), "")
            came = pydicom.dcmread(BytesIO(client.retrieve_instance(reference)))
            assert np.array_equal(came.pixel_array, stored.pixel_array)
            assert came.file_meta.MediaStorageSOPInstanceUID == stored.SOPInstanceUID
            for keyword in ("PatientID", "PatientName", "ImagePositionPatient", "PixelSpacing", "RescaleIntercept"):
                assert came.get(keyword) == stored.get(keyword), keyword


def test_objects_of_the_embedded_hub_come_with_the_same_values(tmp_path: Path) -> None:
    with RunningHub(tmp_path) as hub:
        check_all(hub.url, [packaged(name) for name in PACKAGED] + SEVERAL)


@pytest.mark.orthanc
def test_objects_of_an_orthanc_come_with_the_same_values(orthanc: str) -> None:
    check_all(orthanc, [packaged(name) for name in ("CT_small.dcm", "MR_small.dcm")] + SEVERAL)


def metadata(**changes: object) -> Header:
    dataset = pydicom.dcmread(BytesIO(make_instance()))
    del dataset.PixelData
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    return Header(dataset.to_json_dict())


def no_bulk(address: str) -> bytes:
    raise AssertionError(address)


FRAME = CT.PixelData


@pytest.mark.parametrize(
    ("header", "frames"),
    [
        (metadata(), [FRAME[:-2]]),
        (metadata(), [FRAME, FRAME]),
        (metadata(), []),
        (metadata(NumberOfFrames=2), [FRAME]),
        (metadata(Rows=0), [b""]),
        (metadata(SamplesPerPixel=3, PhotometricInterpretation="YBR_FULL_422"), [FRAME * 3]),
        (metadata(BitsAllocated=1), [FRAME]),
        (Header({}), [FRAME]),
        (Header({**metadata().elements, "00080016": "text"}), [FRAME]),
        (Header({**metadata().elements, "00200013": {"vr": "XX", "Value": ["x"]}}), [FRAME]),
    ],
)
def test_what_does_not_fit_together_is_refused(header: Header, frames: list[bytes]) -> None:
    with pytest.raises(CannotCompose):
        compose(header, frames, no_bulk)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("Alphabetic", "00100010", "vr")), inner)
    ),
    max_leaves=6,
)
VRS = st.sampled_from((*(vr.value for vr in STANDARD_VR), "XX")) | JSON
VALUES = JSON | st.lists(JSON, max_size=3) | st.lists(st.floats(), max_size=2)
ELEMENTS = st.fixed_dictionaries({"vr": VRS}, optional={"Value": VALUES, "InlineBinary": JSON | st.just("AAA=")})
TAGS = st.sampled_from(("00100010", "00280030", "00091001", "00020010", "FFFEE000", "00080005", "00209113", "zz", ""))


@given(st.dictionaries(TAGS, ELEMENTS | JSON, max_size=3))
@example({"00281050": {"vr": "SV", "Value": [float("inf")]}})
@example({"00280030": {"vr": "FL", "InlineBinary": []}})
@example({"00081140": {"vr": "SQ", "Value": None}})
@example({"00081140": {"vr": "SQ", "Value": ["left out"]}})
def test_whatever_the_metadata_hold_comes_an_object_or_a_refusal(elements: dict[str, object]) -> None:
    try:
        came = compose(Header({**metadata().elements, **elements}), [FRAME], no_bulk)
    except CannotCompose:
        return
    assert FRAME in came


@pytest.mark.parametrize("count", [3, 2_000_000_000])
def test_frames_beyond_what_the_metadata_state_are_not_taken(count: int) -> None:
    stated = metadata(NumberOfFrames=count).elements

    def answer(exchange: Exchange) -> None:
        if exchange.seen.path.endswith("/metadata"):
            exchange.reply(200, json.dumps([stated]).encode(), Content_Type="application/dicom+json")
        else:
            exchange.reply(200, FRAME * 1000, Content_Type="application/octet-stream")

    reference = InstanceReference(StudyUID("1.2"), SeriesUID("1.3"), InstanceUID("1.4"), "")
    with running_stub(answer) as stub, by_frames(stub.url) as client, pytest.raises(TransferTooLarge):
        client.retrieve_instance(reference)


def test_bulk_values_are_fetched_wherever_they_stand() -> None:
    asked: list[str] = []

    def bulk(address: str) -> bytes:
        asked.append(address)
        return b"\1\2\3\4"

    inner: DicomJson = {"00091010": {"vr": "OB", "BulkDataURI": "inner"}, "00090010": {"vr": "LO", "Value": ["TESTS"]}}
    elements = {
        **metadata().elements,
        "00420011": {"vr": "OB", "BulkDataURI": "outer"},
        "00081140": {"vr": "SQ", "Value": [inner]},
        "7FE00010": {"vr": "OW", "BulkDataURI": "pixels"},
    }
    came = pydicom.dcmread(BytesIO(compose(Header(elements), [FRAME], bulk)))
    assert sorted(asked) == ["inner", "outer"]
    assert came.EncapsulatedDocument == b"\1\2\3\4"
    assert came.ReferencedImageSequence[0][0x0009, 0x1010].value == b"\1\2\3\4"
    assert came.PixelData == FRAME
