"""Freehand statistics and probed values against phantoms: what is inside, in which unit, and what has no value."""

import itertools
import math
from dataclasses import replace
from fractions import Fraction

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
from viewers.annotations.errors import ColourPixels, CrossesItself, NoPixels
from viewers.annotations.model import Annotation, MeasuredValue, Measurement, PointLps
from viewers.annotations.outline import crossing, inside_rows, trimmed
from viewers.geometry.frame import Vector3, added, as_vector, index_to_lps, scaled, unit
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID
from viewers.image.quantity import NO_UNIT, SUV_BODY_WEIGHT
from viewers.image.volume import Volume
from viewers.tools.registry import measure

SHAPE = (30, 60, 80)
FIRST_FRAME = InstanceUID(f"{SERIES}.1")


def mark(tool: str, *points: PointLps, space: FrameOfReferenceUID | None = SPACE) -> Annotation:
    return Annotation(AnnotationId("a"), tool, points, space, SERIES, FIRST_FRAME)


def named(measured: Measurement) -> dict[str, MeasuredValue]:
    return {value.name: value for value in measured.values}


def place(volume: Volume, i: float, j: float, k: float) -> Vector3:
    return as_vector(index_to_lps(volume.affine, np.array((i, j, k))))


def polygon(volume: Volume, k: float, *corners: tuple[float, float]) -> Annotation:
    return mark("freehand", *(place(volume, i, j, k) for i, j in corners))


BOX = ((10.0, 20.0), (30.0, 20.0), (30.0, 32.0), (10.0, 32.0))


def test_a_box_on_pixel_centres_holds_its_rim() -> None:
    volume = spatial_volume(ramp(SHAPE, (2, 3, 40)), oblique_affine())
    found = named(measure(polygon(volume, 7, *BOX), volume))
    j, i = np.meshgrid(np.arange(20, 33), np.arange(10, 31), indexing="ij")
    expected = 2 * i + 3 * j + 40 * 7
    assert found["mean"].value == pytest.approx(expected.mean())
    assert found["standard_deviation"].value == pytest.approx(expected.std())
    assert (found["minimum"].value, found["maximum"].value) == (expected.min(), expected.max())
    assert found["area"].value == pytest.approx(20 * 0.7 * 12 * 0.9)
    assert found["area"].unit_label == "mm²"


def test_a_notch_is_outside() -> None:
    volume = spatial_volume(np.zeros(SHAPE, np.int16), straight_affine())
    volume.voxels[5, 25:30, 15:26] = 900
    corners = (
        (10.0, 20.0),
        (30.0, 20.0),
        (30.0, 40.0),
        (27.0, 40.0),
        (27.0, 24.0),
        (13.0, 24.0),
        (13.0, 40.0),
        (10.0, 40.0),
    )
    found = named(measure(polygon(volume, 5, *corners), volume))
    assert (found["minimum"].value, found["maximum"].value) == (0.0, 0.0)
    assert found["area"].value == pytest.approx((20 * 20 - 14 * 16) * 0.64)


@given(
    st.lists(st.tuples(st.integers(2, 17), st.integers(2, 17)), min_size=3, max_size=3, unique=True),
)
def test_which_centres_a_triangle_holds(corners: list[tuple[int, int]]) -> None:
    (ax, ay), (bx, by), (cx, cy) = corners
    twice = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if twice == 0:
        return
    inside = inside_rows(np.array(corners, dtype=np.float64), (20, 20))
    for y in range(20):
        for x in range(20):
            signs = [
                math.copysign(1, twice) * ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1))
                for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True)
            ]
            assert inside[y, x] == (min(signs) >= 0), (x, y)


@pytest.mark.parametrize("turn", [0.0, 0.4])
def test_an_outline_across_the_slices_is_sampled_on_its_own_plane(turn: float) -> None:
    volume = spatial_volume(ramp(SHAPE, (2, 3, 40)), oblique_affine())
    i, j, k = (unit(as_vector(volume.affine[:3, axis])) for axis in range(3))
    across = added(scaled(i, math.cos(turn)), scaled(j, math.sin(turn)))
    centre = place(volume, 40, 30, 15)
    corners = [added(centre, added(scaled(across, x), scaled(k, y))) for x, y in ((-9, -6), (9, -6), (9, 6), (-9, 6))]
    found = named(measure(mark("freehand", *corners), volume))
    assert found["mean"].value == pytest.approx(2 * 40 + 3 * 30 + 40 * 15, rel=2e-3)
    assert found["area"].value == pytest.approx(18 * 12)


