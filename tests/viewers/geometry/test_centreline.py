"""Curves through clicked points: true lengths, no twist, no overshoot."""

import math

import numpy as np
import pytest

from viewers.geometry.centreline import Centreline, centreline
from viewers.geometry.frame import Vector3


def circle(radius: float, first: float, last: float, count: int) -> list[Vector3]:
    angles = np.radians(np.linspace(first, last, count))
    return [(radius * math.cos(angle), radius * math.sin(angle), 5.0) for angle in angles]


def helix(radius: float, pitch: float, turns: float, count: int) -> list[Vector3]:
    angles = np.linspace(0.0, 2 * math.pi * turns, count)
    return [(radius * math.cos(a), radius * math.sin(a), pitch * a / (2 * math.pi)) for a in angles]


def line_of(points: list[Vector3]) -> Centreline:
    found = centreline(tuple(points))
    assert found is not None
    return found


def test_the_length_of_an_arc_and_of_a_helix_is_true() -> None:
    assert line_of(circle(30.0, 0.0, 180.0, 8)).length_mm == pytest.approx(math.pi * 30.0, rel=0.002)
    turn = math.hypot(2 * math.pi * 20.0, 25.0)
    assert line_of(helix(20.0, 25.0, 1.5, 20)).length_mm == pytest.approx(1.5 * turn, rel=0.002)


def test_every_clicked_point_lies_on_the_curve() -> None:
    points: list[Vector3] = [(0.0, 0.0, 0.0), (3.0, 1.0, 0.0), (30.0, 0.0, 20.0), (31.0, 2.0, 22.0), (5.0, 40.0, 2.0)]
    line = line_of(points)
    assert max(line.nearest(point)[1] for point in points) < line.step_mm


def test_two_points_make_a_straight_line_and_one_makes_none() -> None:
    line = line_of([(1.0, 2.0, 3.0), (1.0, 2.0, 13.0)])
    assert line.length_mm == pytest.approx(10.0)
    assert line.point_at(4.0) == pytest.approx((1.0, 2.0, 7.0))
    assert line.tangent_at(9.9) == pytest.approx((0.0, 0.0, 1.0))
    assert centreline(()) is None
    assert centreline(((1.0, 2.0, 3.0), (1.0, 2.0, 3.0))) is None


def test_places_beyond_the_ends_are_the_ends() -> None:
    line = line_of(circle(30.0, 0.0, 90.0, 5))
    assert line.point_at(-5.0) == pytest.approx((30.0, 0.0, 5.0))
    assert line.point_at(1000.0) == pytest.approx((0.0, 30.0, 5.0), abs=1e-9)


@pytest.mark.parametrize("points", [circle(30.0, 0.0, 270.0, 10), helix(20.0, 25.0, 2.0, 25)])
def test_directions_across_are_square_to_the_curve_and_do_not_turn_about_it(points: list[Vector3]) -> None:
    line = line_of(points)
    assert np.abs((line.downs * line.tangents).sum(axis=1)).max() < 1e-3
    assert np.allclose(np.linalg.norm(line.downs, axis=1), 1.0)
    change = np.gradient(line.downs, line.step_mm, axis=0)
    about = np.abs((change * np.cross(line.tangents, line.downs)).sum(axis=1))
    # Radians per mm about the curve; a Frenet frame of this helix turns by 0.009.
    assert about.max() < 5e-4


def test_a_curve_through_uneven_points_does_not_overshoot() -> None:
    line = line_of([(0.0, 0.0, 0.0), (50.0, 0.0, 0.0), (51.0, 1.0, 0.0), (51.0, 50.0, 0.0)])
    assert line.nodes_lps[:, 0].max() < 52.5
    assert line.nodes_lps[:, 1].min() > -1.5


def test_a_moved_point_changes_only_what_is_near() -> None:
    points = circle(40.0, 0.0, 180.0, 10)
    moved = list(points)
    moved[8] = (-40.0, 20.0, 5.0)
    before, after = line_of(points), line_of(moved)
    untouched = before.nearest(points[6])[0] - 1.0
    for along in np.linspace(0.0, untouched, 20):
        assert before.point_at(along) == pytest.approx(after.point_at(along), abs=0.01)


def test_turning_by_a_quarter_shows_the_other_side() -> None:
    line = line_of(circle(30.0, 0.0, 90.0, 6))
    down, aside = np.array(line.down_at(20.0)), np.array(line.down_at(20.0, 90.0))
    assert float(down @ aside) == pytest.approx(0.0, abs=1e-9)
    assert np.cross(down, aside) == pytest.approx(np.array(line.tangent_at(20.0)), abs=1e-6)
