"""Straightened pictures: a bent tube becomes straight, of its own radius, and every place keeps its length."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.phantoms import Field, axial_grid, ramp, volume_of
from viewers.geometry.centreline import Centreline, centreline
from viewers.geometry.frame import FloatArray, Vector3
from viewers.geometry.orientation import letters
from viewers.image.curved import StraightGrid, cross_section_axes, fitted_grid, sample_straightened
from viewers.image.errors import NoSpace
from viewers.image.sampling import Projection, Slab
from viewers.image.volume import Volume

RADIUS = 4.0
BEND = 22.0
PITCH = 26.0


def arc(angles: FloatArray) -> FloatArray:
    return np.stack([BEND * np.cos(angles), BEND * np.sin(angles), np.zeros_like(angles)], axis=-1)


def helix(angles: FloatArray) -> FloatArray:
    return np.stack([BEND * np.cos(angles), BEND * np.sin(angles), PITCH * angles / (2 * math.pi) - 18.0], axis=-1)


def tube_about(nodes: FloatArray, beads: FloatArray) -> Field:
    """1000 HU at the middle of the wall of a tube, 0 outside; beads of 3000 HU within 1.2 mm of their places."""

    def field(places: NDArray[np.float64]) -> NDArray[np.float64]:
        away = np.full(places.shape[:-1], np.inf)
        for node in nodes:
            away = np.minimum(away, np.linalg.norm(places - node, axis=-1))
        values = np.clip(RADIUS - away + 0.5, 0.0, 1.0) * 1000.0
        for bead in beads:
            values = np.where(np.linalg.norm(places - bead, axis=-1) < 1.2, 3000.0, values)
        return values

    return field


def clicked(nodes: FloatArray) -> Centreline:
    points: list[Vector3] = [(float(x), float(y), float(z)) for x, y, z in nodes]
    line = centreline(tuple(points))
    assert line is not None
    return line


SHAPES = {"arc": (arc, math.pi, 0.0), "helix": (helix, 2.6 * math.pi, PITCH / (2 * math.pi))}


@pytest.fixture(scope="module", params=sorted(SHAPES))
def bent(request: pytest.FixtureRequest) -> tuple[Volume, Centreline, float]:
    """A volume with a bent tube, the curve clicked along it every 20 degrees or so, and its true mm per radian."""
    shape, last, rise = SHAPES[request.param]
    fine = shape(np.linspace(0.0, last, 110))
    volume = volume_of(
        axial_grid([float(z) for z in range(-24, 25)], size=62), tube_about(fine, shape(np.array([1.0, 2.5])))
    )
    return volume, clicked(shape(np.linspace(0.0, last, round(last / 0.35)))), math.hypot(BEND, rise)


@pytest.mark.parametrize("turned", [0.0, 45.0, 90.0])
def test_a_bent_tube_becomes_straight_and_keeps_its_radius(
    bent: tuple[Volume, Centreline, float], turned: float
) -> None:
    volume, line, _ = bent
    grid = StraightGrid(0.0, -9.0, 0.5, math.floor(line.length_mm / 0.5), 37, turned)
    values = sample_straightened(volume, line, grid)
    assert not np.isnan(values[9:28]).any()
    inside = values > 500.0
    for column in range(12, grid.width - 12):
        rows = np.nonzero(inside[:, column])[0]
        assert (rows[-1] - rows[0] + 1) * 0.5 == pytest.approx(2 * RADIUS, abs=1.0)
        assert (rows[-1] + rows[0]) / 2 == pytest.approx(18.0, abs=1.0)


def test_a_bead_is_seen_where_it_lies_along_the_curve(bent: tuple[Volume, Centreline, float]) -> None:
    volume, line, per_radian = bent
    grid = StraightGrid(0.0, -9.0, 0.5, math.floor(line.length_mm / 0.5), 37)
    middle = sample_straightened(volume, line, grid)[18]
    for angle in (1.0, 2.5):
        expected = angle * per_radian
        near = np.abs(np.arange(grid.width) * 0.5 - expected) < 5.0
        bright = np.nonzero(near & (middle > 1500.0))[0]
        assert bright.mean() * 0.5 == pytest.approx(expected, abs=0.5)


def test_pixels_and_places_agree(bent: tuple[Volume, Centreline, float]) -> None:
    _, line, _ = bent
    grid = fitted_grid(line, 400, 200, zoom=1.7, turned_degrees=30.0)
    point = grid.point_of(line, 180.0, 120.0)
    assert point is not None
    along, _ = line.nearest(point)
    down = np.subtract(point, line.point_at(along)) @ line.down_at(along, 30.0)
    assert (grid.column_of(along), grid.row_of(float(down))) == pytest.approx((180.0, 120.0), abs=1.0)
    assert grid.point_of(line, grid.column_of(-0.5), 100.0) is None
    assert grid.point_of(line, grid.column_of(line.length_mm + 0.5), 100.0) is None


def test_the_fitted_picture_shows_the_whole_curve_and_no_more() -> None:
    line = clicked(arc(np.linspace(0.0, math.pi, 9)))
    grid = fitted_grid(line, 300, 100)
    assert grid.along_of(0) == pytest.approx(0.0)
    assert grid.along_of(299) == pytest.approx(line.length_mm)
    assert grid.row_of(0.0) == pytest.approx(49.5)


def test_nothing_is_shown_beyond_the_ends_outside_the_volume_and_in_gaps() -> None:
    line = clicked(np.array([(0.0, 0.0, -10.0), (0.0, 0.0, 10.0)]))
    grid = StraightGrid(-2.0, -40.0, 1.0, 25, 81)
    whole = sample_straightened(volume_of(axial_grid([float(z) for z in range(-15, 16)]), ramp), line, grid)
    assert np.isnan(whole[:, :2]).all()
    assert np.isnan(whole[:, 23:]).all()
    assert np.isnan(whole[:8]).all()
    assert not np.isnan(whole[9:72, 2:23]).any()
    with_gap = volume_of(axial_grid([float(z) for z in range(-15, 16) if abs(z) > 2]), ramp)
    values = sample_straightened(with_gap, line, grid)
    assert np.isnan(values[:, 10:15]).all()
    assert not np.isnan(values[9:72, 2:9]).any()


def test_values_are_those_of_the_places() -> None:
    line = clicked(helix(np.linspace(0.0, 4.0, 14)) * 0.8)
    for positions in ([float(z) for z in range(-30, 31)], [z * 1.2 + (z % 3) * 0.3 for z in range(-25, 26)]):
        volume = volume_of(axial_grid(positions, size=80), ramp)
        grid = StraightGrid(5.0, -3.0, 1.0, 40, 7, 20.0)
        values = sample_straightened(volume, line, grid)
        for column, row in ((0, 0), (20, 3), (39, 6)):
            place = grid.point_of(line, column, row)
            assert place is not None
            assert values[row, column] == pytest.approx(place[0] + 2 * place[1] + 3 * place[2], abs=0.5)


def test_a_slab_has_exact_ends_and_leaves_padding_out() -> None:
    line = clicked(np.array([(0.5, 0.5, -6.0), (0.5, 0.5, 6.0)]))
    across = np.array(cross_section_axes(line, 10.0, 0.0)[0])

    def wall_at(distance: float) -> Field:
        def field(places: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.where(np.abs((places - 0.5) @ across - distance) < 0.01, 1000.0, 0.0)

        return field

    grid = StraightGrid(3.0, 0.0, 1.0, 5, 1)
    slab = Slab(8.0, Projection.MAXIMUM)
    positions = [float(z) for z in range(-6, 7)]
    assert sample_straightened(volume_of(axial_grid(positions), wall_at(4.0)), line, grid, slab).max() > 999.0
    assert sample_straightened(volume_of(axial_grid(positions), wall_at(5.0)), line, grid, slab).max() < 1.0

    def half_padded(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where((places - 0.5) @ across > 0.0, -3024.0, 100.0)

    for uneven in (positions, [-6.3, *positions[1:]]):
        padded = volume_of(axial_grid(uneven), half_padded, padding_value=-2000)
        for projection in Projection:
            assert (sample_straightened(padded, line, grid, Slab(8.0, projection)) == 100.0).all()


@pytest.mark.parametrize("points", [[(0, 0, 0), (3, 0, 30), (0, 2, 60)], [(0, 2, 60), (3, 0, 30), (0, 0, 0)]])
def test_the_section_has_the_patients_left_on_the_right_whichever_way_the_path_was_drawn(points: list[Vector3]) -> None:
    line = clicked(np.array(points, dtype=np.float64))
    for along in (1.0, line.length_mm / 2, line.length_mm - 1.0):
        right, down = cross_section_axes(line, along, 0.0)
        assert letters(right)[0] == "L"
        assert letters(down)[0] == "P"
        assert abs(float(np.array(right) @ np.array(line.tangent_at(along)))) < 0.01


def test_an_image_without_a_place_is_refused() -> None:
    line = clicked(arc(np.linspace(0.0, math.pi, 9)))
    volume = replace(volume_of(axial_grid([0.0, 1.0]), ramp), is_spatial=False)
    with pytest.raises(NoSpace):
        sample_straightened(volume, line, fitted_grid(line, 10, 10))
