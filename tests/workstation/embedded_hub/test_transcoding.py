"""Images asked for compressed come so, without loss; everything else comes as it is stored, or not at all."""

from io import BytesIO

import numpy as np
import pytest
import requests
from pydicom import dcmread
from pydicom.uid import generate_uid

from tests.support.instances import make_instance, packaged, store
from workstation.dicom.multipart import MultipartReader, boundary_of
from workstation.embedded_hub.transcoding import LOSSLESS

ACCEPT = 'multipart/related; type="application/dicom"; transfer-syntax={}'
SIDE = 64


def image(series: str, study: str, number: int, *, signed: bool, bits: int = 16) -> bytes:
    low = -1024 if signed else 0
    values = (np.indices((SIDE, SIDE)).sum(axis=0) * 17 % 2048 + low).astype("<i2" if signed else "<u2")
    return make_instance(
        StudyInstanceUID=study, SeriesInstanceUID=series, InstanceNumber=number, Rows=SIDE, Columns=SIDE,
        PixelRepresentation=int(signed), BitsStored=bits, HighBit=bits - 1, PixelData=values.tobytes(),
    )  # fmt: skip


def given(url: str, accept: str) -> list[bytes]:
    answer = requests.get(url, headers={"Accept": accept}, timeout=60)
    assert answer.status_code == 200, answer.text
    reader = MultipartReader(boundary_of(answer.headers["content-type"]), 1 << 24)
    parts = reader.feed(answer.content)
    reader.finish()
    return [part.body for part in parts]


@pytest.mark.parametrize("syntax", LOSSLESS)
@pytest.mark.parametrize(("signed", "bits"), [(False, 16), (False, 12), (True, 16), (True, 12)])
def test_a_series_is_compressed_without_loss_under_the_same_identifiers(
    lasting_hub: str, syntax: str, signed: bool, bits: int
) -> None:
    study, series = generate_uid(), generate_uid()
    stored = [image(series, study, number, signed=signed, bits=bits) for number in (1, 2)]
    store(lasting_hub, *stored)
    came = [
        dcmread(BytesIO(one)) for one in given(f"{lasting_hub}/studies/{study}/series/{series}", ACCEPT.format(syntax))
    ]
    kept = [dcmread(BytesIO(one)) for one in stored]
    assert [one.file_meta.TransferSyntaxUID for one in came] == [syntax] * 2
    assert [one.SOPInstanceUID for one in came] == [one.SOPInstanceUID for one in kept]
    for one, other in zip(came, kept, strict=True):
        assert np.array_equal(one.pixel_array, other.pixel_array)
        assert len(one.PixelData) < len(other.PixelData)


@pytest.mark.parametrize(
    "accept", ["*/*", ACCEPT.format("*"), f"{ACCEPT.format('*')}, {ACCEPT.format(next(iter(LOSSLESS)))};q=0.5"]
)
def test_what_is_not_asked_for_compressed_comes_as_it_is_stored(lasting_hub: str, accept: str) -> None:
    study, series = generate_uid(), generate_uid()
    stored = image(series, study, 1, signed=True)
    store(lasting_hub, stored)
    assert given(f"{lasting_hub}/studies/{study}", accept) == [stored]


def test_an_object_without_pixels_comes_as_it_is_stored(lasting_hub: str) -> None:
    report = packaged("reportsi.dcm")
    header = dcmread(BytesIO(report))
    store(lasting_hub, report)
    url = f"{lasting_hub}/studies/{header.StudyInstanceUID}"
    assert given(url, ACCEPT.format(next(iter(LOSSLESS)))) == given(url, ACCEPT.format("*"))


def test_an_image_that_is_compressed_already_is_not_compressed_anew(lasting_hub: str) -> None:
    stored = packaged("JPEG2000.dcm")
    header = dcmread(BytesIO(stored))
    store(lasting_hub, stored)
    url = f"{lasting_hub}/studies/{header.StudyInstanceUID}"
    syntax = "1.2.840.10008.1.2.4.80"
    assert requests.get(url, headers={"Accept": ACCEPT.format(syntax)}, timeout=60).status_code == 406
