"""Compiled projections through the thickness of a slab of a regular grid.

The ray of a pixel is cut with the voxel planes of the axis that it crosses most often, so its ends are exact: a plane
of voxels belongs to the slab when its crossing lies within half the thickness. An oblique slab, whose ends lie between
voxels everywhere, also counts the interpolated values at its ends. Padding takes part in nothing.
"""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled
from viewers.image.compiled_types import FlatVoxels
from viewers.image.kernels import split

FloatArray = NDArray[np.float64]

# A crossing this little beyond the end of the slab, in voxels, is at its end.
_AT_END = 1e-6


@compiled
def is_padding(padding: tuple[float, float], stored: float) -> bool:
    """Whether a stored value is padding; a range of (low > high) holds nothing."""
    return padding[0] <= stored <= padding[1]


@compiled
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


@compiled
def crossing(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    padding: tuple[float, float],
    plane: int,
    b: float,
    c: float,
) -> float:
    """Interpolate inside one plane of voxels; ``layout`` holds (count, stride) of the crossed and both other axes."""
    low_b, low_c = int(b), int(c)
    if b >= 0.0 and c >= 0.0 and low_b < layout[1, 0] - 1 and low_c < layout[2, 0] - 1:
        step_b, step_c = layout[1, 1], layout[2, 1]
        weight_b, weight_c = b - low_b, c - low_c
    else:
        at_b, at_c = split(b, layout[1, 0]), split(c, layout[2, 0])
        if at_b[0] < 0 or at_c[0] < 0:
            return math.nan
        low_b, low_c, weight_b, weight_c = at_b[0], at_c[0], at_b[2], at_c[2]
        step_b, step_c = at_b[1] * layout[1, 1], at_c[1] * layout[2, 1]
    near = plane * layout[0, 1] + low_b * layout[1, 1] + low_c * layout[2, 1]
    v00, v10 = float(flat[near]), float(flat[near + step_b])
    v01, v11 = float(flat[near + step_c]), float(flat[near + step_b + step_c])
    for value in (v00, v10, v01, v11):
        if is_padding(padding, value):
            return math.nan
    low = v00 + weight_b * (v10 - v00)
    high = v01 + weight_b * (v11 - v01)
    return low + weight_c * (high - low)


@compiled
def further(found: float, value: float, largest: bool) -> float:
    """Return the more extreme of two values; NaN loses."""
    if math.isnan(value):
        return found
    if math.isnan(found) or (value > found if largest else value < found):
        return value
    return found


@compiled
def extreme(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    padding: tuple[float, float],
    start: tuple[float, float, float],
    slope: tuple[float, float],
    planes: tuple[int, int],
    largest: bool,
) -> float:
    """Return the extreme over the crossed planes; ``slope`` is how b and c change from one plane to the next."""
    if all_inside(layout, start, slope, planes):
        return extreme_inside(flat, layout, padding, start, slope, planes, largest)
    found = math.nan
    for plane in range(planes[0], planes[1] + 1):
        away = plane - start[0]
        value = crossing(flat, layout, padding, plane, start[1] + away * slope[0], start[2] + away * slope[1])
        found = further(found, value, largest)
    return found


@compiled
def all_inside(
    layout: NDArray[np.int64],
    start: tuple[float, float, float],
    slope: tuple[float, float],
    planes: tuple[int, int],
) -> bool:
    """Whether every crossing has its four neighbours: a straight ray is inside where both its ends are."""
    for plane in planes:
        b = start[1] + (plane - start[0]) * slope[0]
        c = start[2] + (plane - start[0]) * slope[1]
        if b < 0.0 or c < 0.0 or b >= layout[1, 0] - 1 or c >= layout[2, 0] - 1:
            return False
    return True


