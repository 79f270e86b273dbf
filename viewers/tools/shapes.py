"""What marks are drawn with on the screen, and what standard objects keep of them; and how most tools move points."""

import math
from dataclasses import dataclass
from enum import StrEnum

from viewers.annotations.model import PointLps
from viewers.geometry.frame import added, scaled
from viewers.tools.view_plane import ViewPlane

Points = tuple[PointLps, ...]
_ROUND_STEPS = 72


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line between two points."""

    start: PointLps
    end: PointLps


@dataclass(frozen=True, slots=True)
class Ellipse:
    """The ellipse ``centre + cos(t) first + sin(t) second``; the half axes are vectors."""

    centre: PointLps
    first: PointLps
    second: PointLps

    def path(self) -> Points:
        """Return points along it; the last is the first."""
        turns = (2 * math.pi * (step % _ROUND_STEPS) / _ROUND_STEPS for step in range(_ROUND_STEPS + 1))
        return tuple(
            added(self.centre, added(scaled(self.first, math.cos(turn)), scaled(self.second, math.sin(turn))))
            for turn in turns
        )


@dataclass(frozen=True, slots=True)
class Path:
    """A line from point to point."""

    points: Points


@dataclass(frozen=True, slots=True)
class ArrowHead:
    """The head of an arrow: its tip, and a point from which it comes. Its size is the painter's, in pixels."""

    tip: PointLps
    origin: PointLps


@dataclass(frozen=True, slots=True)
class Cross:
    """A cross that leaves its middle free. Its size is the painter's, in pixels."""

    middle: PointLps


Shape = Segment | Ellipse | Path | ArrowHead | Cross


def path_of(shape: Shape) -> Points:
    """Return the line that a shape is drawn along, one point where it is drawn about a point."""
    match shape:
        case Segment(start, end):
            return start, end
        case Ellipse():
            return shape.path()
        case Path(points):
            return points
        case ArrowHead(tip, _):
            return (tip,)
        case Cross(middle):
            return (middle,)


class GraphicType(StrEnum):
    """How standard objects keep a shape. Source: PS3.3 C.10.5.1.2, C.18.6.1.2."""

    POINT = "POINT"
    POLYLINE = "POLYLINE"
    ELLIPSE = "ELLIPSE"


@dataclass(frozen=True, slots=True)
class Graphic:
    """A shape as standard objects keep it; ``values`` are the names of those measured on it, none of all of the mark.

    A ``POLYLINE`` that ends where it began is closed; an ``ELLIPSE`` is the ends of its major axis, then of its minor.
    """

    type: GraphicType
    points: Points
    values: tuple[str, ...] = ()


def one_line(points: Points) -> tuple[Graphic, ...]:
    """Keep the points as one open line."""
    return (Graphic(GraphicType.POLYLINE, points),)


def two_ends(anchors: Points, view: ViewPlane) -> Points:
    """Build a mark of two points from the places pointed at."""
    del view
    return anchors[0], anchors[-1]


def move_one(points: Points, handle: int, point: PointLps, view: ViewPlane) -> Points:
    """Drag one handle and leave the others."""
    del view
    return (*points[:handle], point, *points[handle + 1 :])


def as_drawn(points: Points) -> Points:
    """Keep the points as they were drawn."""
    return points
