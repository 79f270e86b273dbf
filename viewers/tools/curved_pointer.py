"""The pointer over a curved picture: turning it, telling lengths along the path, moving and zooming. No widget."""

import math
from dataclasses import dataclass, replace

from viewers.geometry.frame import Vector3
from viewers.identifiers import ViewportId
from viewers.state.curved_look import CurvedLook
from viewers.tools.base import DRAG_THRESHOLD, Button
from viewers.tools.intents import Intent, MoveCrosshair, PanBy, SetCurve, ZoomBy
from viewers.tools.length import LENGTH_TOOL
from viewers.tools.navigate import Navigation
from viewers.tools.pointer import ActiveTool
from viewers.tools.registry import TOOLS
from viewers.tools.view_plane import PixelPosition

_DEGREES_PER_PIXEL = 0.5
_ZOOM_PIXELS = 200.0


@dataclass(frozen=True, slots=True)
class PathPlace:
    """Where the pointer is: in the viewport, along the path, and in the patient unless beyond the ends."""

    position: PixelPosition
    along_mm: float | None
    point_lps: Vector3 | None


@dataclass(frozen=True, slots=True)
class _Press:
    at: PathPlace
    last: PixelPosition
    button: Button
    curve: CurvedLook
    has_dragged: bool = False


class CurvedPointer:
    """What happens between a press and a release. ``is_refused`` after a press with a tool that has no meaning here."""

    def __init__(self, viewport: ViewportId) -> None:
        self._viewport = viewport
        self._press: _Press | None = None
        self.tool: ActiveTool = Navigation.WINDOW
        self.is_refused = False

    @property
    def is_busy(self) -> bool:
        """Whether a button is held."""
        return self._press is not None

    def press(self, place: PathPlace, button: Button, curve: CurvedLook) -> tuple[Intent, ...]:
        """Begin; while a button is held, the others do nothing."""
        if self._press is not None and button is not self._press.button:
            return ()
        self.is_refused = button is Button.LEFT and self.tool in TOOLS and self.tool != LENGTH_TOOL.id
        if button is Button.NONE or self.is_refused:
            return ()
        self._press = _Press(place, place.position, button, curve)
        if button is Button.LEFT and self.tool is Navigation.CROSSHAIR and place.point_lps is not None:
            return (MoveCrosshair(place.point_lps),)
        return ()

    def move(self, place: PathPlace) -> tuple[Intent, ...]:
        """Follow the pointer and say what changed since the last event."""
        press = self._press
        if press is None:
            return ()
        if not press.has_dragged:
            if math.dist(press.last, place.position) < DRAG_THRESHOLD:
                return ()
            press = replace(press, has_dragged=True)
        right, down = place.position[0] - press.last[0], place.position[1] - press.last[1]
        self._press = replace(press, last=place.position)
        if press.button is Button.MIDDLE:
            return (PanBy(right, down),)
        if press.button is Button.RIGHT:
            return (ZoomBy(math.exp(-down / _ZOOM_PIXELS), press.at.position),)
        return self._left(press, place)

    def release(self, button: Button) -> bool:
        """End the drag of the button that began it; return whether it was a click."""
        press = self._press
        if press is None or button is not press.button:
            return False
        self._press = None
        return not press.has_dragged

    def _left(self, press: _Press, place: PathPlace) -> tuple[Intent, ...]:
        if self.tool is Navigation.CROSSHAIR:
            return () if place.point_lps is None else (MoveCrosshair(place.point_lps),)
        if self.tool == LENGTH_TOOL.id:
            start, end = press.at.along_mm, place.along_mm
            span = None if start is None or end is None else (start, end)
            return (SetCurve(self._viewport, replace(press.curve, span_mm=span, pointed_mm=end)),)
        degrees = (place.position[1] - press.at.position[1]) * _DEGREES_PER_PIXEL
        return (SetCurve(self._viewport, press.curve.turned(degrees)),)
