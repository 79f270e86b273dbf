"""A volume as the compiled loops take it."""

from dataclasses import dataclass

import numpy as np

from viewers.image.compiled_types import FlatVoxels
from viewers.image.errors import ColourRefused, NoSpace
from viewers.image.volume import Volume

Range = tuple[float, float]

# A range that holds no value.
NO_PADDING: Range = (1.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class VoxelSource:
    """Voxels in one read-only row, the counts of columns, rows and slices, and what stored values stand for."""

    flat: FlatVoxels
    counts: tuple[int, int, int]
    rescale: tuple[float, float]
    padding: Range


def source_of(volume: Volume) -> VoxelSource:
    """Return the voxels of a volume that may be cut in any plane.

    Raises
    ------
    NoSpace
        The volume has no place in the patient.
    ColourRefused
        The volume is in colour.
    """
    if not volume.is_spatial:
        raise NoSpace("plane asked of a volume without geometry")
    if volume.voxels.ndim != 3:
        raise ColourRefused("plane asked of a colour volume")
    flat: FlatVoxels = np.ascontiguousarray(volume.voxels).reshape(-1).view()
    # Read-only or not are two types for the compiler; one is enough.
    flat.flags.writeable = False
    k, j, i = volume.voxels.shape
    low, high = NO_PADDING if volume.padding_range is None else volume.padding_range
    # Whole numbers would be another type for the compiler, which would begin again on the thread of the window.
    padding = (float(low), float(high))
    return VoxelSource(flat, (i, j, k), (float(volume.slope), float(volume.intercept)), padding)
