"""Compiled loops that fill pictures of a regular grid, row by row; what decides how fast a plane is.

A picture that follows the axes of the voxels is separable: each of its rows lies on one line of voxels, which is first
made (one blend of four neighbours per voxel), then read at its columns. A slanted row is walked in whole numbers of
2 ** -32 voxels: the integer part of a position is the voxel, the rest its weight, and a row of 2 ** 14 pixels strays
less than 2e-6 of a voxel. Where all neighbours exist is known beforehand, so the inner loops test nothing.
"""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled, compiled_part
from viewers.image.compiled_types import FlatVoxels
from viewers.image.kernels import LEAST_WEIGHT, ONE_VOXEL, WEIGHT_BITS, all_inside, nearest, sample, split
from viewers.image.kernels_window import display_row
from viewers.image.pixels import Ramp

FloatArray = NDArray[np.float64]
FloatPair = tuple[float, float]
Triple = tuple[float, float, float]
# (axis, first voxel, values of the voxels, (2, width) lower and upper voxel of each column, weight of the upper one).
Line = tuple[int, int, FloatArray, NDArray[np.int64], FloatArray]


@compiled_part
def at_row(walk: FloatArray, row: int) -> Triple:
    """Return the index coordinates of the first pixel of a row."""
    return (
        walk[0, 0] + row * walk[2, 0],
        walk[0, 1] + row * walk[2, 1],
        walk[0, 2] + row * walk[2, 2],
    )


@compiled_part
def followed_axis(walk: FloatArray) -> int:
    """Return the axis of the voxels that every row of the picture follows, -1 when there is none."""
    found = -1
    for axis in range(3):
        if walk[1, axis] != 0.0:
            if found >= 0 or walk[2, axis] != 0.0:
                return -1
            found = axis
    return found


@compiled_part
def line_of(counts: tuple[int, int, int], walk: FloatArray, width: int) -> Line:
    """Return room for one line of voxels and which of them each column lies between; empty where rows follow no axis.

    The lower and the upper voxel, shape (2, width), are counted from ``first``; the weight of the upper one is NaN
    outside.
    """
    axis = followed_axis(walk)
    between = np.zeros((2, width if axis >= 0 else 0), dtype=np.int64)
    weights = np.zeros(between.shape[1])
    first, last = counts[axis], -1
    for column in range(weights.size):
        lower, step, weight = split(walk[0, axis] + column * walk[1, axis], counts[axis])
        weights[column] = math.nan
        if lower >= 0:
            between[0, column], between[1, column], weights[column] = lower, lower + step, weight
            first, last = min(first, lower), max(last, lower + step)
    for column in range(weights.size):
        for end in range(2):
            between[end, column] = max(between[end, column] - first, 0)
    return axis, first, np.empty(max(last - first + 1, 0)), between, weights


@compiled_part
def blend_lines(
    flat: FlatVoxels, near: int, to_b: int, to_c: int, stride: int, at: FloatPair, line: FloatArray
) -> None:
    """Fill a line of voxels from the four around it; ``near`` is where the first begins."""
    for voxel in range(line.size):
        place = near + voxel * stride
        low, high = float(flat[place]), float(flat[place + to_c])
        low += at[0] * (float(flat[place + to_b]) - low)
        high += at[0] * (float(flat[place + to_b + to_c]) - high)
        line[voxel] = low + at[1] * (high - low)


@compiled_part
def voxel_line(
    flat: FlatVoxels, counts: tuple[int, int, int], axis: int, first: int, start: Triple, line: FloatArray
) -> bool:
    """Fill the line of voxels that a row lies on, from voxel ``first`` on; False where the row is outside."""
    strides = (1, counts[0], counts[0] * counts[1])
    b, c = (axis + 1) % 3, (axis + 2) % 3
    at_b, at_c = split(start[b], counts[b]), split(start[c], counts[c])
    if at_b[0] < 0 or at_c[0] < 0:
        return False
    near = at_b[0] * strides[b] + at_c[0] * strides[c] + first * strides[axis]
    to_b, to_c = at_b[1] * strides[b], at_c[1] * strides[c]
    if axis == 0:
        # Neighbours in memory, said so in the call, are taken many at once.
        blend_lines(flat, near, to_b, to_c, 1, (at_b[2], at_c[2]), line)
    else:
        blend_lines(flat, near, to_b, to_c, strides[axis], (at_b[2], at_c[2]), line)
    return True


@compiled_part
def line_row(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    start: Triple,
    line: Line,
    rescale: FloatPair,
    out: NDArray[np.float32],
) -> None:
    """Fill one row of a picture from the line of voxels that it lies on."""
    axis, first, voxels, between, weights = line
    if voxels.size == 0 or not voxel_line(flat, counts, axis, first, start, voxels):
        for column in range(out.size):
            out[column] = math.nan
        return
    for column in range(out.size):
        lower = voxels[between[0, column]]
        value = lower + weights[column] * (voxels[between[1, column]] - lower)
        out[column] = value * rescale[0] + rescale[1]


