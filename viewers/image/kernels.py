"""Compiled loops that sample voxels. Imported late by ``viewers.image.reslice``: numba alone takes a while to load.

Voxels come as one flat array, (k, j, i) in C order. A picture is walked in index coordinates: ``walk`` is a (3, 3)
array whose rows are the index (i, j, k) of the first pixel, the step of one column and the step of one row. For
irregular volumes the third coordinate is not k but mm along the normal from the first slice.
"""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled
from viewers.image.compiled_types import FlatVoxels

FloatArray = NDArray[np.float64]

# Coordinates this near to a whole number are that number: a voxel centre gives the stored value, exactly.
_SNAP = 1e-7
# Half a voxel beyond the outer centres, and a hair, so that the border itself is inside in spite of rounding.
_HALF = 0.5 + 1e-6
# How far inside the outer centres a coordinate must be for the loop without tests.
_MARGIN = 1e-6


@compiled
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


@compiled
def bilinear(
    flat: FlatVoxels, i: tuple[int, int, float], j: tuple[int, int, float], row_length: int, base: int
) -> float:
    """Interpolate in one slice whose first voxel is at ``base``."""
    near = base + j[0] * row_length + i[0]
    far = near + j[1] * row_length
    low = flat[near] + i[2] * (float(flat[near + i[1]]) - flat[near])
    high = flat[far] + i[2] * (float(flat[far + i[1]]) - flat[far])
    return float(low + j[2] * (high - low))


@compiled
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


@compiled
def nearest(flat: FlatVoxels, counts: tuple[int, int, int], i: float, j: float, k: float) -> float:
    """Return the stored value of the nearest voxel of a regular grid; NaN outside."""
    if split(i, counts[0])[0] < 0 or split(j, counts[1])[0] < 0 or split(k, counts[2])[0] < 0:
        return math.nan
    near_i = min(max(math.floor(i + 0.5), 0), counts[0] - 1)
    near_j = min(max(math.floor(j + 0.5), 0), counts[1] - 1)
    near_k = min(max(math.floor(k + 0.5), 0), counts[2] - 1)
    return float(flat[(near_k * counts[1] + near_j) * counts[0] + near_i])


@compiled
def columns_inside(start: float, step: float, count: int, width: int) -> tuple[int, int]:
    """Return the columns, first to last (not included), whose coordinate has both neighbours in the grid."""
    low, high = _MARGIN, count - 1 - _MARGIN
    if step == 0.0:
        return (0, width) if low <= start <= high else (0, 0)
    one, other = (low - start) / step, (high - start) / step
    first = max(math.ceil(min(one, other)), 0)
    last = min(math.floor(max(one, other)) + 1, width)
    return (first, last) if first < last else (0, 0)


@compiled
def inner(flat: FlatVoxels, row_length: int, slice_size: int, i: float, j: float, k: float) -> float:
    """Interpolate where all eight neighbours are known to exist."""
    low_i, low_j, low_k = int(i), int(j), int(k)
    at_i, at_j, at_k = i - low_i, j - low_j, k - low_k
    near = low_k * slice_size + low_j * row_length + low_i
    far = near + slice_size
    a = flat[near] + at_i * (float(flat[near + 1]) - flat[near])
    b = flat[near + row_length] + at_i * (float(flat[near + row_length + 1]) - flat[near + row_length])
    c = flat[far] + at_i * (float(flat[far + 1]) - flat[far])
    d = flat[far + row_length] + at_i * (float(flat[far + row_length + 1]) - flat[far + row_length])
    low = a + at_j * (b - a)
    high = c + at_j * (d - c)
    return float(low + at_k * (high - low))


@compiled
def regular_row(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    walk: FloatArray,
    row: int,
    linear: bool,
    rescale: tuple[float, float],
    out: NDArray[np.float32],
) -> None:
    """Fill one row of a picture of a regular grid with modality values."""
    start_i, start_j, start_k = (
        walk[0, 0] + row * walk[2, 0],
        walk[0, 1] + row * walk[2, 1],
        walk[0, 2] + row * walk[2, 2],
    )
    step_i, step_j, step_k = walk[1, 0], walk[1, 1], walk[1, 2]
    slope, intercept = rescale
    in_i = columns_inside(start_i, step_i, counts[0], out.size)
    in_j = columns_inside(start_j, step_j, counts[1], out.size)
    in_k = columns_inside(start_k, step_k, counts[2], out.size)
    first = max(in_i[0], in_j[0], in_k[0])
    last = max(min(in_i[1], in_j[1], in_k[1]), first) if linear else first
    for column in range(first, last):
        i, j, k = start_i + column * step_i, start_j + column * step_j, start_k + column * step_k
        out[column] = inner(flat, counts[0], counts[0] * counts[1], i, j, k) * slope + intercept
    for column in range(out.size):
        if first <= column < last and not math.isnan(out[column]):
            continue
        i, j, k = start_i + column * step_i, start_j + column * step_j, start_k + column * step_k
        value = sample(flat, counts, i, j, k) if linear else nearest(flat, counts, i, j, k)
        out[column] = value * slope + intercept


@compiled
def regular_rows(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    walk: FloatArray,
    linear: bool,
    rescale: tuple[float, float],
    out: NDArray[np.float32],
    first: int,
    last: int,
) -> None:
    """Fill rows ``first`` to ``last`` (not included) with modality values."""
    for row in range(first, last):
        regular_row(flat, counts, walk, row, linear, rescale, out[row])


@compiled
def regular_display(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    walk: FloatArray,
    linear: bool,
    rescale: tuple[float, float],
    ramp: tuple[int, float, float, bool],
    out: NDArray[np.uint8],
    first: int,
    last: int,
) -> None:
    """Fill rows with display values: one row of modality values at a time, which stays in the nearest cache."""
    values = np.empty(out.shape[1], dtype=np.float32)
    for row in range(first, last):
        regular_row(flat, counts, walk, row, linear, rescale, values)
        display_row(values, ramp, out[row])


@compiled
def display_row(values: NDArray[np.float32], ramp: tuple[int, float, float, bool], out: NDArray[np.uint8]) -> None:
    """Map modality values to display values; NaN is the background, black whatever the inversion.

    ``ramp`` is (shape, a, b, inverted): shape 0 is a × value + b limited to 0..255, shape 1 the step above a, shape 2
    the sigmoid 255 ÷ (1 + exp(a × value + b)).
    """
    shape, a, b, inverted = ramp
    for column in range(values.size):
        value = values[column]
        if math.isnan(value):
            out[column] = 0
            continue
        if shape == 0:
            shown = min(max(a * value + b, 0.0), 255.0)
        elif shape == 1:
            shown = 255.0 if value > a else 0.0
        else:
            shown = 255.0 / (1.0 + math.exp(min(max(a * value + b, -700.0), 700.0)))
        level = int(shown + 0.5)
        out[column] = 255 - level if inverted else level


@compiled
def display_rows(
    values: NDArray[np.float32],
    ramp: tuple[int, float, float, bool],
    out: NDArray[np.uint8],
    first: int,
    last: int,
) -> None:
    """Map rows of modality values to display values."""
    for row in range(first, last):
        display_row(values[row], ramp, out[row])
