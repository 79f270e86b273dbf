"""Overlays: apart from the pixels, inside their unused bits, for some frames, beyond the edges."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.workstation.decoding.objects import image, part10
from workstation.decoding.errors import NoPixels
from workstation.decoding.pool import DecoderPool


def lay(dataset: Dataset, mask: NDArray[Any], group: int = 0x6000, origin: tuple[int, int] = (1, 1)) -> Dataset:
    """Add an overlay, shape (rows, columns) or (frames, rows, columns)."""
    dataset.add_new((group, 0x0010), "US", mask.shape[-2])
    dataset.add_new((group, 0x0011), "US", mask.shape[-1])
    dataset.add_new((group, 0x0040), "CS", "G")
    dataset.add_new((group, 0x0050), "SS", list(origin))
    dataset.add_new((group, 0x0100), "US", 1)
    dataset.add_new((group, 0x0102), "US", 0)
    if mask.ndim == 3:
        dataset.add_new((group, 0x0015), "IS", len(mask))
    packed = np.packbits(mask.ravel().astype(np.uint8), bitorder="little").tobytes()
    dataset.add_new((group, 0x3000), "OW", packed + b"\0" * (len(packed) % 2))
    return dataset


def random_mask(*shape: int) -> NDArray[np.bool_]:
    return np.random.default_rng(sum(shape)).integers(0, 2, shape).astype(np.bool_)


def drawn(pool: DecoderPool, dataset: Dataset, syntax: str = ExplicitVRLittleEndian) -> NDArray[np.uint16]:
    found = pool.overlays(part10(dataset, syntax))
    assert found is not None
    return found


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_each_group_has_its_bit(pool: DecoderPool, syntax: str) -> None:
    first, second = random_mask(8, 8), random_mask(8, 8)[::-1]
    dataset = lay(lay(image(), first), second, 0x6002)
    assert np.array_equal(drawn(pool, dataset, syntax)[0], first.astype(int) | second.astype(int) << 1)


def test_words_of_the_other_order_are_turned(pool: DecoderPool) -> None:
    mask = random_mask(8, 8)
    dataset = lay(image(np.zeros((8, 8), "<i2")), mask)
    raw = np.frombuffer(dataset[0x60003000].value, "<u2").byteswap().tobytes()
    dataset[0x60003000].value = raw
    assert np.array_equal(drawn(pool, dataset, ExplicitVRBigEndian)[0], mask)


def test_an_overlay_in_an_unused_bit_of_the_pixels(pool: DecoderPool) -> None:
    mask = random_mask(8, 8)
    values = np.arange(64, dtype="<u2").reshape(8, 8) | mask.astype("<u2") << 12
    dataset = image(values, BitsStored=12, HighBit=11)
    lay(dataset, mask)
    del dataset[0x60003000]
    dataset[0x60000100].value, dataset[0x60000102].value = 16, 12
    assert np.array_equal(drawn(pool, dataset)[0], mask)
    assert np.array_equal(pool.decode(part10(dataset))[0], np.arange(64).reshape(8, 8))


def test_a_bit_that_values_use_is_no_overlay(pool: DecoderPool) -> None:
    dataset = lay(image(np.full((8, 8), 0xFFF, "<u2"), BitsStored=12, HighBit=11), random_mask(8, 8))
    del dataset[0x60003000]
    dataset[0x60000102].value = 11
    assert not drawn(pool, dataset).any()


def test_frames_of_an_overlay_start_where_it_says(pool: DecoderPool) -> None:
    masks = random_mask(2, 5, 3)
    dataset = lay(image(np.zeros((4, 5, 3), "<i2")), masks)
    dataset.add_new((0x6000, 0x0051), "US", 2)
    found = drawn(pool, dataset)
    assert np.array_equal(found[1:3], masks)
    assert not found[[0, 3]].any()


@pytest.mark.parametrize("origin", [(3, 5), (-2, -1), (7, 7)])
def test_what_lies_beyond_the_image_is_cut_off(pool: DecoderPool, origin: tuple[int, int]) -> None:
    mask = random_mask(6, 7)
    canvas = np.zeros((30, 30), np.bool_)
    canvas[10 + origin[0] - 1 : 16 + origin[0] - 1, 10 + origin[1] - 1 : 17 + origin[1] - 1] = mask
    found = drawn(pool, lay(image(), mask, origin=origin))
    assert np.array_equal(found[0], canvas[10:18, 10:18])


def test_an_overlay_without_all_its_bits_leaves_the_image_alone(pool: DecoderPool) -> None:
    dataset = lay(image(), random_mask(8, 8))
    dataset[0x60003000].value = b"\xff\xff"
    assert not drawn(pool, dataset).any()
    assert pool.decode(part10(dataset)).shape == (1, 8, 8)


def test_an_image_without_overlays_has_none(pool: DecoderPool) -> None:
    assert pool.overlays(part10(image())) is None
    dataset = lay(image(), random_mask(8, 8))
    del dataset.PixelData
    with pytest.raises(NoPixels):
        pool.overlays(part10(dataset))