@compiled
def extreme_inside(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    padding: tuple[float, float],
    start: tuple[float, float, float],
    slope: tuple[float, float],
    planes: tuple[int, int],
    largest: bool,
) -> float:
    """Return the extreme over crossings that are all inside: the loop that decides how fast a slab is."""
    stride, stride_b, stride_c = layout[0, 1], layout[1, 1], layout[2, 1]
    low_pad, high_pad = padding
    has_padding = low_pad <= high_pad
    sign = 1.0 if largest else -1.0
    found = -math.inf
    for plane in range(planes[0], planes[1] + 1):
        b = start[1] + (plane - start[0]) * slope[0]
        c = start[2] + (plane - start[0]) * slope[1]
        low_b, low_c = int(b), int(c)
        near = plane * stride + low_b * stride_b + low_c * stride_c
        v00, v10 = float(flat[near]), float(flat[near + stride_b])
        v01, v11 = float(flat[near + stride_c]), float(flat[near + stride_b + stride_c])
        if has_padding and (
            low_pad <= v00 <= high_pad
            or low_pad <= v10 <= high_pad
            or low_pad <= v01 <= high_pad
            or low_pad <= v11 <= high_pad
        ):
            continue
        low = v00 + (b - low_b) * (v10 - v00)
        value = low + (c - low_c) * (v01 + (b - low_b) * (v11 - v01) - low)
        found = max(found, sign * value) if not math.isnan(value) else found
    return sign * found if found > -math.inf else math.nan


@compiled
def mean(
    flat: FlatVoxels,
    layout: NDArray[np.int64],
    padding: tuple[float, float],
    start: tuple[float, float, float],
    slope: tuple[float, float],
    planes: tuple[int, int],
    end_values: tuple[float, float],
    half: float,
) -> float:
    """Return the mean along the ray, by trapezia between crossings and to both ends (``half``: planes from the middle).

    A stretch with an end that is outside or padding does not count.
    """
    total, covered, alone = 0.0, 0.0, math.nan
    before_at, before = -half, end_values[0]
    for step in range(planes[1] - planes[0] + 2):
        plane = planes[0] + step
        if plane <= planes[1]:
            at = plane - start[0]
            value = crossing(flat, layout, padding, plane, start[1] + at * slope[0], start[2] + at * slope[1])
        else:
            at, value = half, end_values[1]
        if not math.isnan(value):
            alone = value
            if not math.isnan(before):
                total += (at - before_at) * (value + before) / 2.0
                covered += at - before_at
        before_at, before = at, value
    return total / covered if covered > _AT_END else alone


@compiled
def slab_rows(
    flat: FlatVoxels,
    counts: tuple[int, int, int],
    layout: NDArray[np.int64],
    order: tuple[int, int, int],
    walk: FloatArray,
    through: FloatArray,
    projection: int,
    padding: tuple[float, float],
    rescale: tuple[float, float],
    out: NDArray[np.float32],
    first: int,
    last: int,
) -> None:
    """Fill rows with the projection 0 (maximum), 1 (minimum) or 2 (mean) of stored values, then rescaled.

    ``order`` names the crossed axis and both others; ``through``, shape (3,), is the index step from the middle of the
    slab to its end, along increasing index of the crossed axis.
    """
    half = through[order[0]]
    slope = (through[order[1]] / half, through[order[2]] / half)
    is_oblique = abs(slope[0]) > _AT_END or abs(slope[1]) > _AT_END
    for row in range(first, last):
        for column in range(out.shape[1]):
            i = walk[0, 0] + row * walk[2, 0] + column * walk[1, 0]
            j = walk[0, 1] + row * walk[2, 1] + column * walk[1, 1]
            k = walk[0, 2] + row * walk[2, 2] + column * walk[1, 2]
            at = (i, j, k)
            start = (at[order[0]], at[order[1]], at[order[2]])
            lowest = max(math.ceil(start[0] - half - _AT_END), 0)
            highest = min(math.floor(start[0] + half + _AT_END), counts[order[0]] - 1)
            begin, end = math.nan, math.nan
            if projection == 2 or is_oblique:
                begin = valid_sample(flat, counts, padding, i - through[0], j - through[1], k - through[2])
                end = valid_sample(flat, counts, padding, i + through[0], j + through[1], k + through[2])
            if projection == 2:
                value = mean(flat, layout, padding, start, slope, (lowest, highest), (begin, end), half)
            elif lowest <= highest or is_oblique:
                value = extreme(flat, layout, padding, start, slope, (lowest, highest), projection == 0)
                value = further(further(value, begin, projection == 0), end, projection == 0)
            else:
                value = valid_sample(flat, counts, padding, i, j, k)
            out[row, column] = value * rescale[0] + rescale[1]
