import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.viewer_volumes import (
    SERIES,
    SPACE,
    flat_volume,
    oblique_affine,
    ramp,
    spatial_volume,
    straight_affine,
)
from viewers.annotations.calibration import CALIBRATION, calibrated, known_length_mm
from viewers.annotations.errors import AcrossRegions, ForeignSpace
from viewers.annotations.measure import length
from viewers.annotations.model import Annotation, MeasuredValue, PointLps
from viewers.annotations.statistics import ellipse_statistics
from viewers.annotations.values import Measured, nothing
from viewers.geometry.frame import Vector3, added, as_vector, cross, index_to_lps, scaled, unit
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID
from viewers.image.description import SpacingSource
from viewers.image.regions import UltrasoundRegion, unit_of
from viewers.image.volume import Volume
from viewers.tools.registry import measure

SHAPE = (30, 60, 80)
FIRST_FRAME = InstanceUID(f"{SERIES}.1")


def mark(
    *points: PointLps, space: FrameOfReferenceUID | None = SPACE, instance: InstanceUID = FIRST_FRAME
) -> Annotation:
    return Annotation(AnnotationId("a"), "any", points, space, SERIES, instance)


def ellipse(centre: Vector3, first: Vector3, second: Vector3, space: FrameOfReferenceUID | None = SPACE) -> Annotation:
    ends = (
        added(centre, scaled(first, -1)),
        added(centre, first),
        added(centre, scaled(second, -1)),
        added(centre, second),
    )
    return mark(*ends, space=space)


def named(measured: Measured) -> dict[str, MeasuredValue]:
    return {value.name: value for value in measured.values}


def place(volume: Volume, i: float, j: float, k: float) -> Vector3:
    return as_vector(index_to_lps(volume.affine, np.array((i, j, k))))


def axes_of(volume: Volume) -> tuple[Vector3, Vector3, Vector3]:
    i, j, k = (unit(as_vector(volume.affine[:3, axis])) for axis in range(3))
    return i, j, k


@pytest.fixture
def volume() -> Volume:
    return spatial_volume(ramp(SHAPE, (2, 3, 40)), straight_affine())


def test_a_length_is_the_distance_in_patient_space(volume: Volume) -> None:
    (value,) = length(mark((0.0, 0.0, 0.0), (30.0, 40.0, 120.0)), volume).values
    assert value.value == pytest.approx(130.0)
    assert (value.unit_ucum, value.unit_label) == ("mm", "mm")
    assert value.concept == ("410668003", "SCT", "Length")


@given(st.integers(0, 200), st.floats(0, 2 * math.pi), st.floats(-math.pi / 2, math.pi / 2))
def test_a_length_does_not_depend_on_how_the_patient_lies(mm: int, turn: float, tilt: float) -> None:
    volume = spatial_volume(np.zeros((2, 2, 2), np.int16), oblique_affine())
    start = (12.0, -7.0, 3.0)
    way = (math.cos(turn) * math.cos(tilt), math.sin(turn) * math.cos(tilt), math.sin(tilt))
    (value,) = length(mark(start, added(start, scaled(way, mm))), volume).values
    assert value.value == pytest.approx(mm, abs=1e-9)


def test_a_length_on_pixels_of_unknown_size_is_never_called_millimetres() -> None:
    volume = flat_volume(np.zeros((50, 60), np.int16), None)
    (value,) = length(mark((0.0, 0.0, 0.0), (30.0, 40.0, 0.0), space=None), volume).values
    assert value.value == pytest.approx(50.0)
    assert (value.unit_ucum, value.unit_label) == ("{pixels}", "px")


def test_a_length_on_a_radiograph_uses_each_spacing_on_its_own_axis() -> None:
    volume = flat_volume(np.zeros((50, 60), np.int16), (0.2, 0.1))
    (along_a_row,) = length(mark((0.0, 0.0, 0.0), (30.0, 0.0, 0.0), space=None), volume).values
    (along_a_column,) = length(mark((0.0, 0.0, 0.0), (0.0, 30.0, 0.0), space=None), volume).values
    assert along_a_row.value == pytest.approx(3.0)
    assert along_a_column.value == pytest.approx(6.0)
    assert along_a_row.unit_label == "mm"


def test_a_mark_of_another_space_or_frame_is_refused(volume: Volume) -> None:
    other = FrameOfReferenceUID("9.9")
    with pytest.raises(ForeignSpace):
        length(mark((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), space=other), volume)
    with pytest.raises(ForeignSpace):
        length(mark((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), space=None, instance=InstanceUID("9")), volume)


