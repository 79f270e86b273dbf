"""Planes, and letters computed from what is displayed."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.geometry.frame import Vector3, cross, dot, scaled, unit
from viewers.geometry.orientation import edge_letters, letters, opposite
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, Orientation, intersection, plane_about
from viewers.identifiers import ViewportId
from viewers.state.framing import displayed
from viewers.state.view_state import ViewState

TURNS = [(h, v, r) for h, v, r in product((False, True), (False, True), (0, 90, 180, 270))]
directions = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)).filter(lambda v: dot(v, v) > 0.1)


@st.composite
def orientations(draw: st.DrawFn) -> Orientation:
    row = unit(draw(directions))
    other = draw(directions.filter(lambda v: dot(cross(row, v), cross(row, v)) > 0.01))
    return Orientation(row, cross(unit(cross(row, other)), row))


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [(AXIAL, ("R", "L", "A", "P")), (CORONAL, ("R", "L", "H", "F")), (SAGITTAL, ("A", "P", "H", "F"))],
)
def test_standard_views_carry_the_letters_of_radiology(orientation: Orientation, expected: tuple[str, ...]) -> None:
    found = edge_letters(plane_about((0.0, 0.0, 0.0), orientation, 1.0, 4, 4))
    assert (found.left, found.right, found.top, found.bottom) == expected


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ((1.0, 0.0, 0.0), "L"),
        ((-1.0, 1.0, 0.0), "RP"),
        ((0.3, 0.0, -0.9), "FL"),
        ((1.0, 0.05, 0.0), "L"),
        ((-0.5, -0.6, 0.7), "HAR"),
    ],
)
def test_letters_name_the_strongest_direction_first(direction: Vector3, expected: str) -> None:
    assert letters(direction) == expected
    assert letters(scaled(direction, -1.0)) == opposite(expected)


@given(orientations(), st.sampled_from(TURNS))
def test_letters_follow_every_flip_and_turn(orientation: Orientation, turn: tuple[bool, bool, int]) -> None:
    """A point far towards a letter must be displayed on that letter's side."""
    state = ViewState(
        ViewportId("v"), flipped_horizontally=turn[0], flipped_vertically=turn[1], rotation_degrees=turn[2]
    )
    plane = plane_about((0.0, 0.0, 0.0), displayed(orientation, state), 1.0, 101, 101)
    edges = edge_letters(plane)
    for letter, towards in {
        "L": (1, 0, 0),
        "P": (0, 1, 0),
        "H": (0, 0, 1),
        "R": (-1, 0, 0),
        "A": (0, -1, 0),
        "F": (0, 0, -1),
    }.items():
        column, row = plane.lps_to_pixel((towards[0] * 40.0, towards[1] * 40.0, towards[2] * 40.0))
        assert (letter in edges.right) == (column - 50.0 >= 40.0 * 0.087)
        assert (letter in edges.left) == (column - 50.0 <= -40.0 * 0.087)
        assert (letter in edges.bottom) == (row - 50.0 >= 40.0 * 0.087)
        assert (letter in edges.top) == (row - 50.0 <= -40.0 * 0.087)


def test_a_clockwise_turn_brings_the_left_edge_to_the_top() -> None:
    state = ViewState(ViewportId("v"))
    turned = edge_letters(plane_about((0.0, 0.0, 0.0), displayed(AXIAL, state.turned(90)), 1.0, 4, 4))
    assert (turned.top, turned.right, turned.bottom, turned.left) == ("R", "A", "L", "P")
    assert state.turned(90).turned(270) == state


@given(orientations(), st.floats(0.1, 5.0), st.floats(-50, 50), st.floats(-50, 50))
def test_pixels_and_places_are_inverse(orientation: Orientation, spacing: float, column: float, row: float) -> None:
    plane = plane_about((3.0, -2.0, 7.0), orientation, spacing, 30, 20, aspect=1.5)
    place = plane.pixel_to_lps(column, row)
    assert plane.lps_to_pixel(place) == pytest.approx((column, row), abs=1e-6)
    assert plane.distance_mm(place) == pytest.approx(0.0, abs=1e-6)
    assert plane.moved(4.0).distance_mm(place) == pytest.approx(-4.0, abs=1e-6)
    assert plane.centre_lps == pytest.approx((3.0, -2.0, 7.0))


def test_the_reference_line_of_an_axial_plane_in_a_coronal_one_is_level() -> None:
    coronal = plane_about((0.0, 5.0, 0.0), CORONAL, 1.0, 100, 100)
    axial = plane_about((0.0, 0.0, 12.0), AXIAL, 1.0, 80, 80)
    line = intersection(coronal, axial)
    assert line is not None
    (first_column, first_row), (last_column, last_row) = (coronal.lps_to_pixel(end) for end in line)
    assert first_row == last_row == pytest.approx(49.5 - 12.0)
    assert {first_column, last_column} == {49.5 - 40.0, 49.5 + 40.0}


def test_planes_that_do_not_meet_have_no_reference_line() -> None:
    axial = plane_about((0.0, 0.0, 12.0), AXIAL, 1.0, 80, 80)
    assert intersection(axial, axial.moved(3.0)) is None
    assert intersection(plane_about((0.0, 500.0, 0.0), CORONAL, 1.0, 9, 9), axial) is None
