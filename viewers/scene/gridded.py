"""The voxels of a volume as VTK takes them: on a regular grid, without padding, as many as a machine bears.

Slices that are uneven, tilted or missing are laid on a grid of their own; where slices are missing, and in padding, the
grid is as low as the lowest value, so that a gap shows as a gap.
"""

import numpy as np
from numpy.typing import NDArray

from viewers.image.reslice import sample_valid
from viewers.image.volume import Volume, VoxelArray
from viewers.state.scene_grid import SceneGrid

Voxels = NDArray[np.generic]
Steps = tuple[int, int, int]


def reducing(shape_kji: tuple[int, int, int], longest: int) -> Steps:
    """Return the steps (k, j, i) that leave no more than ``longest`` voxels along each axis."""
    k, j, i = (max(1, -(-size // longest)) for size in shape_kji)
    return k, j, i


def gridded(volume: Volume, grid: SceneGrid, steps: Steps) -> Voxels:
    """Return stored values on the grid, every n-th along each axis; shared with the volume where that can be."""
    k, j, i = steps
    if grid.is_own:
        thinned = volume.voxels[::k, ::j, ::i]
        return np.ascontiguousarray(_filled(thinned, _unusable(thinned, volume.padding_range), volume.slope))
    slices = [sample_valid(volume, grid.plane(number, (j, i))) for number in range(0, grid.shape_kji[0], k)]
    stored = (np.stack(slices) - volume.intercept) / volume.slope
    filled = _filled(stored, ~np.isfinite(stored), volume.slope)
    return filled.astype(np.float32) if volume.voxels.dtype.kind == "f" else np.rint(filled).astype(volume.voxels.dtype)


def _unusable(voxels: VoxelArray, padding: tuple[float, float] | None) -> NDArray[np.bool_]:
    """Return which voxels are padding or unknown."""
    unusable = ~np.isfinite(voxels) if voxels.dtype.kind == "f" else np.zeros(voxels.shape, dtype=np.bool_)
    if padding is not None:
        unusable |= (voxels >= padding[0]) & (voxels <= padding[1])
    return unusable


def _filled(stored: Voxels, unusable: NDArray[np.bool_], slope: float) -> Voxels:
    """Return the values; where some are unusable, a copy in which they stand for as little as the least of the others.

    Where the slope is negative that is the greatest stored value.
    """
    if not unusable.any():
        return stored
    usable = stored[~unusable]
    least = np.max if slope < 0.0 else np.min
    return np.where(unusable, least(usable) if usable.size else 0, stored).astype(stored.dtype, copy=False)
