"""The bits that are meant, with their sign: against values worked out by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from tests.workstation.decoding.objects import image, part10
from workstation.decoding.errors import UnsupportedPixels
from workstation.decoding.pool import DecoderPool


def test_bits_beyond_those_stored_are_not_values(pool: DecoderPool) -> None:
    values = np.array([[0x0FFF, 0xF001], [0x1800, 0x8000]], "<u2")
    data = part10(image(values, BitsStored=12, HighBit=11))
    assert pool.decode(data)[0].tolist() == [[0x0FFF, 1], [0x800, 0]]


def test_the_sign_is_that_of_the_stored_bits(pool: DecoderPool) -> None:
    values = np.array([[0x0FFF, 0x0800], [0x07FF, 0xF7FF]], "<u2")
    data = part10(image(values, BitsStored=12, HighBit=11, PixelRepresentation=1))
    found = pool.decode(data)
    assert found.dtype == np.dtype("<i2")
    assert found[0].tolist() == [[-1, -2048], [2047, 2047]]


def test_values_may_lie_in_the_upper_bits(pool: DecoderPool) -> None:
    values = np.array([[0x1230, 0xFFF0]], "<u2")
    data = part10(image(values, BitsStored=12, HighBit=15))
    assert pool.decode(data)[0].tolist() == [[0x123, 0xFFF]]


def test_one_bit_frames_follow_each_other_without_padding(pool: DecoderPool) -> None:
    frames = np.random.default_rng(5).integers(0, 2, (3, 5, 13)).astype(np.uint8)
    dataset = image(frames, BitsAllocated=1, BitsStored=1, HighBit=0)
    packed = np.packbits(frames.ravel(), bitorder="little").tobytes()
    dataset.add_new(0x7FE00010, "OB", packed + b"\0" * (len(packed) % 2))
    assert np.array_equal(pool.decode(part10(dataset)), frames)


@pytest.mark.parametrize("dtype", ["<f4", "<f8"])
def test_real_numbers_stay_what_they_are(pool: DecoderPool, dtype: str) -> None:
    values: NDArray[np.generic] = np.array([[0.1, -2.5], [1e-7, 3e8]], dtype)
    dataset = image(np.zeros((2, 2), "<i2"))
    del dataset.PixelData, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation
    dataset.BitsAllocated = values.itemsize * 8
    if dtype == "<f4":
        dataset.FloatPixelData = values.tobytes()
    else:
        dataset.DoubleFloatPixelData = values.tobytes()
    assert np.array_equal(pool.decode(part10(dataset))[0], values)


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_the_order_of_bytes_is_that_of_the_syntax(pool: DecoderPool, syntax: str) -> None:
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    values = np.arange(-20, 20, dtype="<i2").reshape(5, 8)
    dataset = image(values)
    dataset.add_new(0x7FE00010, "OW", values.astype(f"{order}i2").tobytes())
    found = pool.decode(part10(dataset, syntax))
    assert np.array_equal(found[0], values)
    assert found.dtype == np.dtype("<i2")


def test_bytes_in_big_endian_words_are_turned(pool: DecoderPool) -> None:
    values = np.arange(12, dtype=np.uint8).reshape(3, 4)
    dataset = image(values)
    dataset.add_new(0x7FE00010, "OW", values.reshape(-1, 2)[:, ::-1].tobytes())
    assert np.array_equal(pool.decode(part10(dataset, ExplicitVRBigEndian))[0], values)


def test_uncompressed_values_are_not_copied(pool: DecoderPool) -> None:
    data = part10(image())
    values = pool.decode(data)
    assert np.shares_memory(values, np.frombuffer(data, np.uint8))
    assert not values.flags.writeable


def test_planes_become_pixels(pool: DecoderPool) -> None:
    values = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    dataset = image(values[0], SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=1)
    dataset.add_new(0x7FE00010, "OB", values.tobytes() + b"\0")
    assert np.array_equal(pool.decode(part10(dataset))[0], np.moveaxis(values, 0, -1))


def test_colour_of_sixteen_bits_as_luminance_is_refused(pool: DecoderPool) -> None:
    dataset = image(np.zeros((2, 2), "<u2"), SamplesPerPixel=3, PhotometricInterpretation="YBR_FULL")
    dataset.PlanarConfiguration = 0
    dataset.add_new(0x7FE00010, "OW", bytes(24))
    with pytest.raises(UnsupportedPixels):
        pool.decode(part10(dataset))


@pytest.mark.parametrize(("red", "table"), [(255, 8), (0x7FFF, 16)])
def test_a_colour_table_gives_its_colours(pool: DecoderPool, red: int, table: int) -> None:
    dataset = image(np.array([[0, 1], [2, 9]], np.uint8), PhotometricInterpretation="PALETTE COLOR")
    for colour, last in (("Red", red), ("Green", 0), ("Blue", 0)):
        entries = np.array([0, red // 2, last], "<u2")
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [3, 0, table])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", entries.tobytes())
    found = pool.decode(part10(dataset))[0]
    full = red >> (table - 8)
    assert found.tolist()[1][0] == [full, 0, 0]
    assert found.tolist()[1][1] == [full, 0, 0]
    assert found.dtype == np.uint8


def coloured(first: int, indices: NDArray[np.generic], **attributes: object) -> bytes:
    dataset = image(indices, PhotometricInterpretation="PALETTE COLOR", **attributes)
    for number, colour in enumerate(("Red", "Green", "Blue")):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [4, first, 16])
        entries = np.array([0x1000, 0x2000, 0x3000, 0x4000], "<u2") + (number << 8)
        setattr(dataset, f"{colour}PaletteColorLookupTableData", entries.tobytes())
    return part10(dataset)


def test_the_first_index_of_a_colour_table_has_the_sign_of_the_pixels(pool: DecoderPool) -> None:
    found = pool.decode(coloured(-2, np.array([[-3, -2], [-1, 1]], "<i2")))[0]
    assert found.tolist() == [[[16, 17, 18], [16, 17, 18]], [[32, 33, 34], [64, 65, 66]]]
    beyond = pool.decode(coloured(0xFFFE, np.array([[2, 0xFFFD], [0xFFFE, 0xFFFF]], "<u2")))[0]
    assert beyond.tolist() == [[[16, 17, 18], [16, 17, 18]], [[16, 17, 18], [32, 33, 34]]]


def test_no_entries_stand_for_all_indices(pool: DecoderPool) -> None:
    dataset = image(np.array([[0, 65535]], "<u2"), PhotometricInterpretation="PALETTE COLOR")
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [0, 0, 16])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", np.arange(65536, dtype="<u2")[::-1].tobytes())
    assert pool.decode(part10(dataset))[0].tolist() == [[[255] * 3, [0] * 3]]


def test_segments_of_a_colour_table_are_values_lines_and_repetitions(pool: DecoderPool) -> None:
    indices = np.arange(12, dtype=np.uint8).reshape(3, 4)
    dataset = image(indices, PhotometricInterpretation="PALETTE COLOR")
    # Two values 0 and 0x1000; a line of 4 to 0x5000; the line of 4 again from there to 0x5000; two values.
    words = [0, 2, 0, 0x1000, 1, 4, 0x5000, 2, 1, 8, 0, 0, 2, 0x0100, 0x0200]
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [12, 0, 16])
        setattr(dataset, f"Segmented{colour}PaletteColorLookupTableData", np.array(words, "<u2").tobytes())
    found = pool.decode(part10(dataset))[0, ..., 0]
    assert found.ravel().tolist() == [0, 0x10, 0x20, 0x30, 0x40, 0x50, 0x50, 0x50, 0x50, 0x50, 1, 2]


def test_colour_with_chrominance_for_every_second_pixel(pool: DecoderPool) -> None:
    # Two pixels, Y1 Y2 Cb Cr. FULL, by hand: 100 + 1.402 × 22 = 130.84; 100 - 0.34414 × -28 - 0.71414 × 22 = 93.92;
    # 100 + 1.772 × -28 = 50.38. PARTIAL: 1.1644 × 84 = 97.81; + 1.5960 × 22 = 132.92; - 0.3917 × -28 - 0.8129 × 22 =
    # 90.89; + 2.0173 × -28 = 41.33. The second pixel has Y 16: 0 in PARTIAL.
    expected = {
        "YBR_FULL_422": [[131, 94, 50], [47, 10, 0]],
        "YBR_PARTIAL_422": [[133, 91, 41], [35, 0, 0]],
    }
    for photometric, colours in expected.items():
        dataset = image(np.zeros((1, 2), np.uint8), SamplesPerPixel=3, PhotometricInterpretation=photometric)
        dataset.PlanarConfiguration = 0
        dataset.add_new(0x7FE00010, "OB", bytes((100, 16, 100, 150)))
        assert pool.decode(part10(dataset))[0, 0].tolist() == colours
