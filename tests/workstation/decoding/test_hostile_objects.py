"""Objects that lie, swell or loop. Each is refused by kind, and the pool goes on."""

import struct
import tracemalloc
import zlib
from itertools import product
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from tests.support.memory import OURS, rise_of
from tests.workstation.decoding.objects import compressed, image, part10
from workstation.decoding.errors import (
    CorruptPixels,
    DecodeRefused,
    Malformed,
    NoPixels,
    NotDicom,
    PixelsDisagree,
    TooLarge,
    Truncated,
    Unidentified,
    UnsupportedPixels,
    UnsupportedSyntax,
)
from workstation.decoding.pool import DecoderPool
from workstation.decoding.sandbox.dataset import DataSetReader

MEBIBYTE = 1 << 20


def deflated(*inflated: bytes) -> bytes:
    """Return a file whose data set is this, deflated."""
    meta = part10(image(), DeflatedExplicitVRLittleEndian)
    start = 132
    while meta[start : start + 2] == b"\x02\x00":
        is_long = meta[start + 4 : start + 6] in (b"OB", b"UN")
        length = struct.unpack_from("<I" if is_long else "<H", meta, start + (8 if is_long else 6))[0]
        start += (12 if is_long else 8) + length
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return meta[:start] + b"".join(map(deflater.compress, inflated)) + deflater.flush()


def test_a_deflated_object_reads_like_any_other(pool: DecoderPool) -> None:
    values = np.arange(64, dtype="<i2").reshape(8, 8)
    data = part10(image(values), DeflatedExplicitVRLittleEndian)
    assert np.array_equal(pool.decode(data)[0], values)
    assert pool.inspect(data).frames == 1


def test_v4_a_deflate_bomb_is_refused_and_costs_neither_workstation_nor_worker(pool: DecoderPool) -> None:
    element = struct.pack("<HH2sHI", 0x0009, 0x1001, b"OB", 0, 300 * MEBIBYTE)
    bomb = deflated(element, *[bytes(MEBIBYTE)] * 300)
    assert len(bomb) < MEBIBYTE
    workers = pool.pids
    with rise_of([OURS, *workers]) as rise, pytest.raises(TooLarge):
        pool.inspect(bomb)
    assert rise.most < 100 * MEBIBYTE
    assert set(pool.pids) == set(workers)


def test_an_object_that_names_thousands_of_character_sets_leaves_none_of_them_behind() -> None:
    def item(sets: tuple[int, ...]) -> bytes:
        named = "\\".join(f"ISO 2022 IR {one}" for one in sets).encode()
        named += b" " * (len(named) % 2)
        return struct.pack("<HHIHH2sH", 0xFFFE, 0xE000, len(named) + 8, 8, 5, b"CS", len(named)) + named

    items = b"".join(map(item, product((6, 100, 101, 109, 110, 126, 127), repeat=4)))
    data = struct.pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, len(items)) + items
    tracemalloc.start()
    try:
        read = DataSetReader(memoryview(data), explicit=True, little=True).read(0, len(data))
        assert len(read.elements["00081140"]["Value"]) == 7**4
        del read
        left_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert left_bytes < 500_000


def test_identifiers_beyond_what_a_number_holds_stay_apart(pool: DecoderPool) -> None:
    found = []
    for identifier in ("123456789012345678901", "123456789012345678902"):
        data = part10(image(PatientID=identifier))
        assert data.count(b"\x10\x00\x20\x00LO") == 1
        received = pool.inspect(data.replace(b"\x10\x00\x20\x00LO", b"\x10\x00\x20\x00IS"))
        found.append(received.header.text("PatientID"))
    assert found == ["123456789012345678901", "123456789012345678902"]


