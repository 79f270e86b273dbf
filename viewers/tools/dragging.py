"""A mark that is being moved by a handle or whole: pure, each pointer event gives the next state of it."""

import math
from dataclasses import dataclass, replace

from viewers.annotations.model import Annotation, PointLps
from viewers.geometry.frame import added, subtracted
from viewers.tools.base import DRAG_THRESHOLD, PointerEvent
from viewers.tools.registry import TOOLS
from viewers.tools.shapes import Points
from viewers.tools.snap import SnapTargets, snapped
from viewers.tools.view_plane import PixelPosition


@dataclass(frozen=True, slots=True)
class Dragging:
    """A mark in hand, by one of its points or, where ``handle`` is ``None``, whole."""

    before: Annotation
    handle: int | None
    start: PointLps
    pressed_at: PixelPosition
    after: Annotation

    def moved(self, event: PointerEvent, targets: SnapTargets) -> "Dragging":
        """Follow the pointer; less than a drag moves nothing."""
        return replace(self, after=replace(self.before, points_lps=self._points(event, targets)))

    @property
    def has_moved(self) -> bool:
        """Whether it is elsewhere than it was."""
        return self.after.points_lps != self.before.points_lps

    def _points(self, event: PointerEvent, targets: SnapTargets) -> Points:
        points = self.before.points_lps
        if math.dist(self.pressed_at, event.position) < DRAG_THRESHOLD:
            return points
        if self.handle is None:
            step = subtracted(event.point, self.start)
            return tuple(added(point, step) for point in points)
        x, y = event.view.to_view(points[self.handle])
        followed = (x + event.position[0] - self.pressed_at[0], y + event.position[1] - self.pressed_at[1])
        at = snapped(replace(event, position=followed), self._others(points, self.handle), targets)
        point = event.view.put(points[self.handle], at.position)
        return TOOLS[self.before.tool].drag(points, self.handle, point, event.view)

    def _others(self, points: Points, handle: int) -> Points:
        """Return the point at the other end of the line that the handle ends."""
        other = handle ^ 1 if handle ^ 1 < len(points) else handle - 1
        return (points[other],) if other >= 0 else ()
