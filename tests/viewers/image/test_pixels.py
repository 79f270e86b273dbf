"""Windows worked by hand, automatic windows, presets by key, display of stored slices."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, cylinder, ramp, volume_of
from viewers.image.description import PixelFormat, VoiFunction, Window
from viewers.image.display import colour, display_slice
from viewers.image.errors import PresetRefused, WindowRefused
from viewers.image.pixels import apply_window, automatic_window, default_window
from viewers.image.presets import PRESETS, preset_window

X = (-1000, -161, -160, -159, -100, -60, -1, 0, 39, 40, 41, 100, 200, 238, 239, 1000)
# Centre 40, width 400, worked with exact fractions, rounded half up.
BY_HAND = {
    VoiFunction.LINEAR: (0, 0, 0, 1, 38, 64, 102, 102, 127, 128, 128, 166, 230, 254, 255, 255),
    VoiFunction.LINEAR_EXACT: (0, 0, 0, 1, 38, 64, 101, 102, 127, 128, 128, 166, 230, 254, 254, 255),
    VoiFunction.SIGMOID: (0, 30, 30, 31, 50, 69, 102, 102, 127, 128, 128, 165, 212, 224, 224, 255),
}
GRID = axial_grid([0.0, 1.0, 2.0])


@pytest.mark.parametrize("function", list(VoiFunction))
def test_each_window_function_gives_the_values_worked_by_hand(function: VoiFunction) -> None:
    found = apply_window(np.array(X), Window(40.0, 400.0), function)
    assert found.tolist() == list(BY_HAND[function])


@pytest.mark.parametrize("function", list(VoiFunction))
def test_inversion_comes_after_the_window_and_twice_is_nothing(function: VoiFunction) -> None:
    found = apply_window(np.array(X), Window(40.0, 400.0), function, inverted=True)
    assert (255 - found).tolist() == list(BY_HAND[function])


def test_a_linear_window_of_width_1_is_a_step() -> None:
    assert apply_window(np.array((9, 10, 11)), Window(10.0, 1.0)).tolist() == [0, 255, 255]
    assert apply_window(np.array((9.4, 9.5, 9.6)), Window(10.0, 1.0)).tolist() == [0, 0, 255]


def test_what_is_not_known_is_black_even_inverted() -> None:
    assert apply_window(np.array((np.nan, 0.0)), Window(0.0, 2.0), inverted=True).tolist()[0] == 0


@pytest.mark.parametrize(
    ("width", "function"),
    [
        (0.5, VoiFunction.LINEAR),
        (0.0, VoiFunction.LINEAR_EXACT),
        (-1.0, VoiFunction.SIGMOID),
        (np.nan, VoiFunction.LINEAR),
    ],
)
def test_a_window_without_width_is_refused(width: float, function: VoiFunction) -> None:
    with pytest.raises(WindowRefused):
        apply_window(np.zeros(1), Window(0.0, width), function)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_stack_slice_is_windowed_then_inverted(photometric: str) -> None:
    volume = volume_of(GRID, cylinder, format=PixelFormat(64, 64, 1, 16, 16, True, photometric))
    shown = display_slice(volume, 1, Window(20.0, 41.0), inverted=volume.inverted)
    inside, outside = int(shown[32, 32]), int(shown[0, 0])
    assert (inside, outside) == ((255, 3) if photometric == "MONOCHROME2" else (0, 252))


def test_padding_is_black_in_an_inverted_slice() -> None:
    volume = volume_of(GRID, cylinder, padding_value=1024)
    shown = display_slice(volume, 0, Window(20.0, 100.0), inverted=True)
    assert shown[0, 0] == 0
    assert shown[32, 32] > 0


def test_a_slice_of_modality_values_is_shown_like_one_of_stored_values() -> None:
    stored_slice = volume_of(GRID, ramp)
    values = stored_slice.voxels.astype(np.float32) + np.float32(stored_slice.intercept)
    floating = replace(stored_slice, voxels=values, slope=1.0, intercept=0.0)
    window = Window(10.0, 123.0)
    assert np.array_equal(display_slice(stored_slice, 1, window), display_slice(floating, 1, window))


def test_colour_of_16_bits_keeps_its_upper_8() -> None:
    assert colour(np.array([[[65535, 256, 255]]], dtype=np.uint16)).tolist() == [[[255, 1, 0]]]


def test_the_automatic_window_leaves_padding_out() -> None:
    padded = volume_of(
        GRID, lambda places: np.where(places[..., 0] < 0, -3024.0, 100.0 + places[..., 1]), padding_value=-2000
    )
    window = automatic_window(padded)
    assert window.centre - window.width / 2 > 60.0
    assert window.centre + window.width / 2 < 140.0


def test_an_image_without_a_window_gets_one_and_one_with_keeps_it() -> None:
    assert default_window(volume_of(GRID, ramp)) == Window(40.0, 400.0)
    assert default_window(volume_of(GRID, cylinder, windows=())).width > 1.0


PROPOSED = {
    "soft_tissue": (40.0, 400.0),
    "lung": (-600.0, 1500.0),
    "bone": (400.0, 2000.0),
    "brain": (40.0, 80.0),
    "stroke": (40.0, 40.0),
    "liver": (90.0, 150.0),
    "mediastinum": (50.0, 400.0),
    "angio": (200.0, 600.0),
    "posterior_fossa": (40.0, 120.0),
    "neck": (50.0, 300.0),
    "petrous_bone": (700.0, 4000.0),
    "emphysema": (-800.0, 800.0),
}


def test_each_preset_gives_the_window_of_its_table() -> None:
    volume = volume_of(GRID, ramp)
    assert {preset: preset_window(preset, volume) for preset in PRESETS} == {
        preset: Window(*values) for preset, values in PROPOSED.items()
    }


def test_the_key_of_the_acquired_window_goes_through_all_of_them() -> None:
    windows = (Window(40.0, 400.0), Window(-600.0, 1500.0))
    volume = volume_of(GRID, ramp, windows=windows)
    first = preset_window("acquired", volume, current=Window(1.0, 2.0))
    second = preset_window("acquired", volume, current=first)
    assert (first, second, preset_window("acquired", volume, current=second)) == (*windows, windows[0])


@pytest.mark.parametrize("changes", [{"modality": "MR"}, {"rescale_type": "US"}])
def test_hounsfield_presets_are_refused_where_they_mean_nothing(changes: dict[str, str]) -> None:
    volume = volume_of(GRID, ramp, **changes)
    with pytest.raises(PresetRefused) as caught:
        preset_window("lung", volume)
    assert caught.value.details["modality"] == volume.modality
    assert preset_window("auto", volume).width > 1.0
