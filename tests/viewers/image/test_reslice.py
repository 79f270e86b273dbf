"""Planes through phantoms with known answers, and against SimpleITK."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.phantoms import (
    Grid,
    axial_grid,
    cylinder,
    left_marker,
    oblique_grid,
    ramp,
    rod,
    smooth,
    value_at,
    volume_of,
)
from viewers.geometry.frame import Vector3, as_vector, cross, index_to_lps, lps_to_index, unit
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, ImagePlane, Orientation, plane_about
from viewers.image.bands import ThreadBands
from viewers.image.description import VoiFunction, Window
from viewers.image.pixels import apply_window
from viewers.image.reslice import sample_plane, sample_window, standard_plane
from viewers.image.sampling import Interpolation
from viewers.image.slices import slice_plane
from viewers.image.volume import Volume

OBLIQUE = Orientation(
    unit((1.0, 0.2, 0.4)), cross(unit(cross((1.0, 0.2, 0.4), (-0.1, 1.0, 0.3))), unit((1.0, 0.2, 0.4)))
)

# The oracle has no types of its own.
itk: Any = import_module("SimpleITK")


def modality_array(volume: Volume) -> NDArray[np.float32]:
    return (volume.voxels.astype(np.float32) * volume.slope + volume.intercept).astype(np.float32)


def itk_plane(volume: Volume, plane: ImagePlane) -> NDArray[np.float32]:
    """The same plane by SimpleITK's linear interpolation, NaN outside."""
    image = itk.GetImageFromArray(modality_array(volume))
    spacing = np.linalg.norm(volume.affine[:3, :3], axis=0)
    image.SetOrigin(tuple(volume.affine[:3, 3].tolist()))
    image.SetSpacing(tuple(spacing.tolist()))
    image.SetDirection(tuple((volume.affine[:3, :3] / spacing).ravel().tolist()))
    resample = itk.ResampleImageFilter()
    resample.SetInterpolator(itk.sitkLinear)
    resample.SetDefaultPixelValue(float("nan"))
    resample.SetOutputOrigin(plane.origin_lps)
    resample.SetOutputSpacing((plane.spacing_mm, plane.spacing_mm * plane.aspect, 1.0))
    axes = np.array([plane.row_direction, plane.column_direction, plane.normal]).T
    resample.SetOutputDirection(tuple(axes.ravel().tolist()))
    resample.SetSize((plane.width, plane.height, 1))
    return np.asarray(itk.GetArrayFromImage(resample.Execute(image))[0], dtype=np.float32)


def assert_as_itk(volume: Volume, plane: ImagePlane) -> None:
    ours, theirs = sample_plane(volume, plane), itk_plane(volume, plane)
    both = ~np.isnan(ours) & ~np.isnan(theirs)
    assert both.sum() > 0.2 * plane.width * plane.height
    assert float(np.abs(ours[both] - theirs[both]).max()) < 1.0
    # The two may differ on what is inside only at the very border of the outer voxels.
    assert np.mean(np.isnan(ours) != np.isnan(theirs)) < 0.01


PHANTOMS = {
    "isotropic": axial_grid(np.arange(-20.0, 20.0).tolist()),
    "thick": axial_grid(np.arange(-50.0, 51.0, 5.0).tolist(), spacing_mm=0.7),
    "oblique": oblique_grid(),
}


@pytest.mark.parametrize("name", PHANTOMS)
@pytest.mark.parametrize(
    "orientation", [AXIAL, CORONAL, SAGITTAL, OBLIQUE], ids=["axial", "coronal", "sagittal", "oblique"]
)
def test_a_plane_agrees_with_simpleitk(name: str, orientation: Orientation) -> None:
    volume = volume_of(PHANTOMS[name], smooth)
    assert_as_itk(volume, standard_plane(volume, orientation, spacing_mm=0.9))


def test_slices_received_in_reverse_agree_with_simpleitk() -> None:
    grid = PHANTOMS["isotropic"]
    reverse = Grid(tuple(reversed(grid.origins)), grid.row, grid.column)
    volume = volume_of(reverse, smooth)
    assert volume.slice_origins_lps[0, 2] == -20.0
    assert_as_itk(volume, standard_plane(volume, OBLIQUE))


