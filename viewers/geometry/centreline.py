"""A smooth curve through points in patient space, measured in mm along itself, with directions that do not twist."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from viewers.geometry.frame import FloatArray, Vector3, as_vector, cross, dot, length, scaled, subtracted, unit

# Distance, mm, between the nodes at which a curve is kept; between them it is straight.
_NODE_MM = 0.5
# Parts of one stretch between two points when its length is measured.
_PARTS = 64
# Points nearer to each other than this, mm, are one.
_SAME_MM = 0.01
# What lies downwards at the beginning of a curve, the first that is not along it: the back, else the feet.
_DOWNWARDS: tuple[Vector3, ...] = ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0))
_ALONG_COSINE = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Centreline:
    """A curve as nodes at even distances along it; all arrays have shape (n, 3).

    ``tangents`` are unit vectors onwards; ``downs`` are unit vectors across, which turn about the curve no more than
    it bends (rotation-minimising).
    """

    nodes_lps: FloatArray
    tangents: FloatArray
    downs: FloatArray
    length_mm: float

    @property
    def step_mm(self) -> float:
        """The distance along the curve from one node to the next."""
        return self.length_mm / (len(self.nodes_lps) - 1)

    def point_at(self, along_mm: float) -> Vector3:
        """Return the point ``along_mm`` from the beginning, within the ends."""
        return as_vector(self._between(self.nodes_lps, np.array([along_mm]))[0])

    def tangent_at(self, along_mm: float) -> Vector3:
        """Return the unit vector onwards at a point of the curve."""
        return unit(as_vector(self._between(self.tangents, np.array([along_mm]))[0]))

    def down_at(self, along_mm: float, turned_degrees: float = 0.0) -> Vector3:
        """Return the unit vector across at a point of the curve, turned about the curve."""
        return as_vector(self.frames(np.array([along_mm]), turned_degrees)[1][0])

    def frames(self, along_mm: FloatArray, turned_degrees: float = 0.0) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return points, directions downwards and directions through the picture, each of shape (m, 3).

        Downwards is the vector across turned by ``turned_degrees`` about the curve; through is onwards × downwards.
        """
        points, onwards = self._between(self.nodes_lps, along_mm), self._between(self.tangents, along_mm)
        onwards = onwards / np.linalg.norm(onwards, axis=1)[:, None]
        across = self._between(self.downs, along_mm)
        across = across - (across * onwards).sum(axis=1)[:, None] * onwards
        across = across / np.linalg.norm(across, axis=1)[:, None]
        aside = np.cross(onwards, across)
        angle = math.radians(turned_degrees)
        downwards: FloatArray = math.cos(angle) * across + math.sin(angle) * aside
        through: FloatArray = np.cross(onwards, downwards)
        return points, downwards, through

    def nearest(self, point_lps: Vector3) -> tuple[float, float]:
        """Return how far along the curve the place nearest to a point is, and how far from it the point, in mm."""
        towards = np.array(point_lps) - self.nodes_lps
        index = int(np.argmin(np.linalg.norm(towards, axis=1)))
        beside = float(np.clip(towards[index] @ self.tangents[index], -self.step_mm, self.step_mm))
        along = min(max(index * self.step_mm + beside, 0.0), self.length_mm)
        return along, length(subtracted(point_lps, self.point_at(along)))

    def _between(self, values: FloatArray, along_mm: FloatArray) -> FloatArray:
        places = np.clip(np.asarray(along_mm, dtype=np.float64) / self.step_mm, 0.0, len(values) - 1)
        below = np.minimum(places.astype(np.int64), len(values) - 2)
        weight = (places - below)[:, None]
        between: FloatArray = values[below] + weight * (values[below + 1] - values[below])
        return between


def _distinct(points_lps: Sequence[Vector3]) -> tuple[Vector3, ...]:
    """Return the points without those that repeat the one before."""
    kept: list[Vector3] = []
    for point in points_lps:
        if not kept or length(subtracted(point, kept[-1])) > _SAME_MM:
            kept.append(point)
    return tuple(kept)


