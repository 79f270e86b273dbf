"""Slices even but for the rounding of their positions are drawn as even, and measured where they are."""

import numpy as np

from tests.support.phantoms import axial_grid, smooth, volume_of
from viewers.geometry.plane import CORONAL, plane_about
from viewers.image.description import Window
from viewers.image.reslice import sample_plane, sample_window
from viewers.image.slices import evened, is_regular
from viewers.image.volume import Volume

PLANE = plane_about((0.0, 3.0, 30.0), CORONAL, 0.7, 60, 60)


def piled(positions: list[float]) -> Volume:
    return volume_of(axial_grid(positions, 32, 2.0), smooth)


ROUNDED = piled([round(3.2703 * k, 2) for k in range(20)])


def test_rounded_positions_are_drawn_as_even_ones_and_look_the_same() -> None:
    assert not is_regular(ROUNDED)
    even = evened(ROUNDED)
    assert is_regular(even)
    assert even.voxels is ROUNDED.voxels
    window = Window(0.0, 2000.0)
    truth = sample_plane(ROUNDED, PLANE)
    shown = sample_window(ROUNDED, PLANE, window).astype(float)
    levels = np.floor(np.clip((truth + 1000.0) / 2000.0 * 255.0, 0.0, 255.0) + 0.5)
    inside = ~np.isnan(truth)
    assert np.abs(shown - levels)[inside].max() <= 2.0


def test_what_is_measured_keeps_the_true_positions() -> None:
    assert not np.array_equal(sample_plane(ROUNDED, PLANE), sample_plane(evened(ROUNDED), PLANE), equal_nan=True)


def test_what_a_reader_would_see_or_be_told_is_never_evened() -> None:
    for positions in (
        [*(3.0 * k for k in range(10)), *(3.0 * k + 0.2 for k in range(10, 20))],
        [*(3.0 * k for k in range(8)), *(3.0 * k for k in range(11, 20))],
        [3.0 * k + 0.04 * (k % 2) for k in range(20)],
    ):
        volume = piled(positions)
        assert evened(volume) is volume
    tilted = volume_of(axial_grid([3.0 * k for k in range(10)], tilt_degrees=5.0), smooth)
    assert evened(tilted) is tilted
