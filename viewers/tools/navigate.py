"""Navigation by dragging: window, pan, zoom, scroll and the shared crosshair.

A drag begins only past a threshold, so that a click never changes the window. Horizontally the window gets wider to
the right; vertically its centre rises downwards, the picture darkens. It keeps what happens between a press and a
release and emits frozen intents; the view state is the application's.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from viewers.image.description import NARROWEST, VoiFunction, Window
from viewers.tools.base import DRAG_THRESHOLD, PointerEvent
from viewers.tools.intents import (
    MoveCrosshair,
    NavigationIntent,
    PanBy,
    ScrollBy,
    SetLayer,
    SetWindow,
    WindowByRegion,
    ZoomBy,
)
from viewers.tools.view_plane import PixelPosition

# Viewport pixels over which the window becomes e times as wide, and its centre moves by one width.
_WINDOW_PIXELS = 256.0
# A window far narrower than usual moves as one of this share of the usual width: it must not stick.
_LEAST_SHARE = 0.02
# A window is far too wide from this many usual widths on.
_HUGE = 8.0
# Viewport pixels over which a layer goes from clear to opaque.
_OPACITY_PIXELS = 256.0
# Viewport pixels over which the zoom becomes e times as large.
_ZOOM_PIXELS = 200.0
# Viewport pixels per slice when scrolling by dragging.
_SLICE_PIXELS = 8.0


class Navigation(StrEnum):
    """What a drag does when it places no mark."""

    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    SCROLL = "scroll"
    CROSSHAIR = "crosshair"
    REGION = "region"
    LAYER = "layer"


@dataclass(frozen=True, slots=True)
class LayerBasis:
    """What a drag on the layer begins from: its window, and its opacity from 0 to 1."""

    window: Window
    opacity: float


@dataclass(frozen=True, slots=True)
class WindowBasis:
    """What a window drag begins from: the window shown, how it is applied, and what width is usual for the values.

    The usual width makes the drag as quick in SUV as in HU, and lets it leave a window that is all but closed.
    """

    window: Window
    function: VoiFunction
    usual_width: float = 0.0
    layer: LayerBasis | None = None


@dataclass(frozen=True, slots=True)
class DragWays:
    """Which way up a drag counts: the level falls downwards unless turned round."""

    is_level_upwards: bool = False


_USUAL_WAYS = DragWays()


@dataclass(frozen=True, slots=True)
class _Drag:
    navigation: Navigation
    basis: WindowBasis | None
    pressed_at: PixelPosition
    last: PixelPosition
    begun: bool
    ways: DragWays


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

    @property
    def box(self) -> tuple[PixelPosition, PixelPosition] | None:
        """The corners of the box being drawn."""
        drag = self._drag
        if drag is None or drag.navigation is not Navigation.REGION or not drag.begun:
            return None
        return drag.pressed_at, drag.last

    def press(
        self,
        event: PointerEvent,
        navigation: Navigation,
        basis: WindowBasis | None,
        ways: DragWays = _USUAL_WAYS,
    ) -> tuple[NavigationIntent, ...]:
        """Begin; the crosshair follows from the press on, the others only past the threshold."""
        begun = navigation is Navigation.CROSSHAIR
        self._drag = _Drag(navigation, basis, event.position, event.position, begun, ways)
        return (MoveCrosshair(event.point),) if begun else ()

    def move(self, event: PointerEvent) -> tuple[NavigationIntent, ...]:
        """Follow the pointer and say what changed since the last event."""
        drag = self._drag
        if drag is None:
            return ()
        if not drag.begun:
            if math.dist(drag.pressed_at, event.position) >= DRAG_THRESHOLD:
                # The drag counts from here, so that nothing jumps by the threshold; a box begins where it was pressed.
                start = drag.pressed_at if drag.navigation is Navigation.REGION else event.position
                self._drag = replace(drag, pressed_at=start, last=event.position, begun=True)
            return ()
        return self._follow(drag, event)

    def _follow(self, drag: _Drag, event: PointerEvent) -> tuple[NavigationIntent, ...]:
        right, down = event.position[0] - drag.last[0], event.position[1] - drag.last[1]
        intents: tuple[NavigationIntent, ...] = ()
        match drag.navigation:
            case Navigation.WINDOW:
                return _window(drag, event)
            case Navigation.LAYER:
                return _layer(drag, event)
            case Navigation.SCROLL:
                return self._scroll(drag, event)
            case Navigation.PAN:
                intents = (PanBy(right, down),)
            case Navigation.ZOOM:
                intents = (ZoomBy(math.exp(-down / _ZOOM_PIXELS), drag.pressed_at),)
            case Navigation.CROSSHAIR:
                intents = (MoveCrosshair(event.point),)
            case Navigation.REGION:
                pass
        self._drag = replace(drag, last=event.position)
        return intents

    def release(self, event: PointerEvent) -> tuple[NavigationIntent, ...]:
        """End; a box that was drawn is what the window is fitted to."""
        box = self.box
        self._drag = None
        return () if box is None else (WindowByRegion(event.view.to_space(box[0]), event.point),)

    def cancel(self) -> None:
        """End, and fit nothing."""
        self._drag = None

    def _scroll(self, drag: _Drag, event: PointerEvent) -> tuple[NavigationIntent, ...]:
        slices = math.trunc((event.position[1] - drag.last[1]) / _SLICE_PIXELS)
        if not slices:
            return ()
        self._drag = replace(drag, last=(drag.last[0], drag.last[1] + slices * _SLICE_PIXELS))
        return (ScrollBy(slices),)


def _window(drag: _Drag, event: PointerEvent) -> tuple[NavigationIntent, ...]:
    if drag.basis is None:
        return ()
    right, down = event.position[0] - drag.pressed_at[0], event.position[1] - drag.pressed_at[1]
    start, usual = drag.basis.window, drag.basis.usual_width
    least = usual * _LEAST_SHARE
    # A window far wider than usual closes twice as fast, and its centre moves as that of a wide one, not in leaps.
    is_huge = 0.0 < usual * _HUGE < start.width
    growth = math.exp(right / _WINDOW_PIXELS * (2.0 if is_huge else 1.0))
    width = max(NARROWEST[drag.basis.function], (start.width + least) * growth - least)
    darker = -down if drag.ways.is_level_upwards else down
    pace = (usual * _HUGE if is_huge else start.width) + least
    return (SetWindow(Window(start.centre + pace * darker / _WINDOW_PIXELS, width)),)


def _layer(drag: _Drag, event: PointerEvent) -> tuple[NavigationIntent, ...]:
    """Return the layer more opaque to the right; upwards the top of its window falls, and its uptake glows."""
    basis = None if drag.basis is None else drag.basis.layer
    if basis is None:
        return ()
    right, down = event.position[0] - drag.pressed_at[0], event.position[1] - drag.pressed_at[1]
    darker = -down if drag.ways.is_level_upwards else down
    low = basis.window.centre - basis.window.width / 2
    width = max(NARROWEST[VoiFunction.LINEAR_EXACT], basis.window.width * math.exp(darker / _WINDOW_PIXELS))
    opacity = min(max(basis.opacity + right / _OPACITY_PIXELS, 0.0), 1.0)
    return (SetLayer(Window(low + width / 2, width), opacity),)
