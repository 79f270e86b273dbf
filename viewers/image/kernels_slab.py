"""Compiled crossings of the rays of a slab with the voxel planes of a regular grid. Padding takes part in nothing."""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled_part
from viewers.image.compiled_types import FlatVoxels
from viewers.image.kernels import LEAST_WEIGHT, ONE_VOXEL, WEIGHT_BITS, columns_inside, split

FloatArray = NDArray[np.float64]
Pair = tuple[float, float]


@compiled_part
def is_padding(padding: tuple[float, float], stored: float) -> bool:
    """Whether a stored value is padding; a range of (low > high) holds nothing."""
    return padding[0] <= stored <= padding[1]


@compiled_part
def valid_sample(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    padding: tuple[float, float],
    i: float,
    j: float,
    k: float,
) -> float:
    """Interpolate stored values; NaN outside and where a neighbour that counts is padding (low > high: none)."""
    at_i, at_j, at_k = split(i, counts[0]), split(j, counts[1]), split(k, counts[2])
    if at_i[0] < 0 or at_j[0] < 0 or at_k[0] < 0:
        return math.nan
    row_length, slice_size = counts[0], counts[0] * counts[1]
    total = 0.0
    for corner in range(8):
        right, down, deep = corner & 1, (corner >> 1) & 1, corner >> 2
        if right > at_i[1] or down > at_j[1] or deep > at_k[1]:
            continue
        index = (at_k[0] + deep) * slice_size + (at_j[0] + down) * row_length + at_i[0] + right
        value = float(flat[index])
        if is_padding(padding, value):
            return math.nan
        weight_i = at_i[2] if right else 1.0 - at_i[2]
        weight_j = at_j[2] if down else 1.0 - at_j[2]
        weight_k = at_k[2] if deep else 1.0 - at_k[2]
        total += weight_i * weight_j * weight_k * value
    return total


@compiled_part
def crossing(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    padding: tuple[float, float],
    plane: int,
    b: float,
    c: float,
) -> float:
    """Interpolate inside one plane of voxels; ``layout`` holds (count, stride) of the crossed and both other axes."""
    at_b, at_c = split(b, layout[1, 0]), split(c, layout[2, 0])
    if at_b[0] < 0 or at_c[0] < 0:
        return math.nan
    step_b, step_c = at_b[1] * layout[1, 1], at_c[1] * layout[2, 1]
    near = plane * layout[0, 1] + at_b[0] * layout[1, 1] + at_c[0] * layout[2, 1]
    v00, v10 = float(flat[near]), float(flat[near + step_b])
    v01, v11 = float(flat[near + step_c]), float(flat[near + step_b + step_c])
    for value in (v00, v10, v01, v11):
        if is_padding(padding, value):
            return math.nan
    low = v00 + at_b[2] * (v10 - v00)
    high = v01 + at_b[2] * (v11 - v01)
    return low + at_c[2] * (high - low)


@compiled_part
def crossings(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    padding: Pair,
    plane: int,
    start: Pair,
    step: Pair,
    columns: tuple[int, int],
    out: FloatArray,
) -> None:
    """Fill columns with the values where a row of rays meets one plane of voxels; NaN outside and beside padding.

    ``start`` and ``step`` are where the ray of column 0 meets the plane, along its two axes, and how far the next ones.
    """
    in_b = columns_inside(start[0], step[0], layout[1, 0], out.size)
    in_c = columns_inside(start[1], step[1], layout[2, 0], out.size)
    first = min(max(columns[0], in_b[0], in_c[0]), columns[1])
    last = max(min(columns[1], in_b[1], in_c[1]), first)
    if padding[0] <= padding[1]:
        last = first
    for column in range(columns[0], first):
        out[column] = crossing(flat, layout, padding, plane, start[0] + column * step[0], start[1] + column * step[1])
    crossings_inside(flat, layout, plane, start, step, (first, last), out)
    for column in range(last, columns[1]):
        out[column] = crossing(flat, layout, padding, plane, start[0] + column * step[0], start[1] + column * step[1])


@compiled_part
def crossings_inside(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    plane: int,
    start: Pair,
    step: Pair,
    columns: tuple[int, int],
    out: FloatArray,
) -> None:
    """Fill columns whose four neighbours exist: the loop that decides how fast a slab is."""
    base, stride_b, stride_c = plane * layout[0, 1], layout[1, 1], layout[2, 1]
    step_b, step_c = round(step[0] * ONE_VOXEL), round(step[1] * ONE_VOXEL)
    b, c = round((start[0] + columns[0] * step[0]) * ONE_VOXEL), round((start[1] + columns[0] * step[1]) * ONE_VOXEL)
    for column in range(columns[0], columns[1]):
        near = base + (b >> 32) * stride_b + (c >> 32) * stride_c
        weight_b = (b & WEIGHT_BITS) * LEAST_WEIGHT
        low, high = float(flat[near]), float(flat[near + stride_c])
        low += weight_b * (float(flat[near + stride_b]) - low)
        high += weight_b * (float(flat[near + stride_b + stride_c]) - high)
        out[column] = low + ((c & WEIGHT_BITS) * LEAST_WEIGHT) * (high - low)
        b += step_b
        c += step_c
