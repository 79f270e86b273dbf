"""Compiled projections through the thickness of a slab of a regular grid.

The rays of a row are cut with the voxel planes of the axis that they cross most often, so their ends are exact: a plane
of voxels belongs to the slab of a pixel when its crossing lies within half the thickness. One plane after the other is
met by all the rays of a row that reach it, which walks along the voxels instead of through them. An oblique slab, whose
ends lie between voxels everywhere, also counts the interpolated values at its ends.
"""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled, compiled_part
from viewers.image.compiled_types import FlatVoxels
from viewers.image.kernels import columns_between
from viewers.image.kernels_planes import at_row, sampled_row
from viewers.image.kernels_slab import crossings, valid_sample

FloatArray = NDArray[np.float64]
Pair = tuple[float, float]
Triple = tuple[float, float, float]

# A crossing this little beyond the end of the slab, in voxels, is at its end.
_AT_END = 1e-6
# A step of a row, in voxels, that is rounding and nothing else.
_NO_STEP = 1e-10
_MEAN = 2


@compiled_part
def keep_extreme(values: FloatArray, first: int, last: int, largest: bool, found: FloatArray) -> None:
    """Keep the more extreme of two values in each column; NaN loses."""
    if largest:
        for column in range(first, last):
            found[column] = values[column] if values[column] > found[column] else found[column]
    else:
        for column in range(first, last):
            found[column] = values[column] if values[column] < found[column] else found[column]


@compiled_part
def keep_mean(values: FloatArray, first: int, last: int, at: float, step: float, sums: FloatArray) -> None:
    """Add the stretch up to here, by trapezia; one with an end that is outside or padding does not count.

    ``at`` is how far the plane lies from the middle of the slab of column 0; ``sums``, shape (5, width), holds total,
    length covered, last valid value, and value and place of the crossing before.
    """
    total, covered, alone, before, before_at = sums[0], sums[1], sums[2], sums[3], sums[4]
    for column in range(first, last):
        here, value = at - column * step, values[column]
        stretch = (here - before_at[column]) * (value + before[column]) / 2.0
        is_known = stretch == stretch
        total[column] += stretch if is_known else 0.0
        covered[column] += here - before_at[column] if is_known else 0.0
        alone[column] = value if value == value else alone[column]
        before[column] = value
        before_at[column] = here


@compiled_part
def end_row(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    padding: Pair,
    walk: FloatArray,
    row: int,
    out: NDArray[np.float32],
) -> None:
    """Fill a row with interpolated stored values, NaN outside and beside padding."""
    if padding[0] > padding[1]:
        sampled_row(flat, counts, walk, row, (1.0, 0.0), out)
        return
    i, j, k = at_row(walk, row)
    for column in range(out.size):
        out[column] = valid_sample(
            flat, counts, padding, i + column * walk[1, 0], j + column * walk[1, 1], k + column * walk[1, 2]
        )


@compiled_part
def rays_of_row(
    order: tuple[int, int, int], walk: FloatArray, through: FloatArray, row: int
) -> tuple[Triple, Triple, Pair]:
    """Return the rays of a row: along the crossed axis and both others, of column 0, from one to the next, by plane.

    Along the other two axes they are where the ray meets plane 0.
    """
    at = at_row(walk, row)
    slope_b, slope_c = through[order[1]] / through[order[0]], through[order[2]] / through[order[0]]
    start, step = at[order[0]], walk[1, order[0]]
    step_b, step_c = walk[1, order[1]] - step * slope_b, walk[1, order[2]] - step * slope_c
    return (
        (start, at[order[1]] - start * slope_b, at[order[2]] - start * slope_c),
        (step, step_b if abs(step_b) > _NO_STEP else 0.0, step_c if abs(step_c) > _NO_STEP else 0.0),
        (slope_b, slope_c),
    )


