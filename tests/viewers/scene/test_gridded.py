"""Voxels as they are rendered lie where the grid says, whatever the steps, and padding takes part in none of them."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.phantoms import Grid, axial_grid, ramp, volume_of
from tests.support.viewer_volumes import spatial_volume, straight_affine
from viewers.geometry.frame import index_to_lps
from viewers.scene.gridded import Steps, gridded
from viewers.state.scene_grid import SceneGrid, scene_grid

# Pixels that are wider than high, between slices at every distance.
UNEVEN = replace(
    axial_grid([-24.0, -22.5, -20.0, *(1.5 * z for z in range(-12, 9)), 14.0, 17.5, 19.0, 24.0], size=41),
    column_spacing_mm=1.25,
    row_spacing_mm=0.75,
)
TILTED = axial_grid([float(2 * z) for z in range(-12, 13)], size=41, tilt_degrees=18.0)
EVEN = axial_grid([float(2 * z) for z in range(-12, 13)], size=41)


def places_of(grid: SceneGrid, shape_kji: tuple[int, ...], steps: Steps) -> NDArray[np.float64]:
    k, j, i = np.indices(shape_kji)
    return index_to_lps(grid.affine, np.stack([i * steps[2], j * steps[1], k * steps[0]], axis=-1).reshape(-1, 3))


@pytest.mark.parametrize("slices", [TILTED, UNEVEN])
@pytest.mark.parametrize("steps", [(1, 1, 1), (1, 3, 2), (2, 2, 3)])
def test_every_voxel_that_is_laid_lies_where_the_grid_says(slices: Grid, steps: Steps) -> None:
    volume = volume_of(slices, ramp)
    grid = scene_grid(volume)
    assert not grid.is_own
    laid = gridded(volume, grid, steps)
    assert laid.shape == tuple(-(-size // step) for size, step in zip(grid.shape_kji, steps, strict=True))
    places = places_of(grid, laid.shape, steps)
    is_inside = (np.abs(places) < 14.0).all(axis=1)
    assert is_inside.sum() > 500
    assert np.abs(laid.reshape(-1) - 1024.0 - ramp(places))[is_inside].max() <= 1.5


@pytest.mark.parametrize("slices", [TILTED, UNEVEN, EVEN])
@pytest.mark.parametrize("steps", [(1, 1, 1), (1, 3, 2)])
@pytest.mark.parametrize("slope", [1.0, -1.0])
def test_padding_is_as_low_as_the_lowest_value_and_blended_with_nothing(
    slices: Grid, steps: Steps, slope: float
) -> None:
    def half_padded(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(places[..., 1] > 3.3, 3000.0, np.where(places[..., 0] > 3.3, 500.0, -500.0))

    volume = replace(volume_of(slices, half_padded), padding_range=(3000 + 1024, 3000 + 1024), slope=slope)
    laid = gridded(volume, scene_grid(volume), steps)
    least, greatest = sorted((-500 + 1024, 500 + 1024), key=lambda stored: slope * stored)
    assert (laid.min(), laid.max()) == (524, 1524)
    assert (laid == least).mean() > 0.6
    assert (laid == greatest).any()


def test_slices_that_nobody_sees_to_be_uneven_are_shared_with_the_volume() -> None:
    volume = spatial_volume(np.zeros((6, 4, 4), np.int16), straight_affine())
    uneven = volume.slice_origins_lps.copy()
    uneven[3, 2] += 0.01
    volume = replace(volume, slice_origins_lps=uneven)
    assert np.shares_memory(gridded(volume, scene_grid(volume), (1, 1, 1)), volume.voxels)
