"""Drawing the path of a curved picture: a press adds a point, or takes hold of one that is near. No widget."""

import math
from dataclasses import dataclass

from viewers.geometry.frame import Vector3
from viewers.identifiers import ViewportId
from viewers.state.curved_look import CurvedLook
from viewers.tools.base import PointerEvent
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


def path_point_at(position: PixelPosition, view: ViewPlane, path: DrawnPath) -> int | None:
    """Return which point of a path lies under the pointer, of those that lie in the picture; the nearest."""
    near = [
        (math.dist(view.to_view(point), position), index)
        for index, point in enumerate(path.curve.points_lps)
        if view.is_near(point)
    ]
    found = min(near, default=(math.inf, 0))
    return found[1] if found[0] <= _REACH else None


class PathDrag:
    """The pointer's work on the path: one point in hand at most."""

    def __init__(self) -> None:
        self._held: tuple[DrawnPath, int] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a point is in hand."""
        return self._held is not None

    def press(self, event: PointerEvent, path: DrawnPath) -> tuple[SetCurve, ...]:
        """Take hold of the point under the pointer, else go on to a new one and hold that."""
        index = path_point_at(event.position, event.view, path)
        if index is not None:
            self._held = (path, index)
            return ()
        points = (*path.curve.points_lps, event.point)
        self._held = (DrawnPath(path.viewport, path.curve.drawn(points)), len(points) - 1)
        return (SetCurve(path.viewport, path.curve.drawn(points)),)

    def move(self, event: PointerEvent) -> tuple[SetCurve, ...]:
        """Let the point in hand follow."""
        if self._held is None:
            return ()
        path, index = self._held
        points = path.curve.points_lps
        return (SetCurve(path.viewport, path.curve.drawn((*points[:index], event.point, *points[index + 1 :]))),)

    def release(self) -> None:
        """Let go."""
        self._held = None