@pytest.mark.parametrize("interpolation", list(Interpolation))
@pytest.mark.parametrize("name", PHANTOMS)
def test_the_centre_of_each_voxel_has_the_stored_value(name: str, interpolation: Interpolation) -> None:
    volume = volume_of(PHANTOMS[name], smooth)
    for k in range(volume.voxels.shape[0]):
        found = sample_plane(volume, slice_plane(volume, k), interpolation=interpolation)
        assert np.array_equal(found, modality_array(volume)[k])


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.floats(-0.9, 0.9), st.floats(-0.9, 0.9), st.floats(-0.9, 0.9)).filter(
        lambda v: np.hypot(*v[:2]) > 0.1
    ),
    st.floats(-10.0, 10.0),
)
def test_a_linear_field_is_reproduced_at_every_angle(direction: Vector3, shift: float) -> None:
    volume = RAMP
    row = unit(direction)
    column = unit(cross(row, (0.0, 0.0, 1.0)))
    plane = plane_about((shift, 0.0, -shift), Orientation(row, column), 0.7, 20, 20)
    found = sample_plane(volume, plane)
    places = np.array([[plane.pixel_to_lps(c, r) for c in range(20)] for r in range(20)])
    inside = ~np.isnan(found)
    index = lps_to_index(volume.affine, places)
    interior = ((index >= 0) & (index <= np.array(volume.voxels.shape[::-1]) - 1)).all(axis=-1)
    assert (inside | ~interior).all()
    # Stored values are whole numbers, so the field itself is rounded by up to half a unit.
    assert np.abs(found[interior] - ramp(places)[interior]).max(initial=0.0) <= 0.51


RAMP = volume_of(axial_grid(np.arange(-30.0, 30.0, 1.5).tolist()), ramp)


def test_outside_begins_half_a_voxel_beyond_the_outer_centres() -> None:
    volume = volume_of(axial_grid([0.0, 2.0, 4.0], size=8), ramp)
    first = as_vector(volume.slice_origins_lps[0])
    value = value_at(volume, first)
    for axis, half in ((0, 0.5), (1, 0.5), (2, 1.0)):
        step = np.zeros(3)
        step[axis] = half
        just_inside = as_vector(np.array(first) - 0.98 * step)
        just_outside = as_vector(np.array(first) - 1.02 * step)
        assert value_at(volume, just_inside) == value
        assert np.isnan(value_at(volume, just_outside))


def test_left_is_left() -> None:
    """In every standard view of the front, the patient's left is on the reader's right."""
    for name in ("isotropic", "oblique"):
        volume = volume_of(PHANTOMS[name], left_marker)
        for orientation in (AXIAL, CORONAL):
            plane = standard_plane(volume, orientation, point_lps=(0.0, 0.0, 0.0))
            found = sample_plane(volume, plane)
            column_of_zero = plane.lps_to_pixel((0.0, 0.0, 0.0))[0]
            right_half = found[:, int(column_of_zero) + 6 :]
            left_half = found[:, : int(column_of_zero) - 5]
            assert np.nanmin(right_half) == 1000.0
            assert np.nanmax(left_half) == 0.0


def test_head_is_up_and_front_is_left_in_a_sagittal_view() -> None:
    volume = volume_of(PHANTOMS["isotropic"], ramp)
    plane = standard_plane(volume, SAGITTAL)
    found = sample_plane(volume, plane)
    # The ramp grows towards the back (+2 a mm) and towards the head (+3 a mm).
    assert np.nanmean(np.diff(found, axis=1)) == pytest.approx(2.0, abs=0.1)
    assert np.nanmean(np.diff(found, axis=0)) == pytest.approx(-3.0, abs=0.1)


def test_an_oblique_rod_is_50_mm_long() -> None:
    volume = volume_of(axial_grid(np.arange(-30.0, 31.0).tolist()), rod)
    row = unit((40.0, 0.0, 30.0))
    plane = plane_about((0.0, 0.0, 0.0), Orientation(row, (0.0, 1.0, 0.0)), 0.25, 320, 3)
    profile = sample_plane(volume, plane)[1] > 500.0
    # The rod has round ends of 3 mm.
    assert profile.sum() * 0.25 == pytest.approx(56.0, abs=0.75)


def test_a_cylinder_holds_40_hu_and_is_round_in_pixels_that_are_not_square() -> None:
    grid = axial_grid([0.0, 1.0, 2.0])
    flat = Grid(tuple((x, y * 0.5, z) for x, y, z in grid.origins), grid.row, grid.column, 64, 64, 1.0, 0.5)
    volume = volume_of(flat, lambda places: np.where(np.hypot(places[..., 0], places[..., 1]) <= 12.0, 40.0, 0.0))
    plane = plane_about((0.0, 0.0, 1.0), AXIAL, 0.25, 120, 120)
    inside = sample_plane(volume, plane) > 20.0
    assert inside.any(axis=0).sum() * 0.25 == pytest.approx(24.0, abs=1.0)
    assert inside.any(axis=1).sum() * 0.25 == pytest.approx(24.0, abs=1.0)
    assert value_at(volume_of(grid, cylinder), (3.0, 4.0, 1.0)) == 40.0


