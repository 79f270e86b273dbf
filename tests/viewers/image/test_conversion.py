"""Quantities that a volume may be read in: the unit travels with the values, the picture stays what it was."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, frame_of, ramp, stored, volume_of
from viewers.image.assemble import assemble
from viewers.image.conversion import in_quantity, of_modality
from viewers.image.description import VoiFunction, Window
from viewers.image.display import display_slice
from viewers.image.errors import QuantityRefused
from viewers.image.pixels import apply_window, default_window, slice_values
from viewers.image.quantity import ACTIVITY, SUV_BODY_SURFACE, SUV_BODY_WEIGHT, SUV_LEAN_MASS, UPTAKE
from viewers.image.quantity_kinds import Conversion, Withheld
from viewers.image.volume import Volume

GRID = axial_grid([0.0, 1.0, 2.0])
WITHHELD = (Withheld(SUV_BODY_SURFACE, "suv.no_height"),)
WITHOUT_WEIGHT = tuple(Withheld(one, "suv.no_weight") for one in UPTAKE)
CONVERSIONS = (Conversion(0.5, 0.0, SUV_BODY_WEIGHT), Conversion(0.25, 0.0, SUV_LEAN_MASS))


def pet(**changes: object) -> Volume:
    return volume_of(GRID, ramp, modality="PT", units="BQML", conversions=CONVERSIONS, withheld=WITHHELD, **changes)


def test_a_volume_is_in_the_first_quantity_and_shows_the_same_picture() -> None:
    activity, uptake = volume_of(GRID, ramp, modality="PT", units="BQML"), pet()
    assert (activity.quantity, uptake.quantity) == (ACTIVITY, SUV_BODY_WEIGHT)
    assert np.array_equal(slice_values(uptake, 1), slice_values(activity, 1) * 0.5)
    # LINEAR takes half a Bq/ml off the centre and one off the width: halved, the same window is exact.
    assert (uptake.windows, uptake.voi_function) == ((Window(19.75, 199.5),), VoiFunction.LINEAR_EXACT)
    plain = display_slice(activity, 1, default_window(activity), activity.voi_function)
    assert np.array_equal(display_slice(uptake, 1, uptake.windows[0], uptake.voi_function), plain)


@pytest.mark.parametrize(("name", "top"), [("SUVbw", 7.0), ("SUVlbm", 5.0)])
@pytest.mark.parametrize("units", ["BQML", "GML"])
def test_uptake_opens_on_one_scale_whatever_the_windows_of_its_slices(name: str, top: float, units: str) -> None:
    frames = [
        replace(
            frame_of(GRID, k, "PT"), units=units, conversions=(Conversion(1.0, 0.0, SUV_BODY_WEIGHT), CONVERSIONS[1])
        )
        for k in range(3)
    ]
    frames = [replace(frame, windows=(Window(10.0 * k + 5.0, 20.0),)) for k, frame in enumerate(frames)]
    (volume,) = assemble(frames, {(frame.instance, 0): stored(GRID, k, ramp) for k, frame in enumerate(frames)})
    shown = in_quantity(volume, name)
    windows = {default_window(shown, k) for k in (None, 0, 1, 2)}
    assert windows == {Window(top / 2, top)}
    assert shown.voi_function is VoiFunction.LINEAR_EXACT
    assert apply_window(np.array([0.0, top / 2, top]), *windows, shown.voi_function).tolist() == [0, 128, 255]


def test_slices_of_an_emission_image_share_one_window_even_without_a_place() -> None:
    frames = [
        replace(frame_of(GRID, k, "PT"), geometry=None, units="CNTS", windows=(Window(10.0 * k + 5.0, 20.0),))
        for k in range(3)
    ]
    (volume,) = assemble(frames, {(frame.instance, 0): stored(GRID, k, ramp) for k, frame in enumerate(frames)})
    assert len({default_window(volume, k) for k in range(3)}) == 1


@pytest.mark.parametrize(("name", "factor"), [("SUVlbm", 0.25), ("Bq/ml", 1.0), ("SUVbw", 0.5)])
def test_other_quantities_share_the_voxels(name: str, factor: float) -> None:
    uptake = pet()
    other = in_quantity(uptake, name)
    assert np.shares_memory(other.voxels, uptake.voxels)
    activity = slice_values(volume_of(GRID, ramp, modality="PT", units="BQML"), 1)
    assert np.allclose(slice_values(other, 1), activity * factor, rtol=1e-6)
    assert np.array_equal(slice_values(in_quantity(other, "SUVbw"), 1), slice_values(uptake, 1))
    assert other.windows[0].width == pytest.approx(399.0 * factor)


def test_what_is_withheld_is_refused_with_its_reason() -> None:
    with pytest.raises(QuantityRefused) as refused:
        in_quantity(pet(), "SUVbsa")
    assert refused.value.details["why"] == "suv.no_height"


def assembled(*conversions: tuple[Conversion, ...]) -> Volume:
    frames = [
        replace(
            frame_of(GRID, k, "PT"), units="BQML", conversions=one, windows=(), withheld=() if one else WITHOUT_WEIGHT
        )
        for k, one in enumerate(conversions)
    ]
    (volume,) = assemble(frames, {(frame.instance, 0): stored(GRID, k, ramp) for k, frame in enumerate(frames)})
    return volume


def test_each_image_has_its_own_factor() -> None:
    volume = assembled(CONVERSIONS, (Conversion(1.5, 0.0, SUV_BODY_WEIGHT),), CONVERSIONS)
    assert volume.quantity == SUV_BODY_WEIGHT
    activity = volume_of(GRID, ramp, modality="PT", units="BQML")
    assert np.array_equal(slice_values(volume, 1), slice_values(activity, 1) * 1.5)
    assert np.array_equal(slice_values(volume, 2), slice_values(activity, 2) * 0.5)
    # No single factor leads from these values to another quantity.
    assert volume.alternatives.conversions == ()


def test_a_window_of_modality_values_is_turned_with_them() -> None:
    window = Window(40.0, 400.0)
    turned = of_modality(window, VoiFunction.LINEAR, pet())
    assert turned == (Window(19.75, 199.5), VoiFunction.LINEAR_EXACT)
    activity = in_quantity(pet(), "Bq/ml")
    assert of_modality(window, VoiFunction.SIGMOID, activity) == (window, VoiFunction.SIGMOID)
    assert of_modality(window, VoiFunction.LINEAR, volume_of(GRID, ramp)) == (window, VoiFunction.LINEAR)
    several = assembled(CONVERSIONS, (Conversion(1.5, 0.0, SUV_BODY_WEIGHT),), CONVERSIONS)
    assert of_modality(window, VoiFunction.LINEAR, several) is None


def test_half_a_volume_in_suv_is_none() -> None:
    volume = assembled(CONVERSIONS, (), CONVERSIONS)
    assert volume.quantity == ACTIVITY
    assert volume.alternatives.withheld == WITHOUT_WEIGHT
    assert np.array_equal(slice_values(volume, 0), slice_values(volume_of(GRID, ramp, modality="PT"), 0))
