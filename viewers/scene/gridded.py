"""The voxels of a volume as VTK takes them: on a regular grid, without padding, as many as a machine bears.

Slices that are uneven, tilted or missing are laid on a grid of their own; where slices are missing the grid is as low
as the lowest value, so that a gap shows as a gap.
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
    if grid.is_own:
        k, j, i = steps
        return np.ascontiguousarray(_without_padding(volume.voxels[::k, ::j, ::i], volume.padding_range))
    return _laid(volume, grid, steps)


def _laid(volume: Volume, grid: SceneGrid, steps: Steps) -> Voxels:
    k, j, i = steps
    slices = [sample_valid(volume, grid.plane(number, (j, i))) for number in range(0, grid.shape_kji[0], k)]
    stored = (np.stack(slices) - volume.intercept) / volume.slope
    is_known = np.isfinite(stored)
    lowest = float(stored[is_known].min()) if is_known.any() else 0.0
    filled = np.where(is_known, stored, lowest)
    return filled.astype(np.float32) if volume.voxels.dtype.kind == "f" else np.rint(filled).astype(volume.voxels.dtype)


def _without_padding(voxels: VoxelArray, padding: tuple[float, float] | None) -> Voxels:
    """Return the voxels; where some are padding or unknown, a copy in which they are as low as the lowest other."""
    if padding is None and voxels.dtype.kind != "f":
        return voxels
    unusable = np.zeros(voxels.shape, dtype=np.bool_)
    if voxels.dtype.kind == "f":
        unusable |= ~np.isfinite(voxels)
    if padding is not None:
        unusable |= (voxels >= padding[0]) & (voxels <= padding[1])
    if not unusable.any():
        return voxels
    usable = voxels[~unusable]
    return np.where(unusable, np.min(usable) if usable.size else 0, voxels).astype(voxels.dtype)
