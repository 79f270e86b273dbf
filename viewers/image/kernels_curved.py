"""Compiled sampling along a curve: each column of the picture has its own place and directions.

``columns`` has shape (width, 9), in index coordinates: the middle of the column, the step of one mm downwards, the
step of one mm through the picture. A column whose middle is NaN lies beyond an end of the curve and stays empty.
"""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled, compiled_part
from viewers.image.compiled_types import FlatVoxels
from viewers.image.kernels import sample
from viewers.image.kernels_irregular import between_slices, slice_before
from viewers.image.kernels_slab import valid_sample

FloatArray = NDArray[np.float64]


@compiled_part
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
    is_regular, is_padded = slices.shape[0] == 0, padding[0] <= padding[1]
    below = 0
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
                if not is_regular:
                    below = slice_before(slices, k, below)
                    value = between_slices(flat, counts, slices, ends, below, (i, j, k), True, padding)
                elif is_padded:
                    value = valid_sample(flat, counts, padding, i, j, k)
                else:
                    value = sample(flat, counts, i, j, k)
                values[number] = value * rescale[0] + rescale[1]
            out[row, column] = joined(values, projection)