@compiled_part
def project_row(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    padding: Pair,
    rays: tuple[Triple, Triple, Pair],
    half: float,
    projection: int,
    values: FloatArray,
    sums: FloatArray,
) -> None:
    """Take every plane that the slab of a row meets into ``sums``: the extreme in its first row, or those of a mean."""
    start, step, slope = rays
    width = values.size
    nearest, furthest = start[0], start[0] + (width - 1) * step[0]
    lowest = max(math.ceil(min(nearest, furthest) - half - _AT_END), 0)
    highest = min(math.floor(max(nearest, furthest) + half + _AT_END), layout[0, 0] - 1)
    for plane in range(lowest, highest + 1):
        columns = columns_between(start[0], step[0], plane - half - _AT_END, plane + half + _AT_END, width)
        meets = (start[1] + plane * slope[0], start[2] + plane * slope[1])
        crossings(flat, layout, padding, plane, meets, (step[1], step[2]), columns, values)
        if projection == _MEAN:
            keep_mean(values, columns[0], columns[1], plane - start[0], step[0], sums)
        else:
            keep_extreme(values, columns[0], columns[1], projection == 0, sums[0])


@compiled_part
def finish_extreme(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    padding: Pair,
    walk: FloatArray,
    row: int,
    found: FloatArray,
) -> None:
    """Where a slab along the voxels met no plane, show the plane in its middle; NaN where there is none."""
    i, j, k = at_row(walk, row)
    for column in range(found.size):
        if math.isinf(found[column]):
            found[column] = valid_sample(
                flat, counts, padding, i + column * walk[1, 0], j + column * walk[1, 1], k + column * walk[1, 2]
            )


@compiled_part
def extreme_row(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    padding: Pair,
    rays: tuple[Triple, Triple, Pair],
    half: float,
    projection: int,
    both: NDArray[np.float32],
    values: FloatArray,
    sums: FloatArray,
) -> None:
    """Fill the first row of ``sums`` with the extreme, infinite where nothing was met; ``both`` holds the ends."""
    nothing = -math.inf if projection == 0 else math.inf
    for column in range(values.size):
        sums[0, column] = nothing
    project_row(flat, layout, padding, rays, half, projection, values, sums)
    for side in range(both.shape[0]):
        for column in range(values.size):
            values[column] = both[side, column]
        keep_extreme(values, 0, values.size, projection == 0, sums[0])


@compiled_part
def mean_row(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    padding: Pair,
    rays: tuple[Triple, Triple, Pair],
    half: float,
    both: NDArray[np.float32],
    values: FloatArray,
    sums: FloatArray,
) -> None:
    """Fill the first row of ``sums`` with the mean from one end of the slab to the other."""
    for column in range(values.size):
        sums[0, column] = sums[1, column] = 0.0
        sums[2, column], sums[3, column], sums[4, column] = math.nan, both[0, column], -half
    project_row(flat, layout, padding, rays, half, _MEAN, values, sums)
    for column in range(values.size):
        values[column] = both[1, column]
    keep_mean(values, 0, values.size, half, 0.0, sums)
    for column in range(values.size):
        covered = sums[1, column]
        sums[0, column] = sums[0, column] / covered if covered > _AT_END else sums[2, column]


@compiled
def slab_rows(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    layout: NDArray[np.int64],
    order: tuple[int, int, int],
    walk: FloatArray,
    through: FloatArray,
    projection: int,
    padding: Pair,
    rescale: Pair,
    out: NDArray[np.float32],
    first: int,
    last: int,
) -> None:
    """Fill rows with the projection 0 (maximum), 1 (minimum) or 2 (mean) of stored values, then rescaled.

    ``order`` names the crossed axis and both others; ``through``, shape (3,), is the index step from the middle of the
    slab to its end, along increasing index of the crossed axis.
    """
    half, width = through[order[0]], out.shape[1]
    is_oblique = max(abs(through[order[1]]), abs(through[order[2]])) > _AT_END * half
    both = np.empty((2 if projection == _MEAN or is_oblique else 0, width), dtype=np.float32)
    values, sums = np.empty(width), np.empty((5, width))
    moved = walk.copy()
    for row in range(first, last):
        for side in range(both.shape[0]):
            for axis in range(3):
                moved[0, axis] = walk[0, axis] + (2 * side - 1) * through[axis]
            end_row(flat, counts, padding, moved, row, both[side])
        rays = rays_of_row(order, walk, through, row)
        if projection == _MEAN:
            mean_row(flat, layout, padding, rays, half, both, values, sums)
        else:
            extreme_row(flat, layout, padding, rays, half, projection, both, values, sums)
            finish_extreme(flat, counts, padding, walk, row, sums[0])
        for column in range(width):
            out[row, column] = sums[0, column] * rescale[0] + rescale[1]
