"""Compiled sampling along a curve: each column of the picture has its own place and directions.

``columns`` has shape (width, 9), in index coordinates: the middle of the column, the step of one mm downwards, the
step of one mm through the picture. A column whose middle is NaN lies beyond an end of the curve and stays empty.
"""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled
from viewers.image.compiled_types import FlatVoxels
from viewers.image.kernels import sample
from viewers.image.kernels_irregular import in_slice, slice_before, slice_weight

FloatArray = NDArray[np.float64]


@compiled
def irregular_at(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    slices: FloatArray,
    ends: tuple[float, float],
    index: tuple[float, float, float],
    padding: tuple[float, float],
) -> float:
    """Return the stored value at (column, row, mm along the normal), NaN outside, inside gaps and next to padding."""
    k, weight = slice_weight(slices, ends, slice_before(slices, index[2], 0), index[2])
    if k < 0:
        return math.nan
    value = in_slice(flat, counts, slices, k, index[0], index[1], True, padding)
    if weight > 0.0:
        value += weight * (in_slice(flat, counts, slices, k + 1, index[0], index[1], True, padding) - value)
    return value


@compiled
def joined(values: FloatArray, projection: int) -> float:
    """Return the extreme (0 highest, 1 lowest) or the mean by trapezia (2) of the valid among ``values``."""
    best, total, covered = math.nan, 0.0, 0.0
    for number in range(values.size):
        value = values[number]
        if math.isnan(value):
            continue
        if math.isnan(best) or (projection == 0 and value > best) or (projection == 1 and value < best):
            best = value
        if number > 0 and not math.isnan(values[number - 1]):
            total += (value + values[number - 1]) / 2.0
            covered += 1.0
    return total / covered if projection == 2 and covered > 0.0 else best


@compiled
def curved_rows(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    slices: FloatArray,
    ends: tuple[float, float],
    columns: FloatArray,
    downs_mm: FloatArray,
    throughs_mm: FloatArray,
    projection: int,
    padding: tuple[float, float],
    rescale: tuple[float, float],
    out: NDArray[np.float32],
    first: int,
    last: int,
) -> None:
    """Fill rows ``first`` to ``last`` (not included); a regular volume comes with an empty table of slices."""
    is_regular = slices.shape[0] == 0
    values = np.empty(throughs_mm.size)
    for row in range(first, last):
        down = downs_mm[row]
        for column in range(out.shape[1]):
            place = columns[column]
            if math.isnan(place[0]):
                out[row, column] = math.nan
                continue
            for number in range(throughs_mm.size):
                through = throughs_mm[number]
                i = place[0] + down * place[3] + through * place[6]
                j = place[1] + down * place[4] + through * place[7]
                k = place[2] + down * place[5] + through * place[8]
                if is_regular:
                    values[number] = sample(flat, counts, i, j, k)
                else:
                    values[number] = irregular_at(flat, counts, slices, ends, (i, j, k), padding)
                values[number] = values[number] * rescale[0] + rescale[1]
            out[row, column] = joined(values, projection)
