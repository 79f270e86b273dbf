from io import BytesIO
from typing import Any

import numpy as np
import pytest
import requests
from PIL import Image
from pydicom import dcmread
from pydicom.uid import generate_uid

from tests.support.instances import CT_STUDY, make_instance, packaged, store
from workstation.dicom.multipart import MultipartReader, Part, boundary_of

ANY_DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
ANY_FRAME = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'


def fetch(url: str, accept: str = "") -> requests.Response:
    """Return an answer, whatever it is."""
    return requests.get(url, headers={"Accept": accept} if accept else {}, timeout=60)


def parts(answer: requests.Response) -> list[Part]:
    """Return the parts of a multipart answer that must be complete."""
    assert answer.status_code == 200, answer.text
    reader = MultipartReader(boundary_of(answer.headers["content-type"]), 1 << 30)
    found = reader.feed(answer.content)
    reader.finish()
    return found


def put(hub: str, part10: bytes) -> str:
    """Store one instance and return its address."""
    report = store(hub, part10).json()
    url: str = report["00081199"]["Value"][0]["00081190"]["Value"][0]
    return url


def pixels_of(part10: bytes) -> bytes:
    """Return the pixel data of an uncompressed instance."""
    found: bytes = dcmread(BytesIO(part10)).PixelData
    return found


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        ANY_DICOM,
        "multipart/related; type=application/dicom; transfer-syntax=*",
        'multipart/related;type="application/dicom"',
        'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1',
        'multipart/related; type="application/dicom+xml", multipart/related; type="application/dicom"; q=0.5',
        'Multipart/Related; Type="application/dicom"',
    ],
)
def test_study_series_and_instance_come_as_parts_byte_for_byte(hub: str, accept: str) -> None:
    study, series = generate_uid(), generate_uid()
    sent = [make_instance(StudyInstanceUID=study, SeriesInstanceUID=series, InstanceNumber=n) for n in range(3)]
    other = make_instance(StudyInstanceUID=study)
    store(hub, *sent, other)
    assert [part.body for part in parts(fetch(f"{hub}/studies/{study}", accept))] == [*sent, other]
    found = parts(fetch(f"{hub}/studies/{study}/series/{series}", accept))
    assert [part.body for part in found] == sent
    assert found[0].content_type == "application/dicom; transfer-syntax=1.2.840.10008.1.2.1"
    instance = dcmread(BytesIO(sent[1])).SOPInstanceUID
    one = parts(fetch(f"{hub}/studies/{study}/series/{series}/instances/{instance}", accept))
    assert [part.body for part in one] == [sent[1]]


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "application/dicom+json",
        'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.50',
        'multipart/related; type="image/jpeg"',
        "application/dicom; q=0",
    ],
)
def test_a_form_that_cannot_be_given_is_refused(hub: str, accept: str) -> None:
    url = put(hub, packaged("CT_small.dcm"))
    assert fetch(url, accept).status_code == 406
    assert fetch(f"{hub}/studies/{CT_STUDY}", "application/dicom").status_code == 406


def test_the_accept_header_may_come_as_a_parameter(hub: str) -> None:
    url = put(hub, packaged("CT_small.dcm"))
    answer = requests.get(url, params={"accept": "application/dicom"}, headers={"Accept": "text/html"}, timeout=30)
    assert answer.content == packaged("CT_small.dcm")
    assert answer.headers["content-type"] == "application/dicom; transfer-syntax=1.2.840.10008.1.2.1"


def test_a_large_series_arrives_whole(hub: str) -> None:
    study, noise = generate_uid(), np.random.default_rng(1)
    sent = [
        make_instance(
            StudyInstanceUID=study,
            Rows=512,
            Columns=512,
            PixelData=noise.integers(0, 65536, 512 * 512, "<u2").tobytes(),
        )
        for _ in range(12)
    ]
    assert store(hub, *sent).status_code == 200
    assert [part.body for part in parts(fetch(f"{hub}/studies/{study}", ANY_DICOM))] == sent


def test_metadata_hold_the_header_and_point_to_the_pixels(hub: str) -> None:
    url = put(hub, packaged("CT_small.dcm"))
    for address in (url, f"{hub}/studies/{CT_STUDY}", url.split("/instances/", maxsplit=1)[0]):
        answer = fetch(f"{address}/metadata", "application/dicom+json")
        assert answer.headers["content-type"] == "application/dicom+json"
        (header,) = answer.json()
        assert header["00100010"]["Value"] == [{"Alphabetic": "CompressedSamples^CT1"}]
        assert header["7FE00010"] == {"vr": "OW", "BulkDataURI": f"{url}/bulkdata/7FE00010"}
    (body,) = parts(fetch(header["7FE00010"]["BulkDataURI"]))
    assert body.body == pixels_of(packaged("CT_small.dcm"))


