"""The statistics inside an outline that is drawn round by hand, or set corner by corner."""

import math

from viewers.annotations.model import PointLps
from viewers.annotations.outline import trimmed
from viewers.annotations.statistics import outline_statistics
from viewers.geometry.frame import added, scaled, subtracted
from viewers.tools.base import MOST_POINTS, Gesture, ToolSpec
from viewers.tools.shapes import Graphic, GraphicType, Path, Points, Shape, as_drawn
from viewers.tools.view_plane import ViewPlane

_FEWEST = 3
# An outline of more points is taken hold of at so many of them, so that there is room between to move it whole.
_MOST_HANDLES = 8


def outline(anchors: Points, view: ViewPlane) -> Points:
    """Build the outline through all places pointed at."""
    del view
    return (*anchors, *(anchors[-1],) * (_FEWEST - len(anchors)))


def some_points(points: Points) -> tuple[int, ...]:
    """Take every point as a handle, or as many as leave room between them."""
    count = len(points)
    if count <= _MOST_HANDLES:
        return tuple(range(count))
    return tuple(round(count * handle / _MOST_HANDLES) for handle in range(_MOST_HANDLES))


def drag_smoothly(points: Points, handle: int, point: PointLps, view: ViewPlane) -> Points:
    """Drag one handle; the points on both sides follow the less the nearer they are to the next handles."""
    del view
    count, step = len(points), subtracted(point, points[handle])
    reach = max(1, count // _MOST_HANDLES) if count > _MOST_HANDLES else 1

    def moved(index: int, one: PointLps) -> PointLps:
        away = min((index - handle) % count, (handle - index) % count)
        if away == 0:
            return point
        return one if away >= reach else added(one, scaled(step, (1.0 + math.cos(math.pi * away / reach)) / 2))

    return tuple(moved(index, one) for index, one in enumerate(points))


def closed(points: Points) -> tuple[Shape, ...]:
    """Draw the outline back to its first point."""
    return (Path((*points, points[0])),)


def closed_line(points: Points) -> tuple[Graphic, ...]:
    """Keep the outline as a line that ends where it began."""
    return (Graphic(GraphicType.POLYLINE, (*points, points[0])),)


FREEHAND_TOOL = ToolSpec(
    id="freehand",
    anchors=_FEWEST,
    counts=range(_FEWEST, MOST_POINTS + 1),
    build=outline,
    drag=drag_smoothly,
    settle=as_drawn,
    shapes=closed,
    graphics=closed_line,
    measure=outline_statistics,
    values=("mean", "standard_deviation", "minimum", "maximum", "area"),
    finish=trimmed,
    gesture=Gesture.OUTLINE,
    handles=some_points,
)
