"""The whole volume in 3D. Its plane is what the camera sees; scrolling turns it."""

from dataclasses import replace

from viewers.geometry.plane import Orientation
from viewers.image.description import Window
from viewers.image.errors import NoSpace
from viewers.image.volume import Volume
from viewers.state.camera import camera_plane
from viewers.state.completed import completed
from viewers.state.kinds.base import Kind, nowhere, unmoved
from viewers.state.resolved import Corners, ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState

_DEGREES_PER_NOTCH = 5.0
_DEGREES_PER_MM = 1.0


def _resolve(state: ViewState, volume: Volume, size: ViewportSize, fitted: Window | None) -> ResolvedView:
    if not volume.is_spatial:
        raise NoSpace("3D of a volume without geometry")
    plane = camera_plane(volume, state.look.camera, size.width, size.height)
    corners = Corners(1, 1, None, "", 100.0 * state.look.camera.zoom, None)
    view = completed(replace(state, slab=None), volume, plane, corners, None, None, fitted)
    return replace(view, look=state.look, scale_bar=None)


def _turned(state: ViewState, _volume: Volume, notches: int) -> ViewState:
    return _by_degrees(state, notches * _DEGREES_PER_NOTCH)


def _turned_mm(state: ViewState, _volume: Volume, mm: float) -> ViewState:
    return _by_degrees(state, mm * _DEGREES_PER_MM)


def _by_degrees(state: ViewState, degrees: float) -> ViewState:
    return replace(state, look=replace(state.look, camera=state.look.camera.turned(degrees, 0.0)))


def _orientation(state: ViewState, _volume: Volume) -> Orientation:
    return state.look.camera.orientation


VOLUME_KIND = Kind(
    id=ViewKind.VOLUME,
    resolve=_resolve,
    scrolled=_turned,
    scrolled_mm=_turned_mm,
    through=unmoved,
    point=nowhere,
    orientation=_orientation,
    slice_index=nowhere,
    links=frozenset(),
    cuts_others=False,
)