def test_rows_shared_between_threads_make_the_same_picture() -> None:
    volume = volume_of(PHANTOMS["oblique"], smooth)
    plane = plane_about((3.0, -7.0, 11.0), OBLIQUE, 0.2, 300, 301)
    with ThreadPoolExecutor(2) as executor:
        shared = sample_plane(volume, plane, bands=ThreadBands(executor, 3))
    assert np.array_equal(shared, sample_plane(volume, plane), equal_nan=True)


@pytest.mark.parametrize("axes", [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)])
@pytest.mark.parametrize("towards", [1.0, -1.0])
def test_a_picture_along_the_voxels_is_the_same_point_by_point(axes: tuple[int, int], towards: float) -> None:
    """Along every pair of axes, either way, within and beyond the grid: rows made of lines, and points one by one."""
    volume = volume_of(axial_grid(np.arange(-9.0, 10.0, 1.5).tolist(), size=12), smooth)
    row, column = np.zeros(3), np.zeros(3)
    row[axes[0]], column[axes[1]] = towards, 1.0
    plane = plane_about((0.3, -0.2, 0.4), Orientation(as_vector(row), as_vector(column)), 0.37, 61, 57)
    found = sample_plane(volume, plane)
    turned = Orientation(unit(as_vector(row + 1e-9 * column)), as_vector(column))
    slanted = sample_plane(volume, replace(plane, row_direction=turned.row_direction))
    border = np.isnan(found) != np.isnan(slanted)
    assert np.isnan(found).any()
    assert border.mean() < 0.05
    assert np.nanmax(np.abs(found - slanted)) < 0.01
    for at in ((20, 30), (31, 17), (28, 40)):
        assert found[at] == pytest.approx(value_at(volume, plane.pixel_to_lps(at[1], at[0])), abs=1e-3)


def test_a_slanted_picture_is_the_same_point_by_point() -> None:
    volume = volume_of(PHANTOMS["oblique"], smooth)
    plane = plane_about((3.0, -7.0, 11.0), OBLIQUE, 0.9, 90, 90)
    found = sample_plane(volume, plane)
    for row in range(0, 90, 7):
        for column in range(0, 90, 7):
            there = value_at(volume, plane.pixel_to_lps(column, row))
            assert found[row, column] == pytest.approx(there, abs=1e-3, nan_ok=True)


def test_a_fault_in_one_band_is_not_swallowed() -> None:
    def work(first: int, last: int) -> None:
        if first > 0:
            raise ValueError("fault")

    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="fault"):
        ThreadBands(executor, 2).run(work, (400, 400))


@pytest.mark.parametrize("function", list(VoiFunction))
@pytest.mark.parametrize("inverted", [False, True])
def test_display_values_are_the_window_of_the_modality_values(function: VoiFunction, inverted: bool) -> None:
    volume = volume_of(PHANTOMS["oblique"], smooth)
    plane = plane_about((3.0, -7.0, 11.0), OBLIQUE, 0.5, 200, 200)
    window = Window(40.0, 400.0)
    shown = sample_window(volume, plane, window, function, inverted).astype(int)
    expected = apply_window(sample_plane(volume, plane), window, function, inverted).astype(int)
    assert np.abs(shown - expected).max() <= 1
    assert np.mean(shown != expected) < 0.001
    assert (shown[np.isnan(sample_plane(volume, plane))] == 0).all()


def test_nan_voxels_do_not_spread_to_the_centres_beside_them() -> None:
    frames_differ = volume_of(axial_grid([0.0, 1.0, 2.0], size=8), ramp)
    values = modality_array(frames_differ)
    values[1, 4, 4] = np.nan
    volume = with_voxels(frames_differ, values)
    found = sample_plane(volume, slice_plane(volume, 1))
    assert np.isnan(found[4, 4])
    assert np.isnan(found).sum() == 1


def with_voxels(volume: Volume, values: NDArray[np.float32]) -> Volume:
    return replace(volume, voxels=values, slope=1.0, intercept=0.0)


def test_index_and_place_are_inverse() -> None:
    volume = volume_of(PHANTOMS["oblique"], smooth)
    index = np.array([[0.0, 0.0, 0.0], [59.0, 69.0, 39.0], [12.5, 3.25, 7.75]])
    assert np.allclose(lps_to_index(volume.affine, index_to_lps(volume.affine, index)), index)
