"""Closed outlines of straight pieces: their plane, their area, whether they cross themselves, and what to cut off."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.annotations.model import PointLps
from viewers.geometry.frame import Vector3, added, cross, length, scaled, subtracted

_ORIGIN: Vector3 = (0.0, 0.0, 0.0)
# Of the whole way round: an outline that meets itself this near to its ends was only drawn past its start.
_LOOSE_ENDS = 0.25
# Pixels. A centre on the outline is inside on every side of it, whatever the last bits of its coordinates.
_NEAR = 1e-6


def area_vector(points: tuple[PointLps, ...]) -> Vector3:
    """Return the normal of a flat outline, as long as the outline is large. Source: Newell's method."""
    total = _ORIGIN
    first = points[0]
    for start, end in itertools.pairwise(points[1:]):
        total = added(total, cross(subtracted(start, first), subtracted(end, first)))
    return scaled(total, 0.5)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two pieces of an outline that cross, by the index of their first points, and where."""

    before: int
    after: int
    at: PointLps


def crossing(points: tuple[PointLps, ...]) -> Crossing | None:
    """Return where a flat outline crosses itself: the widest apart of its crossings, ``None`` where there is none."""
    flat = _flat(points)
    if len(flat) < 4:
        return None
    starts, ends = flat, np.roll(flat, -1, axis=0)
    ways = ends - starts
    between = starts[np.newaxis, :, :] - starts[:, np.newaxis, :]
    spread = _crossed(ways[:, np.newaxis, :], ways[np.newaxis, :, :])
    with np.errstate(divide="ignore", invalid="ignore"):
        along = _crossed(between, ways[np.newaxis, :, :]) / spread
        other = _crossed(between, ways[:, np.newaxis, :]) / spread
    met = (along > 0.0) & (along < 1.0) & (other > 0.0) & (other < 1.0)
    before, after = np.nonzero(np.triu(met, 2))
    if before.size == 0:
        return None
    widest = int(np.argmax(after - before))
    i, j = int(before[widest]), int(after[widest])
    step = subtracted(points[(i + 1) % len(points)], points[i])
    return Crossing(i, j, added(points[i], scaled(step, float(along[i, j]))))


def trimmed(points: tuple[PointLps, ...]) -> tuple[PointLps, ...]:
    """Cut off the ends of an outline that was drawn past its start, so that it closes where it met itself."""
    met = crossing(points)
    if met is None or len(points) - (met.after - met.before) > _LOOSE_ENDS * len(points):
        return points
    return (met.at, *points[met.before + 1 : met.after + 1])


def _flat(points: tuple[PointLps, ...]) -> NDArray[np.float64]:
    """Return the points in two coordinates of their plane, shape (n, 2): those along which it is seen the largest."""
    normal = area_vector(points)
    if not length(normal):
        normal = (0.0, 0.0, 1.0) if not any(point[2] - points[0][2] for point in points) else _any_normal(points)
    away = max(range(3), key=lambda axis: abs(normal[axis]))
    kept = [axis for axis in range(3) if axis != away]
    return np.array(points, dtype=np.float64)[:, kept]


def _any_normal(points: tuple[PointLps, ...]) -> Vector3:
    """Return the normal of an outline whose parts turn one way as much as the other."""
    first = points[0]
    turns = [cross(subtracted(one, first), subtracted(other, first)) for one, other in itertools.pairwise(points[1:])]
    return max(turns, key=length, default=_ORIGIN)


def _crossed(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def inside_rows(points: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return which of the pixel centres (0, 0) to ``shape`` - 1 lie in a flat outline or on it, shape ``shape``.

    ``points`` are (column, row), shape (n, 2).
    """
    whole = np.round(points)
    starts = np.where(np.abs(points - whole) <= _NEAR, whole, points)
    ends = np.roll(starts, -1, axis=0)
    low, high = np.minimum(starts[:, 1], ends[:, 1]), np.maximum(starts[:, 1], ends[:, 1])
    steps = np.zeros((shape[0], shape[1] + 1), np.int16)
    # A centre on the upper end of a piece counts in one convention, on the lower end in the other: both are inside.
    for first, last in ((np.ceil(low), np.ceil(high) - 1), (np.floor(low) + 1, np.floor(high))):
        row, across = _crossed_rows(starts, ends, np.maximum(first, 0), np.minimum(last, shape[0] - 1))
        order = np.lexsort((across, row))
        row, across = row[order][::2], across[order]
        left = np.clip(np.ceil(across[::2] - _NEAR).astype(np.int64), 0, shape[1])
        right = np.clip(np.floor(across[1::2] + _NEAR).astype(np.int64) + 1, 0, shape[1])
        holds = left < right
        np.add.at(steps, (row[holds], left[holds]), 1)
        np.add.at(steps, (row[holds], right[holds]), -1)
    return np.asarray(np.cumsum(steps[:, :-1], axis=1) > 0)


def _crossed_rows(
    starts: NDArray[np.float64], ends: NDArray[np.float64], first: NDArray[np.float64], last: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return every row that a piece crosses from ``first`` to ``last``, and the column where it does."""
    counts = np.maximum(last - first + 1, 0).astype(np.int64)
    piece = np.repeat(np.arange(len(starts)), counts)
    row = first[piece] + np.arange(len(piece)) - np.repeat(np.cumsum(counts) - counts, counts)
    way = ends - starts
    part = (row - starts[piece, 1]) / way[piece, 1]
    return row.astype(np.int64), starts[piece, 0] + part * way[piece, 0]