def test_what_is_not_deflated_as_stated_is_malformed(pool: DecoderPool) -> None:
    data = deflated(b"\x08\x00\x16\x00UI\x02\x001\x00")
    with pytest.raises((Malformed, Truncated)):
        pool.inspect(data[:-9] + b"\xff" * 9)


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ({"Rows": 20_001}, TooLarge),
        ({"Columns": 65_535, "Rows": 65_535}, TooLarge),
        ({"Rows": 0}, Malformed),
        ({"Rows": 9}, PixelsDisagree),
        ({"Rows": 7}, PixelsDisagree),
        ({"Columns": 16}, PixelsDisagree),
        ({"NumberOfFrames": 2}, PixelsDisagree),
        ({"NumberOfFrames": 1_000_000}, PixelsDisagree),
        ({"NumberOfFrames": 0}, Malformed),
        ({"SamplesPerPixel": 3}, UnsupportedPixels),
        ({"SamplesPerPixel": 4, "PhotometricInterpretation": "CMYK"}, UnsupportedPixels),
        ({"PhotometricInterpretation": "ARGB"}, UnsupportedPixels),
        ({"BitsAllocated": 12}, UnsupportedPixels),
        ({"BitsStored": 17}, UnsupportedPixels),
        ({"HighBit": 3}, UnsupportedPixels),
        ({"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}, PixelsDisagree),
    ],
)
def test_v5_a_header_that_lies_about_its_pixels_is_refused(
    pool: DecoderPool, attributes: dict[str, Any], kind: type[DecodeRefused]
) -> None:
    with pytest.raises(kind):
        pool.decode(part10(image(**attributes)))


def test_v5_rows_of_another_vr_are_refused(pool: DecoderPool) -> None:
    dataset = image()
    dataset.add_new(0x00280010, "UL", 8)
    with pytest.raises(Malformed):
        pool.decode(part10(dataset))


def test_v5_a_run_length_liar_allocates_nothing(pool: DecoderPool) -> None:
    tiny = struct.pack("<16I", 2, 64, 66, *[0] * 13) + b"\x81\x00\x81\x00"
    workers = pool.pids
    with rise_of([OURS, *workers]) as rise:
        with pytest.raises(TooLarge):
            pool.decode(compressed([tiny], RLELossless, Rows=30_000, Columns=30_000))
        with pytest.raises(DecodeRefused):
            pool.decode(compressed([tiny], RLELossless, Rows=11_000, Columns=11_000))
    assert rise.most < 200 * MEBIBYTE
    assert set(pool.pids) == set(workers)


LIES: tuple[dict[str, int], ...] = (
    {"Rows": 11_000, "Columns": 11_000},
    {"Rows": 20_000, "Columns": 6_000},
    {"Rows": 1, "Columns": 20_000},
    {"Rows": 30_000, "Columns": 30_000},
    {"Rows": 65_535, "Columns": 65_535},
    {"Rows": 4_000, "Columns": 4_000, "NumberOfFrames": 8},
    {"Rows": 17, "Columns": 16},
    {"Rows": 16, "Columns": 16, "NumberOfFrames": 100_000},
)


def test_v5_forty_liars_about_their_size_cost_next_to_nothing(pool: DecoderPool) -> None:
    values = np.zeros((16, 16), "<u2")
    streams = {
        RLELossless: struct.pack("<16I", 2, 64, 68, *[0] * 13) + b"\x81\x00\x81\x00" * 2,
        JPEGLSLossless: bytes(imagecodecs.jpegls_encode(values)),
        JPEG2000Lossless: bytes(imagecodecs.jpeg2k_encode(values, codecformat="J2K")),
        "1.2.840.10008.1.2.4.70": bytes(imagecodecs.ljpeg_encode(values)),
        "1.2.840.10008.1.2.4.201": bytes(imagecodecs.htj2k_encode(values)),
    }
    workers = pool.pids
    with rise_of([OURS, *workers]) as rise:
        for syntax, stream in streams.items():
            for lie in LIES:
                with pytest.raises(DecodeRefused):
                    pool.decode(compressed([stream], syntax, values=values, **lie))
    assert rise.most < 200 * MEBIBYTE
    assert set(pool.pids) == set(workers)