@lru_cache(maxsize=16)
def centreline(points_lps: tuple[Vector3, ...]) -> Centreline | None:
    """Return the centripetal Catmull-Rom curve through points; ``None`` where fewer than two differ.

    Moving one point changes the curve between its two neighbours on each side only, and the curve neither overshoots
    nor crosses itself between points of uneven distance. Kept for the paths that were asked for last.
    """
    points = np.array(_distinct(points_lps), dtype=np.float64).reshape(-1, 3)
    if len(points) < 2:
        return None
    knots, speeds = _knots(points), _speeds(points)
    fine = np.concatenate([*(np.linspace(a, b, _PARTS, endpoint=False) for a, b in pairwise(knots)), knots[-1:]])
    travelled = np.concatenate(
        [[0.0], np.cumsum(np.linalg.norm(np.diff(_on(points, knots, speeds, fine), axis=0), axis=1))]
    )
    total = float(travelled[-1])
    count = max(2, math.ceil(total / _NODE_MM) + 1)
    even = np.interp(np.linspace(0.0, total, count), travelled, fine)
    nodes = _on(points, knots, speeds, even)
    tangents = np.gradient(nodes, axis=0)
    tangents = tangents / np.linalg.norm(tangents, axis=1)[:, None]
    return Centreline(nodes, tangents, _untwisted(nodes, tangents), total)


def _knots(points: FloatArray) -> FloatArray:
    """Return the centripetal parameter of each point: it grows by the root of the distance."""
    knots: FloatArray = np.concatenate([[0.0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(points, axis=0), axis=1)))])
    return knots


def _speeds(points: FloatArray) -> FloatArray:
    """Return the derivative at each point: that of the parabola through it and its neighbours, also at the ends."""
    steps = np.diff(_knots(points))[:, None]
    chords = np.diff(points, axis=0) / steps
    if len(points) == 2:
        return np.vstack([chords, chords])
    bends = np.diff(chords, axis=0) / (steps[:-1] + steps[1:])
    return np.vstack(
        [chords[0] - bends[0] * steps[0], chords[:-1] + bends * steps[:-1], chords[-1] + bends[-1] * steps[-1]]
    )


def _on(points: FloatArray, knots: FloatArray, speeds: FloatArray, at: FloatArray) -> FloatArray:
    """Return the curve at parameters: cubic Hermite between two points."""
    below = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
    span = (knots[below + 1] - knots[below])[:, None]
    t = (at - knots[below])[:, None] / span
    from_point = (1.0 + 2.0 * t) * (1.0 - t) ** 2 * points[below] + t * t * (3.0 - 2.0 * t) * points[below + 1]
    from_speed = t * (1.0 - t) ** 2 * speeds[below] - t * t * (1.0 - t) * speeds[below + 1]
    curve: FloatArray = from_point + span * from_speed
    return curve


def _untwisted(nodes: FloatArray, tangents: FloatArray) -> FloatArray:
    """Return directions across by double reflection: each the one before, carried on without a turn about the curve."""
    onwards = [as_vector(tangent) for tangent in tangents]
    places = [as_vector(node) for node in nodes]
    across = _first_down(onwards[0])
    found = [across]
    for (place, tangent), (next_place, next_tangent) in pairwise(zip(places, onwards, strict=True)):
        chord = subtracted(next_place, place)
        mirrored, turned = _mirrored(across, chord), _mirrored(tangent, chord)
        across = _mirrored(mirrored, subtracted(next_tangent, turned))
        found.append(across)
    return np.array(found)


def _mirrored(vector: Vector3, normal: Vector3) -> Vector3:
    size = dot(normal, normal)
    return vector if size == 0.0 else subtracted(vector, scaled(normal, 2.0 * dot(normal, vector) / size))


def _first_down(tangent: Vector3) -> Vector3:
    wanted = next(one for one in _DOWNWARDS if abs(dot(one, tangent)) < _ALONG_COSINE)
    return unit(cross(cross(tangent, wanted), tangent))
