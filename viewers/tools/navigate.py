"""Navigation by dragging: window, pan, zoom, scroll and the shared crosshair.

A drag begins only past a threshold, so that a click never changes the window. Horizontally the window gets wider to
the right; vertically its centre rises downwards, the picture darkens. It keeps what happens between a press and a
release and emits frozen intents; the view state is the application's.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from viewers.image.description import VoiFunction, Window
from viewers.tools.base import DRAG_THRESHOLD, PointerEvent
from viewers.tools.intents import MoveCrosshair, NavigationIntent, PanBy, ScrollBy, SetWindow, ZoomBy
from viewers.tools.view_plane import PixelPosition

# Viewport pixels over which the window becomes e times as wide, and its centre moves by one width.
_WINDOW_PIXELS = 256.0
# Viewport pixels over which the zoom becomes e times as large.
_ZOOM_PIXELS = 200.0
# Viewport pixels per slice when scrolling by dragging.
_SLICE_PIXELS = 8.0
# The narrowest window. Source: PS3.3 C.11.2.1.2.1: LINEAR needs at least 1; LINEAR_EXACT and SIGMOID more than 0.
_NARROWEST = {VoiFunction.LINEAR: 1.0, VoiFunction.LINEAR_EXACT: 1e-6, VoiFunction.SIGMOID: 1e-6}


class Navigation(StrEnum):
    """What a drag does when it places no mark."""

    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    SCROLL = "scroll"
    CROSSHAIR = "crosshair"


@dataclass(frozen=True, slots=True)
class WindowBasis:
    """What a window drag begins from: the window shown and how it is applied."""

    window: Window
    function: VoiFunction


@dataclass(frozen=True, slots=True)
class _Drag:
    navigation: Navigation
    basis: WindowBasis | None
    pressed_at: PixelPosition
    last: PixelPosition
    begun: bool


class Navigator:
    """The pointer's work on the view in one viewport."""

    def __init__(self) -> None:
        self._drag: _Drag | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a button is held for navigation."""
        return self._drag is not None

    @property
    def has_dragged(self) -> bool:
        """Whether the pointer went past the threshold since the press: then a release is no click."""
        return self._drag is not None and self._drag.begun

    def press(
        self, event: PointerEvent, navigation: Navigation, basis: WindowBasis | None
    ) -> tuple[NavigationIntent, ...]:
        """Begin; the crosshair follows from the press on, the others only past the threshold."""
        begun = navigation is Navigation.CROSSHAIR
        self._drag = _Drag(navigation, basis, event.position, event.position, begun)
        return (MoveCrosshair(event.point),) if begun else ()

    def move(self, event: PointerEvent) -> tuple[NavigationIntent, ...]:
        """Follow the pointer and say what changed since the last event."""
        drag = self._drag
        if drag is None:
            return ()
        if not drag.begun:
            if math.dist(drag.pressed_at, event.position) >= DRAG_THRESHOLD:
                # The drag counts from here, so that nothing jumps by the threshold.
                self._drag = replace(drag, pressed_at=event.position, last=event.position, begun=True)
            return ()
        right, down = event.position[0] - drag.last[0], event.position[1] - drag.last[1]
        match drag.navigation:
            case Navigation.WINDOW:
                return self._window(drag, event)
            case Navigation.SCROLL:
                return self._scroll(drag, event)
            case Navigation.PAN:
                intent: NavigationIntent = PanBy(right, down)
            case Navigation.ZOOM:
                intent = ZoomBy(math.exp(-down / _ZOOM_PIXELS), drag.pressed_at)
            case Navigation.CROSSHAIR:
                intent = MoveCrosshair(event.point)
        self._drag = replace(drag, last=event.position)
        return (intent,)

    def release(self) -> None:
        """End."""
        self._drag = None

    def _window(self, drag: _Drag, event: PointerEvent) -> tuple[NavigationIntent, ...]:
        if drag.basis is None:
            return ()
        right, down = event.position[0] - drag.pressed_at[0], event.position[1] - drag.pressed_at[1]
        start = drag.basis.window
        width = max(_NARROWEST[drag.basis.function], start.width * math.exp(right / _WINDOW_PIXELS))
        return (SetWindow(Window(start.centre + start.width * down / _WINDOW_PIXELS, width)),)

    def _scroll(self, drag: _Drag, event: PointerEvent) -> tuple[NavigationIntent, ...]:
        slices = math.trunc((event.position[1] - drag.last[1]) / _SLICE_PIXELS)
        if not slices:
            return ()
        self._drag = replace(drag, last=(drag.last[0], drag.last[1] + slices * _SLICE_PIXELS))
        return (ScrollBy(slices),)
