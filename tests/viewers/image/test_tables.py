"""Look-up tables worked by hand: modality, VOI and presentation, and what comes before what."""

import struct

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, cylinder, ramp, volume_of
from viewers.geometry.plane import AXIAL
from viewers.image.description import PixelFormat, VoiFunction, Window
from viewers.image.display import display_slice
from viewers.image.lookup import LookupTable
from viewers.image.pixels import apply_window, default_window, slice_values
from viewers.image.reslice import sample_window, standard_plane

GRID = axial_grid([0.0, 1.0, 2.0])


def table(first: int, bits: int, *entries: int) -> LookupTable:
    return LookupTable(first, bits, struct.pack(f"<{len(entries)}H", *entries))


# Inputs -4 to 5 of 12 bits. 255 × output ÷ 4095, rounded half up, is the display value:
# 0; 16 → 0.996; 17 → 1.06; 24 → 1.494; 25 → 1.557; 1000 → 62.27; 2047 → 127.47; 2048 → 127.53; 4000 → 249.08; and 255.
VOI = table(-4, 12, 0, 16, 17, 24, 25, 1000, 2047, 2048, 4000, 4095)
INPUTS = (-1000, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 1000, 1.4, 1.5)
SHOWN = (0, 0, 0, 1, 1, 1, 2, 62, 127, 128, 249, 255, 255, 255, 62, 127)


def test_a_voi_table_gives_the_sixteen_values_worked_by_hand() -> None:
    window = Window(1.0, 10.0, VOI)
    assert apply_window(np.array(INPUTS), window).tolist() == list(SHOWN)
    assert (255 - apply_window(np.array(INPUTS), window, inverted=True)).tolist() == list(SHOWN)


@pytest.mark.parametrize("function", list(VoiFunction))
def test_a_table_is_looked_up_whatever_the_function_of_windows(function: VoiFunction) -> None:
    assert apply_window(np.array(INPUTS), Window(1.0, 0.0, VOI), function).tolist() == list(SHOWN)


def test_a_presentation_table_follows_the_window() -> None:
    # LINEAR_EXACT 128 ± 127.5 leaves 0.5 to 255.5 as they are less a half. The table squares: 0, 1, 4, 9 of 3² = 9.
    square = table(0, 8, 0, 28, 113, 255)
    inputs = np.array((0.5, 43.0, 43.1, 85.5, 128.0, 170.5, 213.1, 255.5))
    shown = apply_window(inputs, Window(128.0, 255.0), VoiFunction.LINEAR_EXACT, presentation=square)
    # (x - 0.5) ÷ 255 × 3 → nearest entry: 0; 0.5 → 1 (half up); 0.501 → 1; 1; 1.5 → 2; 2; 2.501 → 3; 3.
    assert shown.tolist() == [0, 28, 28, 28, 113, 113, 255, 255]


def test_inversion_is_last_of_all() -> None:
    square = table(0, 8, 0, 28, 113, 255)
    inputs = np.arange(0.5, 256.0)
    plain = apply_window(inputs, Window(128.0, 255.0), VoiFunction.LINEAR_EXACT, presentation=square)
    turned = apply_window(inputs, Window(128.0, 255.0), VoiFunction.LINEAR_EXACT, True, square)
    assert np.array_equal(255 - plain, turned)


def test_a_modality_table_takes_the_place_of_the_rescale_and_spares_padding() -> None:
    # Stored 1024 is padding, 1064 the cylinder; the table says 7 for 1024 and 500 for 1064 and whatever lies above.
    modality = table(1024, 16, 7, *([9] * 39), 500)
    volume = volume_of(GRID, cylinder, modality_table=modality, rescale_slope=3.0, padding_value=1024, windows=())
    values = slice_values(volume, 1)
    assert np.isnan(values[0, 0])
    assert values[32, 32] == 500.0


def test_a_voi_table_is_the_first_view_and_windows_are_others() -> None:
    views = (Window(1.0, 10.0, VOI), Window(40.0, 400.0))
    volume = volume_of(GRID, ramp, windows=views)
    assert default_window(volume) is views[0]
    cut = sample_window(volume, standard_plane(volume, AXIAL, spacing_mm=1.0), views[0])
    assert set(np.unique(cut)) <= {0, 1, 2, 62, 127, 128, 249, 255}
    assert np.array_equal(display_slice(volume, 1, views[0]), apply_window(slice_values(volume, 1), views[0]))


def test_what_a_table_shows_is_inverted_once_however_often_it_is_said() -> None:
    low_white = PixelFormat(64, 64, 1, 16, 16, True, "MONOCHROME1")
    views = (Window(1.0, 10.0, VOI),)
    plain = volume_of(GRID, cylinder, windows=views)
    twice = volume_of(GRID, cylinder, windows=views, format=low_white, inverse_shape=True)
    assert twice.inverted
    shown = display_slice(twice, 0, views[0], inverted=twice.inverted)
    assert np.array_equal(255 - shown, display_slice(plain, 0, views[0]))