@pytest.mark.parametrize(
    ("syntax", "frame"),
    [
        (JPEGBaseline8Bit, imagecodecs.jpeg8_encode(np.zeros((16, 16), np.uint8))),
        (JPEGLSLossless, imagecodecs.jpegls_encode(np.zeros((16, 16), np.uint8))),
        (JPEG2000Lossless, imagecodecs.jpeg2k_encode(np.zeros((16, 16), np.uint8), codecformat="J2K")),
    ],
)
def test_v5_a_codestream_of_another_size_is_refused(pool: DecoderPool, syntax: str, frame: bytes) -> None:
    bits = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "PixelRepresentation": 0}
    assert pool.decode(compressed([frame], syntax, Rows=16, Columns=16, **bits)).shape == (1, 16, 16)
    # Told before the codec runs, which would allocate what the codestream says.
    with pytest.raises(PixelsDisagree, match="rows and columns"):
        pool.decode(compressed([frame], syntax, Rows=8, Columns=16, **bits))
    with pytest.raises(PixelsDisagree):
        pool.decode(compressed([frame], syntax, Rows=16, Columns=16, NumberOfFrames=2, **bits))


def test_a_box_of_length_zero_does_not_loop_for_ever(pool: DecoderPool) -> None:
    # Pydicom's own reader of these boxes never returns on this frame.
    frame = b"\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a" + b"\x00\x00\x00\x00ftyp" + b"\x00" * 12
    with pytest.raises(CorruptPixels):
        pool.decode(compressed([frame], JPEG2000Lossless))


def test_sequences_nested_without_end_are_refused(pool: DecoderPool) -> None:
    data = part10(image())
    head = b"\x40\x00\x60\x02SQ\x00\x00\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    at = data.index(b"\xe0\x7f\x10\x00")
    with pytest.raises(TooLarge):
        pool.inspect(data[:at] + head * 5_000)


def test_an_attribute_given_twice_is_refused(pool: DecoderPool) -> None:
    data = part10(image())
    at = data.index(b"\x10\x00\x20\x00LO")
    end = at + 8 + struct.unpack_from("<H", data, at + 6)[0]
    with pytest.raises(Malformed):
        pool.inspect(data[:end] + data[at:end] + data[end:])


@pytest.mark.parametrize("uid", ["../../../../tmp/evil", "/etc/cron.d/x", "1.2.3\\..", "1.2.x", "", "1" * 65, "C:nul"])
def test_an_identifier_that_is_no_uid_is_refused(pool: DecoderPool, uid: str) -> None:
    dataset = image()
    del dataset.SeriesInstanceUID
    data = part10(dataset)
    at = data.index(b"\x28\x00\x02\x00US")
    raw = uid.encode() + b"\0" * (len(uid) % 2)
    element = struct.pack("<HH2sH", 0x0020, 0x000E, b"UI", len(raw)) + raw
    with pytest.raises(Unidentified):
        pool.inspect(data[:at] + element + data[at:])


@pytest.mark.parametrize("cut", [1, 10, 100, 139, 145])
def test_a_truncated_object_is_refused(pool: DecoderPool, cut: int) -> None:
    with pytest.raises((Truncated, Malformed, NotDicom)):
        pool.inspect(part10(image())[:-cut])


@pytest.mark.parametrize("data", [b"", b"DICM", b"x" * 1000, b"\0" * 128 + b"DICM", b"%PDF-1.7"])
def test_what_is_no_object_is_refused(pool: DecoderPool, data: bytes) -> None:
    with pytest.raises((NotDicom, Malformed)):
        pool.inspect(data)


def test_an_unknown_syntax_is_refused_by_its_name(pool: DecoderPool) -> None:
    with pytest.raises(UnsupportedSyntax) as refused:
        pool.decode(compressed([b"\x00" * 10], "1.2.840.10008.1.2.4.100"))
    assert "MPEG2" in str(refused.value.details["name"])


def test_an_object_without_pixels_has_none_to_decode(pool: DecoderPool) -> None:
    dataset = image()
    del dataset.PixelData
    assert pool.inspect(part10(dataset)).frames == 0
    with pytest.raises(NoPixels):
        pool.decode(part10(dataset))