@compiled_part
def slanted_row(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    start: Triple,
    step: Triple,
    rescale: FloatPair,
    columns: tuple[int, int],
    out: NDArray[np.float32],
) -> bool:
    """Fill the columns all of whose neighbours exist; False where one of them came out as NaN."""
    first, last = columns
    row_length, slice_size = counts[0], counts[0] * counts[1]
    step_i, step_j, step_k = round(step[0] * ONE_VOXEL), round(step[1] * ONE_VOXEL), round(step[2] * ONE_VOXEL)
    i = round((start[0] + first * step[0]) * ONE_VOXEL)
    j = round((start[1] + first * step[1]) * ONE_VOXEL)
    k = round((start[2] + first * step[2]) * ONE_VOXEL)
    slope, intercept = rescale
    is_known = True
    for column in range(first, last):
        near = (k >> 32) * slice_size + (j >> 32) * row_length + (i >> 32)
        far = near + slice_size
        at_i, at_j, at_k = (
            (i & WEIGHT_BITS) * LEAST_WEIGHT,
            (j & WEIGHT_BITS) * LEAST_WEIGHT,
            (k & WEIGHT_BITS) * LEAST_WEIGHT,
        )
        a, c = float(flat[near]), float(flat[far])
        b, d = float(flat[near + row_length]), float(flat[far + row_length])
        a += at_i * (float(flat[near + 1]) - a)
        b += at_i * (float(flat[near + row_length + 1]) - b)
        c += at_i * (float(flat[far + 1]) - c)
        d += at_i * (float(flat[far + row_length + 1]) - d)
        a += at_j * (b - a)
        c += at_j * (d - c)
        value = (a + at_k * (c - a)) * slope + intercept
        out[column] = value
        is_known &= value == value
        i += step_i
        j += step_j
        k += step_k
    return is_known


@compiled_part
def tested_row(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    start: Triple,
    step: Triple,
    rescale: FloatPair,
    known: tuple[int, int],
    out: NDArray[np.float32],
) -> None:
    """Fill the columns that are not ``known``, wherever they lie, inside, outside or between."""
    for column in range(out.size):
        if column < known[0] or column >= known[1]:
            i, j, k = start[0] + column * step[0], start[1] + column * step[1], start[2] + column * step[2]
            out[column] = sample(flat, counts, i, j, k) * rescale[0] + rescale[1]


@compiled_part
def sampled_row(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    walk: FloatArray,
    row: int,
    rescale: FloatPair,
    out: NDArray[np.float32],
) -> None:
    """Fill one row, in whatever direction, with interpolated modality values."""
    start, step = at_row(walk, row), (walk[1, 0], walk[1, 1], walk[1, 2])
    columns = all_inside(counts, start, step, out.size)
    # A voxel without a value spoils its neighbours even where its own weight is nothing: the test of each knows.
    known = columns if slanted_row(flat, counts, start, step, rescale, columns, out) else (out.size, out.size)
    tested_row(flat, counts, start, step, rescale, known, out)


@compiled_part
def regular_row(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    walk: FloatArray,
    row: int,
    linear: bool,
    rescale: FloatPair,
    line: Line,
    out: NDArray[np.float32],
) -> None:
    """Fill one row with modality values; ``line`` is that of ``line_of``."""
    if not linear:
        nearest_row(flat, counts, walk, row, rescale, out)
    elif line[0] >= 0:
        line_row(flat, counts, at_row(walk, row), line, rescale, out)
    else:
        sampled_row(flat, counts, walk, row, rescale, out)


@compiled_part
def nearest_row(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    walk: FloatArray,
    row: int,
    rescale: FloatPair,
    out: NDArray[np.float32],
) -> None:
    """Fill one row with the modality values of the nearest voxels."""
    i, j, k = at_row(walk, row)
    for column in range(out.size):
        at = nearest(flat, counts, i + column * walk[1, 0], j + column * walk[1, 1], k + column * walk[1, 2])
        out[column] = at * rescale[0] + rescale[1]


@compiled
def regular_rows(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    walk: FloatArray,
    linear: bool,
    rescale: FloatPair,
    out: NDArray[np.float32],
    first: int,
    last: int,
) -> None:
    """Fill rows ``first`` to ``last`` (not included) with modality values."""
    line = line_of(counts, walk, out.shape[1])
    for row in range(first, last):
        regular_row(flat, counts, walk, row, linear, rescale, line, out[row])


@compiled
def regular_display(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    walk: FloatArray,
    linear: bool,
    rescale: FloatPair,
    ramp: Ramp,
    out: NDArray[np.uint8],
    first: int,
    last: int,
) -> None:
    """Fill rows with display values: one row of modality values at a time, which stays in the nearest cache."""
    line = line_of(counts, walk, out.shape[1])
    values = np.empty(out.shape[1], dtype=np.float32)
    for row in range(first, last):
        regular_row(flat, counts, walk, row, linear, rescale, line, values)
        display_row(values, ramp, out[row])
