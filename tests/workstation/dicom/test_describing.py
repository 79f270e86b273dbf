"""One object after the other is described as each alone would be, whatever they have in common."""

from typing import Any

import pytest

from tests.support.shared_data import shared_data_root
from tests.workstation.dicom.test_describe import LITTLE
from workstation.decoding.errors import DecodingError
from workstation.decoding.limits import DecodeLimits
from workstation.decoding.sandbox.part10 import read_part10
from workstation.dicom import describing
from workstation.dicom.describe_frames import describe_frames
from workstation.dicom.describing import FrameDescriber
from workstation.dicom.header import DicomJson, Header, element, elements, tag_of

SIEMENS_B_VALUE = "0019100C"
BASE: DicomJson = elements(
    (
        ("SOPInstanceUID", element("UI", "1.2.3")),
        ("SeriesInstanceUID", element("UI", "1.2")),
        ("FrameOfReferenceUID", element("UI", "1.9")),
        ("Modality", element("CS", "CT")),
        ("Manufacturer", element("LO", "SIEMENS")),
        ("ImageType", element("CS", "ORIGINAL", "PRIMARY")),
        ("AcquisitionTime", element("TM", "101500")),
        ("ContentTime", element("TM", "101501")),
        ("ConvolutionKernel", element("SH", "B30")),
        ("SliceThickness", element("DS", 1.0)),
        ("InstanceNumber", element("IS", 1)),
        ("ImagePositionPatient", element("DS", -10.0, -20.0, 30.0)),
        ("ImageOrientationPatient", element("DS", 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)),
        ("PixelSpacing", element("DS", 0.5, 0.5)),
        ("Rows", element("US", 4)),
        ("Columns", element("US", 6)),
        ("BitsAllocated", element("US", 16)),
        ("BitsStored", element("US", 12)),
        ("PhotometricInterpretation", element("CS", "MONOCHROME2")),
        ("RescaleSlope", element("DS", 1.0)),
        ("RescaleIntercept", element("DS", -1024.0)),
        ("WindowCenter", element("DS", 40.0)),
        ("WindowWidth", element("DS", 400.0)),
    )
)
NEXT: DicomJson = {
    **BASE,
    tag_of("SOPInstanceUID"): element("UI", "1.2.4"),
    tag_of("InstanceNumber"): element("IS", 2),
    tag_of("ImagePositionPatient"): element("DS", -10.0, -20.0, 31.0),
}
OTHER = {
    "AcquisitionTime": element("TM", "101507"),
    "ContentTime": element("TM", "101508"),
    "ConvolutionKernel": element("SH", "B60"),
    "FrameOfReferenceUID": element("UI", "1.8"),
    "SeriesInstanceUID": element("UI", "1.3"),
    "ImageType": element("CS", "DERIVED", "SECONDARY"),
    "ImageOrientationPatient": element("DS", 0.0, 1.0, 0.0, 0.0, 0.0, -1.0),
    "ImagePositionPatient": element("DS", 1.0),
    "InstanceNumber": element("IS"),
    "PixelSpacing": element("DS", 0.6, 0.5),
    "Rows": element("US", 5),
    "BitsStored": element("US", 16),
    "PixelRepresentation": element("US", 1),
    "RescaleSlope": element("DS", 2.0),
    "WindowCenter": element("DS", 50.0),
    "EchoTime": element("DS", 90.0),
    "Modality": element("CS", "PT"),
    "NumberOfFrames": element("IS", 2),
    "PixelPaddingValue": element("US", 7),
    "LossyImageCompression": element("CS", "01"),
    "PatientOrientation": element("CS", "L", "P"),
    "BodyPartExamined": element("CS", "CHEST"),
}


def both(first: DicomJson, second: DicomJson, syntax: str = LITTLE) -> None:
    describer = FrameDescriber()
    for one, of in ((first, LITTLE), (second, syntax), (first, LITTLE)):
        assert describer.describe(Header(one), of) == describe_frames(Header(one), of)


def test_the_next_slice_is_described_without_reading_the_rest_again(monkeypatch: pytest.MonkeyPatch) -> None:
    describer = FrameDescriber()
    describer.describe(Header(BASE), LITTLE)
    monkeypatch.setattr(describing, "describe_frames", None)
    assert describer.describe(Header(NEXT), LITTLE) == describe_frames(Header(NEXT), LITTLE)


def test_a_slice_of_another_moment_is_described_without_reading_the_rest_again(monkeypatch: pytest.MonkeyPatch) -> None:
    later: dict[str, Any] = {**NEXT, tag_of("ContentTime"): OTHER["ContentTime"]}
    describer = FrameDescriber()
    describer.describe(Header(BASE), LITTLE)
    monkeypatch.setattr(describing, "describe_frames", None)
    assert describer.describe(Header(later), LITTLE) == describe_frames(Header(later), LITTLE)


@pytest.mark.parametrize("keyword", sorted(OTHER))
def test_what_differs_in_the_next_slice_is_read_of_it(keyword: str) -> None:
    both(BASE, {**NEXT, tag_of(keyword): OTHER[keyword]})
    both({**BASE, tag_of(keyword): OTHER[keyword]}, NEXT)


@pytest.mark.parametrize("tag", sorted(BASE))
def test_what_is_absent_in_the_next_slice_is_not_taken_from_the_one_before(tag: str) -> None:
    both(BASE, {one: content for one, content in NEXT.items() if one != tag})


def test_a_private_b_value_is_read_of_each_slice() -> None:
    both({**BASE, SIEMENS_B_VALUE: element("IS", 50)}, {**NEXT, SIEMENS_B_VALUE: element("IS", 800)})


def test_another_transfer_syntax_is_described_anew() -> None:
    both(BASE, NEXT, "1.2.840.10008.1.2.4.91")


@pytest.mark.shared_data
def test_real_series_are_described_as_each_object_alone() -> None:
    found = 0
    for folder in sorted({path.parent for path in shared_data_root().rglob("*.dcm")}):
        describer = FrameDescriber()
        for path in sorted(folder.glob("*.dcm"))[:12]:
            try:
                part10 = read_part10(memoryview(path.read_bytes()), DecodeLimits())
            except DecodingError:
                continue
            header, syntax = Header(part10.dataset.elements), part10.transfer_syntax
            assert describer.describe(header, syntax) == describe_frames(header, syntax), path
            found += 1
    assert found > 100
