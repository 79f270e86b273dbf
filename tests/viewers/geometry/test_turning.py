"""Rotations of planes: whatever the drags, directions stay at right angles and of unit length."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.geometry.frame import Vector3, added, cross, dot, length, scaled, subtracted, unit
from viewers.geometry.orientation import edge_letters
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, ImagePlane, Orientation, plane_about
from viewers.geometry.turning import angle_between, foot_on, rotated, step_along, step_towards, turned

components = st.floats(-1.0, 1.0)
ways = st.tuples(components, components, components).filter(lambda way: length(way) > 0.1).map(unit)
angles = st.floats(-math.pi, math.pi)


def off(orientation: Orientation) -> float:
    across, down = orientation.row_direction, orientation.column_direction
    return max(abs(length(across) - 1.0), abs(length(down) - 1.0), abs(dot(across, down)))


def plane(orientation: Orientation, centre: Vector3 = (0.0, 0.0, 0.0)) -> ImagePlane:
    return plane_about(centre, orientation, 1.0, 101, 101)


def test_ten_thousand_drags_leave_three_planes_orthonormal_and_at_right_angles() -> None:
    draw = np.random.default_rng(7)
    planes = [AXIAL, CORONAL, SAGITTAL]
    for _ in range(10_000):
        fixed = int(draw.integers(3))
        axis, radians = planes[fixed].normal, float(draw.uniform(-0.3, 0.3))
        planes = [one if n == fixed else turned(one, axis, radians) for n, one in enumerate(planes)]
    # What one turn leaves; ten thousand that add up leave ten times as much.
    assert max(off(one) for one in planes) < 1e-15
    pairs = ((0, 1), (0, 2), (1, 2))
    assert max(abs(dot(planes[a].normal, planes[b].normal)) for a, b in pairs) < 1e-9


@given(ways, ways, angles)
def test_a_rotation_keeps_lengths_and_what_lies_along_the_axis(vector: Vector3, axis: Vector3, radians: float) -> None:
    moved = rotated(vector, axis, radians)
    assert length(moved) == pytest.approx(1.0, abs=1e-9)
    assert dot(moved, axis) == pytest.approx(dot(vector, axis), abs=1e-9)
    assert length(subtracted(rotated(moved, axis, -radians), vector)) < 1e-9


@given(ways, st.floats(-3.1, 3.1))
def test_the_angle_is_the_one_that_was_turned_by(axis: Vector3, radians: float) -> None:
    aside = unit(cross(axis, (1.0, 0.0, 0.0) if abs(axis[0]) < 0.9 else (0.0, 1.0, 0.0)))
    start = added(scaled(aside, 7.0), scaled(axis, 2.0))
    assert angle_between(start, rotated(start, axis, radians), axis) == pytest.approx(radians, abs=1e-9)


def test_a_coronal_plane_turned_about_the_body_axis_gets_the_letters_of_where_it_looks() -> None:
    letters = [
        edge_letters(plane(turned(CORONAL, AXIAL.normal, math.radians(degrees)))) for degrees in (0, 30, 60, 90, 180)
    ]
    assert [one.right for one in letters] == ["L", "LP", "PL", "P", "R"]
    assert [one.left for one in letters] == ["R", "RA", "AR", "A", "L"]
    assert {one.top for one in letters} == {"H"}


@given(ways, ways, ways, ways)
def test_a_foot_lies_on_both_planes_and_a_step_passes_a_millimetre(
    first: Vector3, second: Vector3, third: Vector3, point: Vector3
) -> None:
    shown, other, last = (
        plane(Orientation(*_across(normal)), scaled(normal, 3.0)) for normal in (first, second, third)
    )
    foot, step = foot_on(shown, other, scaled(point, 40.0)), step_towards(shown, other)
    if length(cross(first, second)) < 0.05:
        return
    assert foot is not None
    assert step is not None
    assert abs(shown.distance_mm(foot)) < 1e-6
    assert abs(other.distance_mm(foot)) < 1e-6
    assert other.distance_mm(added(foot, step)) == pytest.approx(1.0, abs=1e-6)
    assert abs(shown.distance_mm(added(foot, step))) < 1e-6
    along = step_along(shown, other, last)
    if along is not None and length(along) < 20.0:
        moved = added(foot, along)
        assert other.distance_mm(moved) == pytest.approx(1.0, abs=1e-6)
        assert abs(shown.distance_mm(moved)) < 1e-6
        assert last.distance_mm(moved) == pytest.approx(last.distance_mm(foot), abs=1e-6)


def test_parallel_planes_have_no_line() -> None:
    apart = plane(AXIAL, (0.0, 0.0, 5.0))
    assert foot_on(plane(AXIAL), apart, (0.0, 0.0, 0.0)) is None
    assert step_towards(plane(AXIAL), apart) is None
    assert step_along(plane(AXIAL), plane(CORONAL), apart) is None


def _across(normal: Vector3) -> tuple[Vector3, Vector3]:
    row = unit(cross(normal, (0.0, 0.0, 1.0) if abs(normal[2]) < 0.9 else (1.0, 0.0, 0.0)))
    return row, cross(normal, row)