def test_lossy_and_partial_pixels_are_told_on_every_value() -> None:
    whole = spatial_volume(ramp(SHAPE, (2, 3, 40)), straight_affine())
    lossy = spatial_volume(ramp(SHAPE, (2, 3, 40)), straight_affine(), lossy=True)
    one = ellipse((0.0, 0.0, 0.0), (5.0, 0.0, 0.0), (0.0, 4.0, 0.0))
    assert not any(value.on_lossy or value.on_partial for value in ellipse_statistics(one, whole).values)
    assert all(value.on_lossy for value in ellipse_statistics(one, lossy).values)
    partial = spatial_volume(ramp(SHAPE, (2, 3, 40)), straight_affine(), expected=40)
    assert all(value.on_partial for value in ellipse_statistics(one, partial).values)


def test_the_pixels_of_an_acquired_slice_are_taken_by_their_centres() -> None:
    voxels = np.zeros(SHAPE, np.int16)
    # Pixel centres at most 2 pixels away from (40, 30): 13 of them.
    disc = [(i, j) for i in range(80) for j in range(60) if (i - 40) ** 2 + (j - 30) ** 2 <= 4]
    for number, (i, j) in enumerate(disc):
        voxels[11, j, i] = 100 + number
    volume = spatial_volume(voxels, oblique_affine_square())
    i, j, _ = axes_of(volume)
    found = named(ellipse_statistics(ellipse(place(volume, 40, 30, 11), scaled(i, 2.001), scaled(j, 2.001)), volume))
    expected = np.arange(100, 100 + len(disc))
    assert len(disc) == 13
    assert found["mean"].value == pytest.approx(expected.mean())
    assert found["standard_deviation"].value == pytest.approx(expected.std())
    assert (found["minimum"].value, found["maximum"].value) == (100.0, 112.0)
    assert found["area"].value == pytest.approx(math.pi * 2.001**2)
    assert (found["mean"].unit_ucum, found["mean"].unit_label) == ("[hnsf'U]", "HU")
    assert (found["area"].unit_ucum, found["area"].unit_label) == ("mm2", "mm²")


