"""Compiled sampling of slices that no single affine describes: uneven, tilted or missing ones.

``slices`` has one row per slice: mm along the normal from the first one, then by how many columns and rows its first
pixel is displaced, then 1 where slices are missing after it. The third index coordinate of a ``walk`` is mm.
"""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled, compiled_part
from viewers.image.compiled_types import FlatVoxels
from viewers.image.kernels import bilinear, split
from viewers.image.kernels_window import display_row
from viewers.image.pixels import Ramp

FloatArray = NDArray[np.float64]

# A plane this near to a slice, mm, shows that slice: at the edge of a gap rounding must not decide between all and
# nothing.
_ON_SLICE_MM = 0.01
_SAME_MM = 1e-6


@compiled_part
def slice_before(slices: FloatArray, position: float, guess: int) -> int:
    """Return the last slice at or before ``position``, 0 when there is none; near to ``guess``, so found at once."""
    k = guess
    while k > 0 and slices[k, 0] > position:
        k -= 1
    while k < slices.shape[0] - 1 and slices[k + 1, 0] <= position:
        k += 1
    return k


@compiled_part
def in_slice(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    slices: FloatArray,
    k: int,
    u: float,
    v: float,
    linear: bool,
    padding: tuple[float, float],
) -> float:
    """Return the stored value of slice ``k`` at a point projected on it, NaN outside and next to padding."""
    i, j = u - slices[k, 1], v - slices[k, 2]
    at_i, at_j = split(i, counts[0]), split(j, counts[1])
    if at_i[0] < 0 or at_j[0] < 0:
        return math.nan
    base = k * counts[0] * counts[1]
    if padding[0] <= padding[1]:
        near = base + at_j[0] * counts[0] + at_i[0]
        for corner in (near, near + at_i[1], near + at_j[1] * counts[0], near + at_j[1] * counts[0] + at_i[1]):
            if padding[0] <= flat[corner] <= padding[1]:
                return math.nan
    if linear:
        return bilinear(flat, at_i, at_j, counts[0], base)
    near_i = min(max(math.floor(i + 0.5), 0), counts[0] - 1)
    near_j = min(max(math.floor(j + 0.5), 0), counts[1] - 1)
    return float(flat[base + near_j * counts[0] + near_i])


@compiled_part
def slice_weight(slices: FloatArray, ends: tuple[float, float], k: int, position: float) -> tuple[int, float]:
    """Return (slice, weight of the next one); the slice is -1 outside and inside gaps."""
    last = slices.shape[0] - 1
    after = position - slices[k, 0]
    if after < 0.0:
        return (0, 0.0) if -after <= ends[0] + _SAME_MM else (-1, 0.0)
    if k == last:
        return (last, 0.0) if after <= ends[1] + _SAME_MM else (-1, 0.0)
    before = slices[k + 1, 0] - position
    if slices[k, 3] != 0.0:
        if after <= _ON_SLICE_MM:
            return k, 0.0
        return (k + 1, 0.0) if before <= _ON_SLICE_MM else (-1, 0.0)
    if after <= _SAME_MM:
        return k, 0.0
    return (k + 1, 0.0) if before <= _SAME_MM else (k, after / (after + before))


@compiled_part
def between_slices(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    slices: FloatArray,
    ends: tuple[float, float],
    below: int,
    at: tuple[float, float, float],
    linear: bool,
    padding: tuple[float, float],
) -> float:
    """Return the stored value at (column, row, mm along the normal), NaN outside, inside gaps and next to padding.

    ``below`` is the slice that ``slice_before`` finds for the third coordinate.
    """
    k, weight = slice_weight(slices, ends, below, at[2])
    if k < 0:
        return math.nan
    if not linear and weight > 0.0:
        k, weight = (k, 0.0) if weight < 0.5 else (k + 1, 0.0)
    value = in_slice(flat, counts, slices, k, at[0], at[1], linear, padding)
    if weight > 0.0:
        value += weight * (in_slice(flat, counts, slices, k + 1, at[0], at[1], linear, padding) - value)
    return value


@compiled_part
def irregular_row(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    slices: FloatArray,
    ends: tuple[float, float],
    walk: FloatArray,
    row: int,
    linear: bool,
    padding: tuple[float, float],
    rescale: tuple[float, float],
    out: NDArray[np.float32],
) -> None:
    """Fill one row of a picture with modality values, between the true neighbouring slices along the normal."""
    below = 0
    for column in range(out.size):
        u = walk[0, 0] + row * walk[2, 0] + column * walk[1, 0]
        v = walk[0, 1] + row * walk[2, 1] + column * walk[1, 1]
        position = walk[0, 2] + row * walk[2, 2] + column * walk[1, 2]
        below = slice_before(slices, position, below)
        value = between_slices(flat, counts, slices, ends, below, (u, v, position), linear, padding)
        out[column] = value * rescale[0] + rescale[1]


@compiled
def irregular_rows(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    slices: FloatArray,
    ends: tuple[float, float],
    walk: FloatArray,
    linear: bool,
    padding: tuple[float, float],
    rescale: tuple[float, float],
    out: NDArray[np.float32],
    first: int,
    last: int,
) -> None:
    """Fill rows ``first`` to ``last`` (not included) with modality values."""
    for row in range(first, last):
        irregular_row(flat, counts, slices, ends, walk, row, linear, padding, rescale, out[row])


@compiled
def irregular_display(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    slices: FloatArray,
    ends: tuple[float, float],
    walk: FloatArray,
    linear: bool,
    padding: tuple[float, float],
    rescale: tuple[float, float],
    ramp: Ramp,
    out: NDArray[np.uint8],
    first: int,
    last: int,
) -> None:
    """Fill rows with display values."""
    values = np.empty(out.shape[1], dtype=np.float32)
    for row in range(first, last):
        irregular_row(flat, counts, slices, ends, walk, row, linear, padding, rescale, values)
        display_row(values, ramp, out[row])
