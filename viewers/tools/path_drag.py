"""Drawing the path of a curved picture: a press adds a point, or takes hold of one that is near. No widget."""

import math
from dataclasses import dataclass, replace

from viewers.geometry.frame import Vector3
from viewers.identifiers import ViewportId
from viewers.state.curved_look import CurvedLook
from viewers.tools.base import DRAG_THRESHOLD, PointerEvent
from viewers.tools.intents import SetCurve
from viewers.tools.view_plane import PixelPosition, ViewPlane

# The tool of the left button that draws.
PATH = "path"
_REACH = 9.0


@dataclass(frozen=True, slots=True)
class DrawnPath:
    """The path of a curved viewport as other viewports draw it; ``pointed_lps`` is the place that is pointed at."""

    viewport: ViewportId
    curve: CurvedLook
    pointed_lps: Vector3 | None = None


@dataclass(frozen=True, slots=True)
class PathGrasp:
    """What a press does to a path: it takes hold of the point ``index``, or with ``None`` draws a new one."""

    index: int | None


def path_point_at(position: PixelPosition, view: ViewPlane, path: DrawnPath) -> int | None:
    """Return which point of a path lies under the pointer, of those that lie in the picture; the nearest."""
    near = [
        (math.dist(view.to_view(point), position), index)
        for index, point in enumerate(path.curve.points_lps)
        if view.is_near(point)
    ]
    found = min(near, default=(math.inf, 0))
    return found[1] if found[0] <= _REACH else None


def path_grasp_at(event: PointerEvent, path: DrawnPath) -> PathGrasp:
    """Return what a press would do to a path."""
    return PathGrasp(path_point_at(event.position, event.view, path))


@dataclass(frozen=True, slots=True)
class _Drag:
    path: DrawnPath
    index: int
    pressed_at: PixelPosition
    begun: bool = False


class PathDrag:
    """The pointer's work on the path: one point in hand at most."""

    def __init__(self) -> None:
        self._drag: _Drag | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a point is in hand."""
        return self._drag is not None

    def press(self, event: PointerEvent, path: DrawnPath) -> tuple[SetCurve, ...]:
        """Take hold of the point under the pointer, else go on to a new one and hold that."""
        index = path_grasp_at(event, path).index
        if index is not None:
            self._drag = _Drag(path, index, event.position)
            return ()
        points = (*path.curve.points_lps, event.point)
        drawn = path.curve.drawn(points)
        self._drag = _Drag(replace(path, curve=drawn), len(points) - 1, event.position)
        return (SetCurve(path.viewport, drawn),)

    def move(self, event: PointerEvent) -> tuple[SetCurve, ...]:
        """Let the point in hand follow from where it lay, once the pointer has gone past the threshold."""
        drag = self._drag
        if drag is None:
            return ()
        if not drag.begun:
            if math.dist(drag.pressed_at, event.position) < DRAG_THRESHOLD:
                return ()
            self._drag = drag = replace(drag, begun=True)
        points, index = drag.path.curve.points_lps, drag.index
        x, y = event.view.to_view(points[index])
        followed = (x + event.position[0] - drag.pressed_at[0], y + event.position[1] - drag.pressed_at[1])
        point = event.view.put(points[index], followed)
        return (SetCurve(drag.path.viewport, drag.path.curve.drawn((*points[:index], point, *points[index + 1 :]))),)

    def release(self) -> None:
        """Let go."""
        self._drag = None