def test_a_constant_disc_drawn_by_hand_measures_its_constant_on_any_plane() -> None:
    volume = spatial_volume(np.full(SHAPE, 40, np.int16), oblique_affine())
    centre = place(volume, 40, 30, 15)
    for axes in ((0, 1), (0, 2), (1, 2)):
        first, second = (unit(as_vector(volume.affine[:3, axis])) for axis in axes)
        turns = [2 * math.pi * step / 48 for step in range(48)]
        round_about = [
            added(centre, added(scaled(first, 8 * math.cos(turn)), scaled(second, 8 * math.sin(turn))))
            for turn in turns
        ]
        found = named(measure(mark("freehand", *round_about), volume))
        assert (found["mean"].value, found["standard_deviation"].value) == (pytest.approx(40.0), pytest.approx(0.0))
        assert found["area"].value == pytest.approx(24 * 64 * math.sin(2 * math.pi / 48))


def test_padding_is_in_no_statistic_and_an_outline_of_padding_says_so() -> None:
    voxels = np.full(SHAPE, 50, np.int16)
    voxels[:, :26] = -2000
    volume = spatial_volume(voxels, straight_affine(), padding=(-2000, -2000))
    assert named(measure(polygon(volume, 7, *BOX), volume))["minimum"].value == 50.0
    above = measure(polygon(volume, 7, (10, 2), (30, 2), (30, 20), (10, 20)), volume)
    assert ([value.name for value in above.values], above.refusal) == (["area"], NoPixels.key)


def test_an_outline_that_crosses_itself_is_refused_in_words() -> None:
    volume = spatial_volume(ramp(SHAPE, (2, 3, 40)), straight_affine())
    eight = measure(polygon(volume, 7, (10, 10), (30, 30), (30, 10), (10, 30)), volume)
    assert (eight.values, eight.refusal) == ((), CrossesItself.key)
    assert crossing(polygon(volume, 7, *BOX).points_lps) is None


Corner = tuple[int, int]
corners_near_each_other = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=9)


def on_piece(point: Corner, start: Corner, end: Corner) -> bool:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    is_on_line = (x2 - x1) * (y - y1) == (y2 - y1) * (x - x1)
    return is_on_line and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2)


