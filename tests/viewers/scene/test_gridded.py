"""Voxels as they are rendered lie where the grid says, whatever the steps, and padding takes part in none of them."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.phantoms import axial_grid, ramp, volume_of
from tests.support.viewer_volumes import spatial_volume, straight_affine
from viewers.geometry.frame import index_to_lps
from viewers.scene.gridded import Steps, gridded
from viewers.state.scene_grid import SceneGrid, scene_grid

TILTED = axial_grid([float(2 * z) for z in range(-12, 13)], size=41, tilt_degrees=18.0)


def places_of(grid: SceneGrid, shape_kji: tuple[int, ...], steps: Steps) -> NDArray[np.float64]:
    k, j, i = np.indices(shape_kji)
    return index_to_lps(grid.affine, np.stack([i * steps[2], j * steps[1], k * steps[0]], axis=-1).reshape(-1, 3))


@pytest.mark.parametrize("steps", [(1, 1, 1), (1, 3, 2), (2, 2, 3)])
def test_every_voxel_of_tilted_slices_lies_where_the_grid_says(steps: Steps) -> None:
    volume = volume_of(TILTED, ramp)
    grid = scene_grid(volume)
    laid = gridded(volume, grid, steps)
    assert laid.shape == tuple(-(-size // step) for size, step in zip(grid.shape_kji, steps, strict=True))
    places = places_of(grid, laid.shape, steps)
    is_inside = (np.abs(places) < 14.0).all(axis=1)
    assert is_inside.sum() > 500
    assert np.abs(laid.reshape(-1) - 1024.0 - ramp(places))[is_inside].max() <= 1.5


def test_padding_between_tilted_slices_is_blended_with_nothing() -> None:
    def half_padded(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(places[..., 1] > 3.3, 3000.0, -500.0)

    volume = volume_of(TILTED, half_padded)
    padding = (3000.0 + 1024.0, 3000.0 + 1024.0)
    assert np.unique(gridded(replace(volume, padding_range=padding), scene_grid(volume), (1, 1, 1))).tolist() == [524]


def test_slices_that_nobody_sees_to_be_uneven_are_shared_with_the_volume() -> None:
    volume = spatial_volume(np.zeros((6, 4, 4), np.int16), straight_affine())
    uneven = volume.slice_origins_lps.copy()
    uneven[3, 2] += 0.01
    volume = replace(volume, slice_origins_lps=uneven)
    assert np.shares_memory(gridded(volume, scene_grid(volume), (1, 1, 1)), volume.voxels)
