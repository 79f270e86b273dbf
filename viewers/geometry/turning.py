"""Turning planes about a point: rotations that stay rotations, however many follow each other."""

import math

from viewers.geometry.frame import Vector3, added, cross, dot, length, scaled, subtracted, unit
from viewers.geometry.plane import ImagePlane, Orientation

# Two planes whose normals differ by less than this sine are parallel to the eye: their line would run away.
_PARALLEL_SINE = 1e-3


def rotated(vector: Vector3, axis: Vector3, radians: float) -> Vector3:
    """Return ``vector`` turned about the unit vector ``axis``, right-handed (Rodrigues)."""
    turned = added(scaled(vector, math.cos(radians)), scaled(cross(axis, vector), math.sin(radians)))
    return added(turned, scaled(axis, dot(axis, vector) * (1.0 - math.cos(radians))))


def turned(orientation: Orientation, axis: Vector3, radians: float) -> Orientation:
    """Return an orientation turned about the unit vector ``axis``; its directions are made exact unit vectors again.

    Without that, what rounding leaves in ten thousand turns would add up.
    """
    across = unit(rotated(orientation.row_direction, axis, radians))
    down = rotated(orientation.column_direction, axis, radians)
    return Orientation(across, unit(subtracted(down, scaled(across, dot(across, down)))))


def angle_between(before: Vector3, after: Vector3, axis: Vector3) -> float:
    """Return by how many radians ``before`` turns into ``after`` about the unit vector ``axis``, -π to π.

    Only what lies across the axis counts; 0 where one of them has nothing there.
    """
    return math.atan2(dot(cross(before, after), axis), dot(before, after) - dot(before, axis) * dot(after, axis))


def foot_on(shown: ImagePlane, other: ImagePlane, point_lps: Vector3) -> Vector3 | None:
    """Return the point of both planes that is nearest to where ``point_lps`` falls on ``shown``.

    ``None`` where the planes are parallel.
    """
    dropped = subtracted(point_lps, scaled(shown.normal, shown.distance_mm(point_lps)))
    step = step_towards(shown, other)
    return None if step is None else subtracted(dropped, scaled(step, other.distance_mm(dropped)))


def step_towards(shown: ImagePlane, other: ImagePlane) -> Vector3 | None:
    """Return the way within ``shown``, at right angles to the line of ``other``, on which 1 mm of ``other`` passes.

    The steeper the planes cross, the shorter it is; ``None`` where they are parallel.
    """
    across = subtracted(other.normal, scaled(shown.normal, dot(other.normal, shown.normal)))
    if length(across) < _PARALLEL_SINE:
        return None
    return scaled(across, 1.0 / dot(across, across))


def step_along(shown: ImagePlane, other: ImagePlane, third: ImagePlane) -> Vector3 | None:
    """Return the way within ``shown`` and ``third``, on which 1 mm of ``other`` passes.

    A point moved on it takes ``other`` along and leaves ``shown`` and ``third`` where they are. ``None`` where no
    such way leads out of ``other``.
    """
    way = cross(shown.normal, third.normal)
    if length(way) < _PARALLEL_SINE or abs(dot(unit(way), other.normal)) < _PARALLEL_SINE:
        return None
    return scaled(way, 1.0 / dot(way, other.normal))