def meet(first: tuple[Corner, Corner], second: tuple[Corner, Corner]) -> bool:
    """Whether two pieces have a point in common, reckoned in fractions."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = *first, *second
    spread = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if spread == 0:
        pairs = [(one, second) for one in first] + [(one, first) for one in second]
        return any(on_piece(one, *piece) for one, piece in pairs)
    along = Fraction((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx), spread)
    other = Fraction((cx - ax) * (by - ay) - (cy - ay) * (bx - ax), spread)
    return 0 <= along <= 1 and 0 <= other <= 1


@given(corners_near_each_other)
def test_an_outline_meets_itself_where_exact_fractions_say_so(corners: list[Corner]) -> None:
    distinct = [one for one, before in zip(corners, corners[-1:] + corners[:-1], strict=True) if one != before]
    pieces = list(zip(distinct, distinct[1:] + distinct[:1], strict=True))
    apart = [(a, b) for a, b in itertools.combinations(range(len(pieces)), 2) if 1 < b - a < len(pieces) - 1]
    expected = any(meet(pieces[a], pieces[b]) for a, b in apart)
    assert (crossing(tuple((float(x), float(y), 0.0) for x, y in corners)) is not None) == expected


@given(corners_near_each_other, st.integers(0, 2))
def test_no_outline_is_accepted_that_goes_round_a_place_twice_or_both_ways(corners: list[Corner], axis: int) -> None:
    normal = [unit(as_vector(oblique_affine()[:3, column])) for column in range(3)]
    across, down = normal[axis], normal[axis - 1]
    points = tuple(added((71.3, -212.7, 33.1), added(scaled(across, x), scaled(down, y))) for x, y in corners)
    x, y = np.meshgrid(np.linspace(-0.03, 4.07, 60), np.linspace(-0.05, 4.09, 60))
    turns = np.zeros(x.shape, np.int64)
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if y1 != y2:
            is_passed = (np.minimum(y1, y2) <= y) & (y < np.maximum(y1, y2))
            turns += np.where(is_passed & (x1 + (y - y1) * (x2 - x1) / (y2 - y1) > x), np.sign(y2 - y1), 0)
    if np.ptp(turns) > 1:
        assert crossing(points) is not None


def test_a_figure_of_eight_through_its_own_corner_is_refused_from_wherever_it_begins() -> None:
    volume = spatial_volume(ramp(SHAPE, (2, 3, 40)), oblique_affine())
    eight = ((10, 14), (16, 14), (16, 18), (13, 18), (13, 14), (13, 10), (10, 10))
    for begin in range(len(eight)):
        for corners in (eight[begin:] + eight[:begin], (eight[begin:] + eight[:begin])[::-1]):
            assert measure(polygon(volume, 7, *corners), volume).refusal == CrossesItself.key


def test_points_in_one_place_are_one_corner() -> None:
    points = polygon(spatial_volume(np.zeros(SHAPE, np.int16), straight_affine()), 7, *BOX).points_lps
    assert crossing((*points, points[-1], points[0])) is None
    assert crossing((points[0],) * 5) is None


@pytest.mark.parametrize(
    "ends", [((16, -4),), ((19, 0),), ((16, 0), (25, 0))], ids=["across", "at a corner", "along a side"]
)
def test_loose_ends_on_whole_pixels_are_cut_off_where_they_meet_the_outline(ends: tuple[Corner, ...]) -> None:
    ring = ((13, 0), *((19 + 3 * step, 0) for step in range(5)), *((31, 3 * step) for step in range(1, 6)))
    ring = (*ring, *((31 - 3 * step, 15) for step in range(1, 7)), (13, 12), (13, 9), (16, 6), (16, 3))
    drawn = tuple((float(x), float(y), 2.0) for x, y in (*ring, *ends))
    assert crossing(drawn) is not None
    assert crossing(trimmed(drawn)) is None


def test_loose_ends_are_cut_off_and_a_figure_of_eight_is_left_to_be_seen() -> None:
    ring = [(10 * math.cos(a), 10 * math.sin(a), 3.0) for a in np.linspace(0.0, 2 * math.pi, 40)[:-1]]
    looped = (*ring, (11.0, 1.0, 3.0), (9.0, 2.5, 3.0))
    assert crossing(looped) is not None
    assert crossing(trimmed(looped)) is None
    eight = ((0.0, 0.0, 0.0), (3.0, 3.0, 0.0), (3.0, 0.0, 0.0), (0.0, 3.0, 0.0))
    assert trimmed(eight) == eight


@pytest.mark.parametrize("tool", ["freehand", "ellipse", "probe"])
def test_uptake_is_measured_in_its_own_unit_and_mr_has_none(tool: str) -> None:
    volume = spatial_volume(np.full(SHAPE, 7, np.int16), straight_affine())
    points = [place(volume, i, j, 7) for i, j in ((10, 25), (30, 25), (20, 20), (20, 30))]
    chosen = mark(tool, *points[: 1 if tool == "probe" else 4])
    if tool == "freehand":
        chosen = mark(tool, points[0], points[2], points[1], points[3])
    uptake = measure(chosen, replace(volume, modality="PT", quantity=SUV_BODY_WEIGHT, slope=0.5)).values[0]
    assert (uptake.value, uptake.unit_label, uptake.unit_ucum) == (3.5, "SUVbw", "g/ml{SUVbw}")
    signal = measure(chosen, replace(volume, modality="MR", quantity=NO_UNIT)).values[0]
    assert (signal.value, signal.unit_label, signal.unit_ucum) == (7.0, "", "1")
    if tool == "probe":
        assert (uptake.concept, signal.concept[0]) == (("126401", "DCM", "SUVbw"), "110852")


@pytest.mark.parametrize("tool", ["freehand", "ellipse", "probe"])
def test_colour_is_refused_in_words(tool: str) -> None:
    volume = flat_volume(np.zeros((50, 60), np.int16), (0.5, 0.5))
    coloured = replace(volume, voxels=np.zeros((1, 50, 60, 3), np.uint8), photometric="RGB")
    corners = ((10.0, 10.0, 0.0), (20.0, 10.0, 0.0), (15.0, 5.0, 0.0), (15.0, 15.0, 0.0))
    chosen = mark(tool, *corners[: 1 if tool == "probe" else 3 if tool == "freehand" else 4], space=None)
    measured = measure(chosen, coloured)
    assert measured.refusal == ColourPixels.key
    assert [value.name for value in measured.values] == ([] if tool == "probe" else ["area"])


@pytest.mark.parametrize("affine", [straight_affine((0.7, 0.9, 3.0)), oblique_affine()], ids=["straight", "oblique"])
def test_a_probe_at_a_voxel_is_that_voxel_and_between_voxels_says_that_it_is_not(affine: np.ndarray) -> None:
    rng = np.random.default_rng(4)
    volume = spatial_volume(rng.integers(-1000, 3000, SHAPE).astype(np.int16), affine)
    for i, j, k in ((0, 0, 0), (79, 59, 29), (40, 30, 11), (3, 57, 28)):
        (value,) = measure(mark("probe", place(volume, i, j, k)), volume).values
        assert (value.name, value.value) == ("value", float(volume.voxels[k, j, i]))
        assert value.concept == ("112031", "DCM", "Attenuation Coefficient")
    (between,) = measure(mark("probe", place(volume, 40.5, 30, 11)), volume).values
    assert between.name == "interpolated_value"
    assert between.value == pytest.approx(volume.voxels[11, 30, 40:42].mean(), abs=0.01)
    (across,) = measure(mark("probe", place(volume, 40, 30, 11.25)), volume).values
    assert across.value == pytest.approx(0.75 * volume.voxels[11, 30, 40] + 0.25 * volume.voxels[12, 30, 40], abs=0.01)


def test_a_probe_on_a_frame_without_a_place() -> None:
    pixels = np.arange(12, dtype=np.int16).reshape(3, 4)
    volume = flat_volume(pixels, None)

    def value(x: float, y: float) -> tuple[str, float] | str:
        measured = measure(mark("probe", (x, y, 0.0), space=None), volume)
        return (measured.values[0].name, measured.values[0].value) if measured.values else measured.refusal

    assert value(2.0, 1.0) == ("value", 6.0)
    assert value(2.25, 1.5) == ("interpolated_value", pytest.approx(8.25))
    assert value(3.4, 2.4) == ("interpolated_value", pytest.approx(11.0))
    assert value(3.6, 1.0) == NoPixels.key


def test_a_probe_on_padding_or_beside_the_image_says_so() -> None:
    voxels = np.full(SHAPE, 50, np.int16)
    voxels[:, :30] = -2000
    volume = spatial_volume(voxels, straight_affine(), padding=(-2000, -2000))
    for point in (place(volume, 40, 20, 9), place(volume, 40.4, 29.5, 9), place(volume, 900, 20, 9), (0.0, 0.0, 900.0)):
        measured = measure(mark("probe", point), volume)
        assert (measured.values, measured.refusal) == ((), NoPixels.key)


@pytest.mark.parametrize("tool", ["length", "bidirectional", "ellipse", "freehand", "probe", "angle"])
def test_values_say_what_their_pixels_were_until_they_are_whole(tool: str) -> None:
    whole = spatial_volume(ramp(SHAPE, (2, 3, 40)), straight_affine())
    points = [place(whole, i, j, 7) for i, j in ((10, 25), (30, 25), (20, 20), (20, 30))]
    count = {"length": 2, "angle": 3, "probe": 1}.get(tool, 4)
    chosen = mark(tool, *(points if tool != "freehand" else (points[0], points[2], points[1], points[3]))[:count])
    lossy = spatial_volume(ramp(SHAPE, (2, 3, 39)), straight_affine(), lossy=True)
    partial = spatial_volume(ramp(SHAPE, (2, 3, 40)), straight_affine(), expected=40)
    assert all(value.on_lossy for value in measure(chosen, lossy).values)
    assert all(value.on_partial for value in measure(chosen, partial).values)
    final = measure(chosen, whole).values
    assert final
    assert not any(value.on_lossy or value.on_partial for value in final)