@pytest.mark.parametrize("name", ["JPEG2000.dcm", "image_dfl.dcm", "MR_small_bigendian.dcm", "liver_1frame.dcm"])
def test_metadata_point_to_the_pixels_in_every_transfer_syntax(hub: str, name: str) -> None:
    url = put(hub, packaged(name))
    (header,) = fetch(f"{url}/metadata").json()
    assert fetch(header["7FE00010"]["BulkDataURI"], ANY_FRAME).status_code == 200


def test_a_report_has_no_pixels(hub: str) -> None:
    url = put(hub, packaged("reportsi.dcm"))
    (header,) = fetch(f"{url}/metadata").json()
    assert "7FE00010" not in header
    assert header["0040A730"]["Value"][0]["0040A040"]["Value"]
    for path in ("/frames/1", "/rendered", "/bulkdata/7FE00010", "/bulkdata/0040A730/1/0040A040"):
        assert fetch(f"{url}{path}").status_code == 404


def test_nested_bulk_data_can_be_fetched(hub: str) -> None:
    part10 = packaged("waveform_ecg.dcm")
    (header,) = fetch(f"{put(hub, part10)}/metadata").json()
    nested = header["54000100"]["Value"][1]["54001010"]["BulkDataURI"]
    assert nested.endswith("/bulkdata/54000100/2/54001010")
    (body,) = parts(fetch(nested))
    assert body.body == dcmread(BytesIO(part10)).WaveformSequence[1].WaveformData


def test_a_value_cannot_imitate_bulk_data(hub: str) -> None:
    text = '"BulkDataURI":"bulkdata/7FE00010"'
    (header,) = fetch(f"{put(hub, make_instance(StudyDescription=text))}/metadata").json()
    assert header["00081030"]["Value"] == [text]


@pytest.mark.parametrize(
    "name", ["MR_small.dcm", "MR_small_RLE.dcm", "MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm",
             "MR_small_bigendian.dcm", "MR_small_implicit.dcm"],
)  # fmt: skip
def test_a_frame_comes_decoded_where_no_transfer_syntax_is_asked_for(hub: str, name: str) -> None:
    url = put(hub, packaged(name))
    (frame,) = parts(fetch(f"{url}/frames/1", 'multipart/related; type="application/octet-stream"'))
    assert frame.body == pixels_of(packaged("MR_small.dcm"))
    assert frame.content_type == "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1"


def test_a_frame_comes_as_stored_where_any_transfer_syntax_is_accepted(hub: str) -> None:
    url = put(hub, packaged("JPEG2000.dcm"))
    (frame,) = parts(fetch(f"{url}/frames/1", ANY_FRAME))
    assert frame.body[:4] == b"\xff\x4f\xff\x51"
    assert frame.content_type == "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.91"
    (same,) = parts(fetch(f"{url}/frames/1", 'multipart/related; type="image/jp2"'))
    assert (same.body, same.content_type) == (frame.body, "image/jp2; transfer-syntax=1.2.840.10008.1.2.4.91")
    assert fetch(f"{url}/frames/1", "application/octet-stream; transfer-syntax=*").content == frame.body


def test_several_frames_come_in_the_order_asked_for(hub: str) -> None:
    part10 = packaged("rtdose.dcm")
    pixels = pixels_of(part10)
    length = len(pixels) // 15
    found = parts(fetch(f"{put(hub, part10)}/frames/15,2,2", ANY_FRAME))
    assert [part.body for part in found] == [
        pixels[14 * length :],
        pixels[length : 2 * length],
        pixels[length : 2 * length],
    ]


