"""What an intent of navigation makes of a view state: pure, for whoever holds the states."""

from dataclasses import replace

from viewers.image.volume import Volume
from viewers.state.kinds.registry import KINDS
from viewers.state.region_window import region_window
from viewers.state.resolved import ResolvedView
from viewers.state.scroll import scrolled
from viewers.state.turning import turned_to
from viewers.state.view_state import ViewState
from viewers.tools.intents import (
    MoveCrosshair,
    NavigationIntent,
    PanBy,
    ScrollBy,
    ScrollTo,
    SetCurve,
    SetLayer,
    SetLook,
    SetSlab,
    SetWindow,
    TurnPlane,
    WindowByRegion,
    ZoomBy,
)

_ZOOM_RANGE = (0.1, 50.0)

_Presenting = SetWindow | WindowByRegion | SetLayer | TurnPlane | SetSlab | SetLook | SetCurve


def navigated(
    state: ViewState, resolved: ResolvedView, volume: Volume, intent: NavigationIntent, device_pixel_ratio: float = 1.0
) -> ViewState:
    """Return the state, of the viewport that the intent is about, after it.

    ``resolved`` is what that viewport shows; ``device_pixel_ratio`` is the device pixels per logical
    pixel of its viewport, because the pointer moves in logical pixels and views are resolved in device pixels.

    Raises
    ------
    RegionRefused
        A window was to be fitted to a box that holds no value.
    """
    match intent:
        case PanBy(right, down):
            return _panned(state, resolved, (right * device_pixel_ratio, down * device_pixel_ratio))
        case ZoomBy(factor, anchor):
            return _zoomed(state, resolved, factor, (anchor[0] * device_pixel_ratio, anchor[1] * device_pixel_ratio))
        case ScrollBy(slices):
            return scrolled(state, volume, slices)
        case ScrollTo(wanted):
            # The steps that a picture is numbered by are those of the voxels, whatever the reader's.
            gone = scrolled(replace(state, step_mm=None), volume, wanted + 1 - resolved.corners.slice_number)
            return replace(gone, step_mm=state.step_mm)
        case MoveCrosshair(point):
            return KINDS[state.kind].through(state, volume, point) if volume.is_spatial else state
        case _:
            return _presented(state, resolved, volume, intent)


def _presented(state: ViewState, resolved: ResolvedView, volume: Volume, intent: _Presenting) -> ViewState:
    match intent:
        case SetLayer(window, opacity):
            layer = state.fused
            return state if layer is None else replace(state, fused=replace(layer, window=window, opacity=opacity))
        case SetWindow(window):
            return replace(state, window=window)
        case WindowByRegion(first, second):
            return replace(state, window=region_window(volume, resolved, first, second))
        case TurnPlane(_, orientation):
            return turned_to(state, volume, resolved, orientation)
        case SetSlab(_, slab):
            return replace(state, slab=slab) if KINDS[state.kind].is_slab else state
        case SetCurve(_, curve):
            return replace(state, curve=curve)
        case SetLook(look):
            return replace(state, look=look)


def _panned(state: ViewState, resolved: ResolvedView, device_pixels: tuple[float, float]) -> ViewState:
    plane = resolved.plane
    across, down = plane.spacing_mm, plane.spacing_mm * plane.aspect
    return replace(state, pan=(state.pan[0] + device_pixels[0] * across, state.pan[1] + device_pixels[1] * down))


def _zoomed(state: ViewState, resolved: ResolvedView, factor: float, anchor: tuple[float, float]) -> ViewState:
    zoom = min(_ZOOM_RANGE[1], max(_ZOOM_RANGE[0], state.zoom * factor))
    shrunk = 1.0 - state.zoom / zoom
    # Zooming is about the middle; what lies under the anchor is brought back by so much.
    from_middle = (anchor[0] - resolved.plane.width / 2, anchor[1] - resolved.plane.height / 2)
    moved = _panned(state, resolved, (-from_middle[0] * shrunk, -from_middle[1] * shrunk))
    return replace(moved, zoom=zoom)
