"""Closed outlines of straight pieces: their plane, their area, whether they meet themselves, and what to cut off."""

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
# Doublings of the step of a grid across an outline: far finer than any screen, and sums of two products fit 64 bits.
_GRID_BITS = 28


def area_vector(points: tuple[PointLps, ...]) -> Vector3:
    """Return the normal of a flat outline, as long as the outline is large. Source: Newell's method."""
    total = _ORIGIN
    first = points[0]
    for start, end in itertools.pairwise(points[1:]):
        total = added(total, cross(subtracted(start, first), subtracted(end, first)))
    return scaled(total, 0.5)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two pieces of an outline that meet, by the index of their first points, and where."""

    before: int
    after: int
    at: PointLps


def crossing(points: tuple[PointLps, ...]) -> Crossing | None:
    """Return where a flat outline crosses or touches itself: the widest apart of such places, ``None`` without one."""
    steps = _on_grid(points)
    ways = np.roll(steps, -1, axis=0) - steps
    # Points in one place are one corner: the piece that leaves it is that of the last of them.
    pieces = np.flatnonzero(ways.any(axis=1))
    if len(pieces) < 4:
        return None
    steps, ways = steps[pieces], ways[pieces]
    before, after = np.nonzero(np.triu(_meeting(steps, ways), 2))
    if before.size == 0:
        return None
    widest = int(np.argmax(pieces[after] - pieces[before]))
    i, j = before[widest], after[widest]
    first, second = int(pieces[i]), int(pieces[j])
    step = subtracted(points[(first + 1) % len(points)], points[first])
    along = _along(ways[i], ways[j], steps[j] - steps[i])
    return Crossing(first, second, added(points[first], scaled(step, along)))


def trimmed(points: tuple[PointLps, ...]) -> tuple[PointLps, ...]:
    """Cut off the ends of an outline that was drawn past its start, so that it closes where it met itself."""
    met = crossing(points)
    if met is None or len(points) - (met.after - met.before) > _LOOSE_ENDS * len(points):
        return points
    return (met.at, *points[met.before + 1 : met.after + 1])


def _meeting(starts: NDArray[np.int64], ways: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which pieces have a point in common with which, shape (n, n); the last and the first always have one."""
    ends = np.roll(starts, -1, axis=0)
    side = np.sign(_crossed(ways[np.newaxis], starts[:, np.newaxis] - starts[np.newaxis]))
    parted = side * np.roll(side, -1, axis=0) <= 0
    low, high = np.minimum(starts, ends), np.maximum(starts, ends)
    reached = (low[:, np.newaxis] <= high[np.newaxis]).all(axis=2)
    met = parted & parted.T & reached & reached.T
    met[0, -1] = False
    return np.asarray(met)


def _along(way: NDArray[np.int64], other: NDArray[np.int64], between: NDArray[np.int64]) -> float:
    """Return how far along the first of two pieces that meet the second is met, as a part of it from 0 to 1."""
    spread = int(_crossed(way, other))
    part = int(_crossed(between, other)) / spread if spread else int(between @ way) / int(way @ way)
    return min(max(part, 0.0), 1.0)


def _on_grid(points: tuple[PointLps, ...]) -> NDArray[np.int64]:
    """Return the points in whole steps of a grid in their plane, shape (n, 2), on which no reckoning rounds."""
    flat = _flat(points)
    flat -= flat.min(axis=0)
    _, doublings = np.frexp(flat.max())
    return np.asarray(np.rint(np.ldexp(flat, _GRID_BITS - doublings)), np.int64)


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


def _crossed(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
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
