"""Slabs: exact ends, true means, no padding."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.phantoms import Field, axial_grid, oblique_grid, ramp, smooth, volume_of
from viewers.geometry.frame import cross, unit
from viewers.geometry.plane import AXIAL, CORONAL, Orientation, plane_about
from viewers.image.reslice import sample_plane
from viewers.image.sampling import Projection, Slab

TEN_MM = Slab(10.0, Projection.MAXIMUM)
OBLIQUE = Orientation(
    unit((1.0, 0.2, 0.4)), cross(unit(cross((1.0, 0.2, 0.4), (-0.1, 1.0, 0.3))), unit((1.0, 0.2, 0.4)))
)


def bead_at(z: float, value: float = 1000.0) -> Field:
    def field(places: NDArray[np.float64]) -> NDArray[np.float64]:
        near = (np.abs(places[..., 2] - z) < 0.01) & (np.hypot(places[..., 0] - 0.5, places[..., 1] - 0.5) < 0.1)
        return np.where(near, value, 0.0)

    return field


@pytest.mark.parametrize(("z", "seen"), [(4.9, True), (-4.9, True), (5.1, False), (-5.1, False)])
@pytest.mark.parametrize("spacing", [0.2, 1.0, 2.5])
def test_a_slab_of_10_mm_shows_a_bead_at_4_9_and_not_at_5_1(z: float, seen: bool, spacing: float) -> None:
    positions = [z + spacing * k for k in range(-30, 31)]
    volume = volume_of(axial_grid(positions, size=8), bead_at(z))
    plane = plane_about((0.5, 0.5, 0.0), AXIAL, 1.0, 1, 1)
    assert bool(sample_plane(volume, plane, TEN_MM)[0, 0] > 999.0) is seen
    low = volume_of(axial_grid(positions, size=8), bead_at(z, -500.0))
    assert bool(sample_plane(low, plane, Slab(10.0, Projection.MINIMUM))[0, 0] < -499.0) is seen


def test_the_mean_of_a_linear_field_is_its_value_in_the_middle() -> None:
    volume = volume_of(axial_grid(np.arange(-40.0, 40.0, 3.0).tolist()), ramp)
    for orientation in (AXIAL, CORONAL, OBLIQUE):
        plane = plane_about((0.4, -0.3, 0.7), orientation, 1.0, 9, 9)
        thick = sample_plane(volume, plane, Slab(11.0, Projection.MEAN))
        assert np.abs(thick - sample_plane(volume, plane)).max() < 0.6


def test_extremes_are_those_of_many_thin_planes() -> None:
    volume = volume_of(oblique_grid(), smooth)
    plane = plane_about((3.0, -7.0, 11.0), OBLIQUE, 0.8, 40, 40)
    thin = np.array([sample_plane(volume, plane.moved(offset)) for offset in np.linspace(-6.0, 6.0, 121)])
    highest = sample_plane(volume, plane, Slab(12.0, Projection.MAXIMUM))
    lowest = sample_plane(volume, plane, Slab(12.0, Projection.MINIMUM))
    mean = sample_plane(volume, plane, Slab(12.0, Projection.MEAN))
    assert np.abs(highest - thin.max(axis=0)).max() < 25.0
    assert np.abs(lowest - thin.min(axis=0)).max() < 25.0
    assert np.abs(mean - thin.mean(axis=0)).max() < 10.0


def test_a_slab_thinner_than_the_slices_shows_the_plane() -> None:
    volume = volume_of(axial_grid([0.0, 5.0, 10.0, 15.0]), ramp)
    plane = plane_about((0.0, 0.0, 7.5), AXIAL, 1.0, 5, 5)
    for projection in Projection:
        assert np.allclose(sample_plane(volume, plane, Slab(0.5, projection)), sample_plane(volume, plane), atol=0.01)


def test_padding_takes_no_part() -> None:
    def half_padded(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(places[..., 2] > 0.0, -3024.0, 100.0)

    volume = volume_of(axial_grid([float(z) for z in range(-10, 11)]), half_padded, padding_value=-2000)
    plane = plane_about((0.0, 0.0, 0.0), AXIAL, 1.0, 4, 4)
    for projection in Projection:
        assert (sample_plane(volume, plane, Slab(8.0, projection)) == 100.0).all()
    assert np.isnan(sample_plane(volume, plane.moved(6.0), Slab(4.0, Projection.MEAN))).all()


def test_a_falling_rescale_does_not_turn_the_maximum_into_the_minimum() -> None:
    volume = volume_of(axial_grid([float(z) for z in range(10)]), ramp, rescale_slope=-1.0)
    plane = plane_about((0.0, 0.0, 5.0), AXIAL, 1.0, 1, 1)
    thin = [sample_plane(volume, plane.moved(offset))[0, 0] for offset in range(-2, 3)]
    assert sample_plane(volume, plane, Slab(4.0, Projection.MAXIMUM))[0, 0] == max(thin)


def test_a_slab_outside_is_empty() -> None:
    volume = volume_of(axial_grid([0.0, 1.0, 2.0]), ramp)
    plane = plane_about((0.0, 0.0, 60.0), AXIAL, 1.0, 3, 3)
    for projection in Projection:
        assert np.isnan(sample_plane(volume, plane, Slab(5.0, projection))).all()