def oblique_affine_square() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The oblique axes with 1 mm pixels."""
    affine = oblique_affine()
    affine[:3, 0] /= 0.7
    affine[:3, 1] /= 0.9
    return affine


def test_a_turned_ellipse_keeps_what_it_holds() -> None:
    volume = spatial_volume(ramp(SHAPE, (10, 0, 0)), straight_affine())
    centre = place(volume, 40, 30, 10)
    turned = ellipse(centre, scaled((0.6, 0.8, 0.0), 12.0), scaled((-0.8, 0.6, 0.0), 5.0))
    found = named(ellipse_statistics(turned, volume))
    # On a ramp the mean of a symmetric outline is the value at its centre; its reach along x is hypot(7.2, 4) mm.
    assert found["mean"].value == pytest.approx(400.0, abs=1e-9)
    reach = math.floor(math.hypot(12 * 0.6, 5 * 0.8) / 0.8)
    assert 10 * (40 + reach - 2) <= found["maximum"].value <= 10 * (40 + reach)


@pytest.mark.parametrize("turn", [0.0, 0.3, 1.1])
def test_an_ellipse_across_the_slices_is_sampled_on_its_own_plane(turn: float) -> None:
    volume = spatial_volume(ramp(SHAPE, (2, 3, 40)), oblique_affine())
    i, j, k = axes_of(volume)
    across = added(scaled(i, math.cos(turn)), scaled(j, math.sin(turn)))
    centre = place(volume, 40, 30, 15)
    found = named(ellipse_statistics(ellipse(centre, scaled(across, 9.0), scaled(k, 6.0)), volume))
    assert found["mean"].value == pytest.approx(2 * 40 + 3 * 30 + 40 * 15, rel=1e-3)
    assert found["area"].value == pytest.approx(math.pi * 54.0)
    # The ramp's own extremes on the outline, less at most one sample of 0.7 mm.
    slope = math.hypot(9.0 * (2 * math.cos(turn) / 0.7 + 3 * math.sin(turn) / 0.9), 6.0 * 40 / 2.5)
    assert found["maximum"].value - found["mean"].value == pytest.approx(slope, rel=0.12)


def test_an_ellipse_between_two_slices_is_interpolated() -> None:
    volume = spatial_volume(ramp(SHAPE, (0, 0, 40)), straight_affine())
    centre = place(volume, 40, 30, 10.5)
    found = named(ellipse_statistics(ellipse(centre, (6.0, 0.0, 0.0), (0.0, 6.0, 0.0)), volume))
    assert found["mean"].value == pytest.approx(420.0)
    assert found["standard_deviation"].value == pytest.approx(0.0, abs=1e-3)


def test_a_cylinder_of_forty_units_measures_forty() -> None:
    voxels = np.full(SHAPE, -1000, np.int16)
    j, i = np.indices(SHAPE[1:])
    voxels[:, (i - 40) ** 2 + (j - 30) ** 2 <= 100] = 40
    volume = spatial_volume(voxels, straight_affine())
    found = named(ellipse_statistics(ellipse(place(volume, 40, 30, 9), (7.0, 0, 0), (0, 7.0, 0)), volume))
    assert (found["mean"].value, found["standard_deviation"].value) == (40.0, 0.0)


def test_padding_is_in_no_statistic() -> None:
    voxels = np.full(SHAPE, 50, np.int16)
    voxels[:, :30] = -2000
    volume = spatial_volume(voxels, straight_affine(), padding=(-2000, -2000))
    one = ellipse(place(volume, 40, 30, 9), (8.0, 0, 0), (0, 8.0, 0))
    found = named(ellipse_statistics(one, volume))
    assert (found["mean"].value, found["minimum"].value) == (50.0, 50.0)


@pytest.mark.parametrize("reach", [(8.0, 0.0, 5.0), (8.0, 0.0, 0.0)])
def test_padding_is_in_no_statistic_of_a_plane_across_the_slices(reach: tuple[float, float, float]) -> None:
    voxels = np.full(SHAPE, 50, np.int16)
    voxels[:, :30] = -2000
    volume = spatial_volume(voxels, straight_affine(), padding=(-2000, -2000))
    one = ellipse(place(volume, 40, 30.5, 9), reach, (0, 6.0, 6.0))
    found = named(ellipse_statistics(one, volume))
    assert (found["mean"].value, found["minimum"].value) == (pytest.approx(50.0), pytest.approx(50.0))


def test_an_ellipse_that_holds_no_pixel_has_an_area_only(volume: Volume) -> None:
    between = ellipse(place(volume, 40.5, 30.5, 9), (0.2, 0, 0), (0, 0.2, 0))
    outside = ellipse((900.0, 0.0, 0.0), (5.0, 0, 0), (0, 5.0, 0))
    flat = ellipse(place(volume, 40, 30, 9), (5.0, 0, 0), (0, 0, 0))
    for one in (between, outside, flat):
        assert [value.name for value in ellipse_statistics(one, volume).values] == ["area"]


def test_an_ellipse_in_pixels_uses_the_pixels_of_its_frame() -> None:
    pixels = np.zeros((50, 60), np.int16)
    pixels[18:23, 28:33] = 7
    one = ellipse((30.0, 20.0, 0.0), (2.0, 0.0, 0.0), (0.0, 1.0, 0.0), space=None)
    unknown = named(ellipse_statistics(one, flat_volume(pixels, None)))
    known = named(ellipse_statistics(one, flat_volume(pixels, (0.5, 0.25))))
    assert unknown["mean"].value == 7.0
    assert (unknown["area"].value, unknown["area"].unit_label) == (pytest.approx(2 * math.pi), "px")
    assert (known["area"].value, known["area"].unit_label) == (pytest.approx(2 * math.pi * 0.125), "mm²")


def test_an_ellipse_is_the_same_from_behind(volume: Volume) -> None:
    centre = place(volume, 40, 30, 9)
    assert cross((6.0, 0.0, 0.0), (0.0, 4.0, 0.0)) != cross((0.0, 4.0, 0.0), (6.0, 0.0, 0.0))
    before = ellipse_statistics(ellipse(centre, (6.0, 0, 0), (0, 4.0, 0)), volume)
    behind = ellipse_statistics(ellipse(centre, (6.0, 0, 0), (0, -4.0, 0)), volume)
    assert before == behind


def test_an_arrow_measures_nothing(volume: Volume) -> None:
    assert nothing(mark((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), volume).values == ()


CM = unit_of(3)
SECONDS, VELOCITY = unit_of(4), unit_of(7)
TISSUE = UltrasoundRegion(0, 0, 29, 49, CM, CM, 0.2, 0.4)
DOPPLER = UltrasoundRegion(30, 0, 59, 49, SECONDS, VELOCITY, 0.01, -2.0)


def ultrasound() -> Volume:
    return replace(flat_volume(np.zeros((50, 60), np.int16), None), slice_regions=((TISSUE, DOPPLER),))


def flat(*points: tuple[float, float]) -> Annotation:
    return mark(*((x, y, 0.0) for x, y in points), space=None)


def test_a_length_in_a_tissue_region_has_the_regions_own_scale_on_each_axis() -> None:
    (value,) = length(flat((5, 5), (20, 25)), ultrasound()).values
    assert value.value == pytest.approx(math.hypot(15 * 0.2, 20 * 0.4))
    assert (value.unit_ucum, value.spacing) == ("mm", SpacingSource.ULTRASOUND)


def test_a_length_in_a_doppler_region_is_a_time_and_a_velocity_and_never_a_length() -> None:
    found = named(length(flat((35, 40), (55, 10)), ultrasound()))
    assert set(found) == {"time", "velocity"}
    assert (found["time"].value, found["time"].unit_ucum) == (pytest.approx(0.2), "s")
    assert (found["velocity"].value, found["velocity"].unit_ucum) == (pytest.approx(60.0), "cm/s")


@pytest.mark.parametrize("end", [(40.0, 5.0), (5.0, 80.0)])
def test_a_mark_across_regions_or_out_of_one_is_refused(end: tuple[float, float]) -> None:
    with pytest.raises(AcrossRegions):
        length(flat((5, 5), end), ultrasound())
    refused = measure(replace(flat((5, 5), end), tool="length"), ultrasound())
    assert (refused.values, refused.refusal) == ((), AcrossRegions.key)


def test_outside_every_region_there_are_only_pixels() -> None:
    (value,) = length(flat((5, 60), (35, 100)), ultrasound()).values
    assert (value.value, value.unit_label, value.spacing) == (pytest.approx(50.0), "px", SpacingSource.NONE)


def test_where_regions_overlap_the_one_of_high_priority_measures() -> None:
    below = UltrasoundRegion(0, 0, 59, 49, CM, CM, 9.0, 9.0, is_low_priority=True)
    volume = replace(ultrasound(), slice_regions=((below, TISSUE),))
    (value,) = length(flat((5, 5), (20, 5)), volume).values
    assert value.value == pytest.approx(3.0)


@pytest.mark.parametrize(("text", "mm"), [("50", 50.0), ("50 mm", 50.0), ("5,0 cm", 50.0), ("0", None), ("rib", None)])
def test_a_known_length_is_read_as_people_write_it(text: str, mm: float | None) -> None:
    assert known_length_mm(text) == mm


def test_a_calibration_gives_a_scale_to_every_mark_of_its_image_and_to_no_other() -> None:
    volume = flat_volume(np.zeros((50, 60), np.int16), None)
    ruler = replace(flat((0, 0), (25, 0)), tool=CALIBRATION, text="50 mm")
    other = replace(ruler, instance=InstanceUID("9"), text="7 mm")
    (value,) = length(flat((0, 0), (30, 40)), calibrated(volume, [ruler, other])).values
    assert (value.value, value.unit_label, value.spacing) == (pytest.approx(100.0), "mm", SpacingSource.USER)
    assert length(flat((0, 0), (30, 40)), calibrated(volume, [other])).values[0].unit_label == "px"


def test_a_calibration_of_pixels_that_are_not_square_holds_along_both_axes() -> None:
    volume = flat_volume(np.zeros((50, 60), np.int16), None)
    volume = replace(volume, passport=replace(volume.passport, pixel_aspect=2.0))
    ruler = replace(flat((0, 0), (0, 25)), tool=CALIBRATION, text="50")
    (value,) = length(flat((0, 0), (30, 20)), calibrated(volume, [ruler])).values
    assert value.value == pytest.approx(50.0)


def test_a_calibration_does_not_touch_what_has_a_place_in_the_patient(volume: Volume) -> None:
    ruler = replace(mark((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), tool=CALIBRATION, text="50")
    assert calibrated(volume, [ruler]) is volume


def test_pixels_that_are_not_square_are_measured_as_wide_as_they_are() -> None:
    volume = flat_volume(np.zeros((50, 60), np.int16), None)
    volume = replace(volume, passport=replace(volume.passport, pixel_aspect=2.0))
    (value,) = length(flat((0, 0), (30, 20)), volume).values
    assert (value.value, value.unit_label) == (pytest.approx(50.0), "px")


@pytest.mark.parametrize("source", [SpacingSource.IMAGER, SpacingSource.MAGNIFICATION, SpacingSource.FIDUCIAL])
def test_each_value_says_which_spacing_it_used(source: SpacingSource) -> None:
    volume = flat_volume(np.zeros((50, 60), np.int16), (0.1, 0.1))
    volume = replace(volume, passport=replace(volume.passport, spacing_source=source))
    assert length(flat((0, 0), (30, 40)), volume).values[0].spacing is source
    outline = ellipse((20.0, 20.0, 0.0), (5.0, 0.0, 0.0), (0.0, 4.0, 0.0), space=None)
    assert named(ellipse_statistics(outline, volume))["area"].spacing is source
