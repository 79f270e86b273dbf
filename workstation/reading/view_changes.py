"""What an intent of the pointer makes of a view state: pure functions."""

from dataclasses import replace

from viewers.image.volume import Volume
from viewers.state.resolved import ResolvedView
from viewers.state.scroll import scrolled
from viewers.state.view_state import ViewState
from viewers.tools.intents import MoveCrosshair, NavigationIntent, PanBy, ScrollBy, SetWindow, ZoomBy

_SMALLEST_ZOOM, _LARGEST_ZOOM = 0.1, 40.0


def after(state: ViewState, intent: NavigationIntent, volume: Volume, shown: ResolvedView) -> ViewState:
    """Return the state after ``intent``; ``shown`` is what the viewport shows now."""
    match intent:
        case SetWindow(window):
            return replace(state, window=window)
        case PanBy(right, down):
            across, along = _mm_per_pixel(shown)
            return replace(state, pan=(state.pan[0] + right * across, state.pan[1] + down * along))
        case ZoomBy(factor, anchor):
            return _zoomed(state, factor, anchor, shown)
        case ScrollBy(slices):
            return scrolled(state, volume, slices)
        case MoveCrosshair(point):
            return replace(state, centre_lps=point)


def _mm_per_pixel(shown: ResolvedView) -> tuple[float, float]:
    return shown.plane.spacing_mm, shown.plane.spacing_mm * shown.plane.aspect


def _zoomed(state: ViewState, factor: float, anchor: tuple[float, float], shown: ResolvedView) -> ViewState:
    zoom = min(max(state.zoom * factor, _SMALLEST_ZOOM), _LARGEST_ZOOM)
    shrinking = state.zoom / zoom - 1.0
    across, along = _mm_per_pixel(shown)
    right = (anchor[0] - (shown.plane.width - 1) / 2) * across * shrinking
    down = (anchor[1] - (shown.plane.height - 1) / 2) * along * shrinking
    return replace(state, zoom=zoom, pan=(state.pan[0] + right, state.pan[1] + down))
