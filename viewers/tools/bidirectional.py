"""The long axis of a lesion and the short axis at a right angle to it, as response criteria (RECIST) want them.

The points are the ends of the long axis, then of the short one. All work is done on the screen, where a right angle is
one whatever the pixels; points keep their depth.
"""

import math

from viewers.annotations.measure import two_axes
from viewers.annotations.model import PointLps
from viewers.tools.base import ToolSpec
from viewers.tools.shapes import Graphic, GraphicType, Points, Segment, Shape
from viewers.tools.view_plane import PixelPosition, ViewPlane

# A short axis of less, in viewport pixels to each side, has not been drawn.
_LEAST = 4.0


def both_axes(anchors: Points, view: ViewPlane) -> Points:
    """Build the long axis from two places, then the short one across it as far as the third, to both sides."""
    start, end = anchors[0], anchors[1] if len(anchors) > 1 else anchors[0]
    long = _Axis.through(view.to_view(start), view.to_view(end))
    along, away = (0.5, 0.0) if len(anchors) < 3 else long.place(view.to_view(anchors[2]))
    if abs(away) < _LEAST:
        along, away = 0.5, 0.0
    return start, end, view.to_space(long.at(along, -abs(away))), view.to_space(long.at(along, abs(away)))


def drag_end(points: Points, handle: int, point: PointLps, view: ViewPlane) -> Points:
    """Drag one end.

    With an end of the long axis the short one turns and stays at its share of the way; an end of the short axis takes
    it along the long one, and the other end keeps its distance. A long axis of no length gives no direction: the mark
    stays as it is.
    """
    shown = [view.to_view(one) for one in points]
    long = _Axis.through(shown[0], shown[1])
    along, away = long.place(shown[2])
    opposite = long.place(shown[3])[1]
    if handle < 2:
        shown[handle] = view.to_view(point)
        if math.dist(shown[0], shown[1]) < _LEAST:
            return points
        long = _Axis.through(shown[0], shown[1])
    elif handle == 2:
        along, away = long.place(view.to_view(point))
    else:
        along, opposite = long.place(view.to_view(point))
    shown[2], shown[3] = long.at(along, away), long.at(along, opposite)
    moved = tuple(view.put(one, position) for one, position in zip(points, shown, strict=True))
    return (*moved[:handle], point, *moved[handle + 1 :])


def longer_first(points: Points) -> Points:
    """Put the longer axis first."""
    return (*points[2:], *points[:2]) if math.dist(*points[:2]) < math.dist(*points[2:]) else points


def axes(points: Points) -> tuple[Shape, ...]:
    """Draw both axes."""
    return Segment(points[0], points[1]), Segment(points[2], points[3])


def two_lines(points: Points) -> tuple[Graphic, ...]:
    """Keep both axes, each with its own value."""
    ends = longer_first(points)
    return (
        Graphic(GraphicType.POLYLINE, ends[:2], ("long_axis",)),
        Graphic(GraphicType.POLYLINE, ends[2:], ("short_axis",)),
    )


class _Axis:
    """A line on the screen: where a position lies along it, in parts of its length, and beside it, in pixels."""

    def __init__(self, start: PixelPosition, across: float, down: float) -> None:
        self._start = start
        self._across, self._down = across, down
        self._length = math.hypot(across, down) or 1.0

    @classmethod
    def through(cls, start: PixelPosition, end: PixelPosition) -> "_Axis":
        return cls(start, end[0] - start[0], end[1] - start[1])

    def place(self, position: PixelPosition) -> tuple[float, float]:
        x, y = position[0] - self._start[0], position[1] - self._start[1]
        along = (x * self._across + y * self._down) / self._length**2
        return along, (y * self._across - x * self._down) / self._length

    def at(self, along: float, away: float) -> PixelPosition:
        part = away / self._length
        return (
            self._start[0] + along * self._across - part * self._down,
            self._start[1] + along * self._down + part * self._across,
        )


BIDIRECTIONAL_TOOL = ToolSpec(
    id="bidirectional",
    anchors=3,
    counts=range(4, 5),
    build=both_axes,
    drag=drag_end,
    settle=longer_first,
    shapes=axes,
    graphics=two_lines,
    measure=two_axes,
    values=("long_axis", "short_axis"),
)
