"""Compiled sampling of single points. Imported late by ``viewers.image.reslice``: numba alone takes a while to load.

Voxels come as one flat array, (k, j, i) in C order. A picture is walked in index coordinates: ``walk`` is a (3, 3)
array whose rows are the index (i, j, k) of the first pixel, the step of one column and the step of one row. For
irregular volumes the third coordinate is not k but mm along the normal from the first slice.
"""

import math

from viewers.image.compiled import compiled_part
from viewers.image.compiled_types import FlatVoxels

# Coordinates this near to a whole number are that number: a voxel centre gives the stored value, exactly.
_SNAP = 1e-7
# Half a voxel beyond the outer centres, and a hair, so that the border itself is inside in spite of rounding.
_HALF = 0.5 + 1e-6
# How far inside the outer centres a coordinate must be for the loop without tests.
_MARGIN = 4e-6

# A row is walked in whole numbers: one voxel, the bits of a position that are the weight of the next voxel, and what
# the lowest of them weighs.
ONE_VOXEL = 1 << 32
WEIGHT_BITS = ONE_VOXEL - 1
LEAST_WEIGHT = 2.0**-32


@compiled_part
def split(coordinate: float, count: int) -> tuple[int, int, float]:
    """Return (lower index, step to the upper one, weight of the upper one); lower is -1 outside."""
    if not -_HALF <= coordinate <= count - 1 + _HALF:
        return -1, 0, 0.0
    inside = min(max(coordinate, 0.0), count - 1.0)
    lower = int(inside)
    weight = inside - lower
    if weight > 1.0 - _SNAP:
        return lower + 1, 0, 0.0
    if weight < _SNAP:
        return lower, 0, 0.0
    return lower, 1, weight


@compiled_part
def bilinear(
    flat: FlatVoxels, i: tuple[int, int, float], j: tuple[int, int, float], row_length: int, base: int
) -> float:
    """Interpolate in one slice whose first voxel is at ``base``."""
    near = base + j[0] * row_length + i[0]
    far = near + j[1] * row_length
    low = flat[near] + i[2] * (float(flat[near + i[1]]) - flat[near])
    high = flat[far] + i[2] * (float(flat[far + i[1]]) - flat[far])
    return float(low + j[2] * (high - low))


@compiled_part
def sample(flat: FlatVoxels, counts: tuple[int, int, int], i: float, j: float, k: float) -> float:
    """Interpolate the stored values of a regular grid; NaN outside."""
    at_i, at_j, at_k = split(i, counts[0]), split(j, counts[1]), split(k, counts[2])
    if at_i[0] < 0 or at_j[0] < 0 or at_k[0] < 0:
        return math.nan
    slice_size = counts[0] * counts[1]
    base = at_k[0] * slice_size
    low = bilinear(flat, at_i, at_j, counts[0], base)
    if at_k[1] == 0:
        return low
    high = bilinear(flat, at_i, at_j, counts[0], base + slice_size)
    return low + at_k[2] * (high - low)


@compiled_part
def nearest(flat: FlatVoxels, counts: tuple[int, int, int], i: float, j: float, k: float) -> float:
    """Return the stored value of the nearest voxel of a regular grid; NaN outside."""
    if split(i, counts[0])[0] < 0 or split(j, counts[1])[0] < 0 or split(k, counts[2])[0] < 0:
        return math.nan
    near_i = min(max(math.floor(i + 0.5), 0), counts[0] - 1)
    near_j = min(max(math.floor(j + 0.5), 0), counts[1] - 1)
    near_k = min(max(math.floor(k + 0.5), 0), counts[2] - 1)
    return float(flat[(near_k * counts[1] + near_j) * counts[0] + near_i])


@compiled_part
def columns_inside(start: float, step: float, count: int, width: int) -> tuple[int, int]:
    """Return the columns, first to last (not included), whose coordinate has both neighbours in the grid."""
    return columns_between(start, step, _MARGIN, count - 1 - _MARGIN, width)


@compiled_part
def columns_between(start: float, step: float, low: float, high: float, width: int) -> tuple[int, int]:
    """Return the columns, first to last (not included), whose coordinate lies between two others."""
    if step == 0.0:
        return (0, width) if low <= start <= high else (0, 0)
    one, other = (low - start) / step, (high - start) / step
    # Limited before they become whole numbers: a step of almost nothing leads beyond any of them.
    first = math.ceil(min(max(min(one, other), 0.0), float(width)))
    last = math.floor(max(min(max(one, other), width - 1.0), -1.0)) + 1
    return (first, last) if first < last else (0, 0)


@compiled_part
def all_inside(
    counts: tuple[int, int, int], start: tuple[float, float, float], step: tuple[float, float, float], width: int
) -> tuple[int, int]:
    """Return the columns of a row all of whose eight neighbours are in the grid."""
    in_i = columns_inside(start[0], step[0], counts[0], width)
    in_j = columns_inside(start[1], step[1], counts[1], width)
    in_k = columns_inside(start[2], step[2], counts[2], width)
    first = max(in_i[0], in_j[0], in_k[0])
    return first, max(min(in_i[1], in_j[1], in_k[1]), first)
