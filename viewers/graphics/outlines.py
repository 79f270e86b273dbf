"""Circles and ellipses, as standard objects give them, to outlines of points."""

import math

from viewers.geometry.frame import Vector3, added, scaled, subtracted

_STEPS = 72


def circle(centre: Vector3, rim: Vector3) -> tuple[Vector3, ...]:
    """Return the outline of a circle in the plane of columns and rows. Source: PS3.3 C.18.6.1.2."""
    radius = math.dist(centre, rim)
    return _round(centre, (radius, 0.0, 0.0), (0.0, radius, 0.0))


def ellipse(points: tuple[Vector3, ...]) -> tuple[Vector3, ...]:
    """Return the outline of an ellipse given by the ends of its major axis, then of its minor axis.

    Source: PS3.3 C.18.6.1.2, C.18.9.1.2.
    """
    middle = scaled(added(points[0], points[1]), 0.5)
    return _round(middle, subtracted(points[1], middle), subtracted(points[3], middle))


def ellipsoid(points: tuple[Vector3, ...]) -> tuple[tuple[Vector3, ...], ...]:
    """Return the three outlines of an ellipsoid in the planes of its axes, given by their six ends."""
    first, second, third = (points[0:2], points[2:4], points[4:6])
    return tuple(ellipse((*a, *b)) for a, b in ((first, second), (second, third), (first, third)))


def _round(centre: Vector3, a: Vector3, b: Vector3) -> tuple[Vector3, ...]:
    turns = (2.0 * math.pi * step / _STEPS for step in range(_STEPS))
    return tuple(added(centre, added(scaled(a, math.cos(turn)), scaled(b, math.sin(turn)))) for turn in turns)