def test_frames_of_single_bits_begin_on_a_byte(hub: str) -> None:
    planes = np.array([[1, 0, 1, 1, 0], [0, 1, 1, 0, 1], [1, 1, 1, 0, 0]], dtype=np.uint8)
    packed = np.packbits(planes.ravel(), bitorder="little").tobytes()
    url = put(
        hub,
        make_instance(Rows=1, Columns=5, NumberOfFrames=3, BitsAllocated=1, BitsStored=1, HighBit=0, PixelData=packed),
    )
    found = parts(fetch(f"{url}/frames/1,2,3", ANY_FRAME))
    frames = [np.unpackbits(np.frombuffer(part.body, np.uint8), bitorder="little")[:5].tolist() for part in found]
    assert frames == planes.tolist()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/frames/0", 404),
        ("/frames/2", 404),
        ("/frames/1,99999", 404),
        ("/frames/x", 400),
        ("/frames/-1", 400),
        ("/frames/1,,2", 400),
        ("/frames/99999999999999999999", 400),
        ("/frames/1/rendered?window=a,b", 400),
        ("/rendered?window=40", 400),
        ("/rendered?window=40,0", 400),
        ("/rendered?window=nan,4", 400),
        ("/rendered?window=40,400,cubic", 400),
        ("/rendered?viewport=0,10", 400),
        ("/rendered?viewport=big", 400),
        ("/rendered?quality=0", 400),
        ("/rendered?quality=x", 400),
        ("/bulkdata/00000000", 404),
        ("/bulkdata/../../../etc/passwd", 404),
        ("/bulkdata/00100010", 404),
        ("/bulkdata/xyz/0/abc", 404),
        ("/nothing", 404),
    ],
)
def test_what_is_not_there_or_malformed_gets_its_status(lasting_hub: str, path: str, status: int) -> None:
    url = put(lasting_hub, packaged("CT_small.dcm"))
    answer = fetch(f"{url}{path}")
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize("path", ["/studies/1.2", "/studies/1.2/series/1.3", "/studies/1.2/metadata"])
def test_what_is_unknown_is_not_found(hub: str, path: str) -> None:
    assert fetch(f"{hub}{path}").status_code == 404


def test_a_method_that_does_not_exist_is_refused(hub: str) -> None:
    answer = requests.delete(f"{hub}/series", timeout=30)
    assert (answer.status_code, "GET" in answer.headers["allow"]) == (405, True)


def picture(answer: requests.Response) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """Return the values of a picture that must have come."""
    assert answer.status_code == 200, answer.text
    return np.asarray(Image.open(BytesIO(answer.content)))


def test_a_frame_is_rendered_through_the_window_asked_for(hub: str) -> None:
    values = np.arange(24, dtype="<u2").reshape(4, 6)
    url = put(hub, make_instance(RescaleSlope="2", RescaleIntercept="-10"))
    answer = fetch(f"{url}/rendered?window=13,20,linear-exact", "image/png")
    expected = np.rint(np.clip((values * 2.0 - 10.0 - 13.0) / 20.0 + 0.5, 0, 1) * 255)
    assert answer.headers["content-type"] == "image/png"
    assert np.array_equal(picture(answer), expected)


def test_a_linear_window_is_that_of_the_standard(hub: str) -> None:
    url = put(hub, make_instance())
    shown = picture(fetch(f"{url}/frames/1/rendered?window=12,11", "image/png")).ravel()
    assert (shown[6], shown[7] > 0, shown[16] < 255, shown[17]) == (0, True, True, 255)


def test_monochrome1_is_shown_inverted(hub: str) -> None:
    plain = picture(fetch(f"{put(hub, make_instance())}/rendered", "image/png"))
    inverted = make_instance(PhotometricInterpretation="MONOCHROME1")
    assert np.array_equal(picture(fetch(f"{put(hub, inverted)}/rendered", "image/png")), 255 - plain)


@pytest.mark.parametrize(
    "name", ["CT_small.dcm", "JPEG2000.dcm", "SC_rgb_jpeg_dcmtk.dcm", "examples_palette.dcm", "SC_rgb_small_odd.dcm",
             "liver_1frame.dcm", "rtdose.dcm", "examples_ybr_color.dcm"],
)  # fmt: skip
def test_all_kinds_of_pixels_are_rendered(hub: str, name: str) -> None:
    url = put(hub, packaged(name))
    header = dcmread(BytesIO(packaged(name)))
    jpeg = fetch(f"{url}/rendered")
    assert jpeg.headers["content-type"] == "image/jpeg"
    assert picture(jpeg).shape[:2] == (header.Rows, header.Columns)
    assert picture(fetch(f"{url}/frames/1/rendered", "image/png")).std() > 0


def test_a_picture_fits_the_viewport_asked_for(hub: str) -> None:
    url = put(hub, packaged("CT_small.dcm"))
    assert picture(fetch(f"{url}/rendered?viewport=64,32", "image/png")).shape == (32, 32)
