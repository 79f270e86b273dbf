"""The slices of a series as they were acquired, one at a time."""

from dataclasses import replace

from viewers.geometry.frame import Vector3, added, scaled
from viewers.geometry.plane import ImagePlane, Orientation
from viewers.image.description import Window
from viewers.image.slices import acquired_orientation, nearest_slice, positions_mm, slice_plane
from viewers.image.volume import Volume
from viewers.state.completed import completed, position
from viewers.state.framing import own_plane, pixel_aspect, placed, transform_to
from viewers.state.kinds.base import Kind
from viewers.state.link_kind import LinkKind
from viewers.state.resolved import Corners, ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState

# A point this near to the slice shown lies on it, whichever other slice repeats the position.
_ON_SLICE_MM = 0.01


def shown_slice(state: ViewState, volume: Volume) -> int:
    """Return which slice a stack shows."""
    return min(max(state.slice_index, 0), len(volume.sources) - 1)


def _resolve(state: ViewState, volume: Volume, size: ViewportSize, fitted: Window | None) -> ResolvedView:
    index = shown_slice(state, volume)
    own = own_plane(volume, index)
    plane = placed(own, state, size, 1.0 if volume.is_spatial else pixel_aspect(volume))
    thickness = None if volume.passport.spacing_kji_mm is None else volume.passport.spacing_kji_mm[0]
    zoom = _percent_of_native(plane, own)
    at_mm, side = position(plane) if volume.is_spatial else (None, "")
    corners = Corners(index + 1, volume.voxels.shape[0], at_mm, side, zoom, thickness or None)
    return completed(state, volume, plane, corners, index, transform_to(own, plane), fitted)


def _percent_of_native(plane: ImagePlane, own: ImagePlane) -> float:
    return 100.0 * own.spacing_mm / (plane.spacing_mm * min(1.0, plane.aspect))


def _scrolled(state: ViewState, volume: Volume, notches: int) -> ViewState:
    last = volume.voxels.shape[0] - 1
    return replace(state, slice_index=min(max(state.slice_index + notches, 0), last))


def _scrolled_mm(state: ViewState, volume: Volume, mm: float) -> ViewState:
    onwards = 1 if mm > 0 else -1
    if not volume.is_spatial:
        return _scrolled(state, volume, onwards)
    along = positions_mm(volume)
    here = shown_slice(state, volume)
    nearest = int(abs(along - (along[here] + mm)).argmin())
    return _scrolled(state, volume, nearest - here if nearest != here else onwards)


def _through(state: ViewState, volume: Volume, point: Vector3) -> ViewState:
    k = shown_slice(state, volume)
    if abs(slice_plane(volume, k).distance_mm(point)) > _ON_SLICE_MM:
        k = nearest_slice(volume, point)
    return replace(state, slice_index=k, centre_lps=point)


def _point(state: ViewState, volume: Volume) -> Vector3 | None:
    """Return the crosshair brought onto the slice that the stack has been scrolled to."""
    if not volume.is_spatial:
        return None
    plane = slice_plane(volume, shown_slice(state, volume))
    wanted = state.centre_lps or plane.centre_lps
    return added(wanted, scaled(plane.normal, -plane.distance_mm(wanted)))


def _orientation(_state: ViewState, volume: Volume) -> Orientation:
    return acquired_orientation(volume)


STACK_KIND = Kind(
    id=ViewKind.STACK,
    resolve=_resolve,
    scrolled=_scrolled,
    scrolled_mm=_scrolled_mm,
    through=_through,
    point=_point,
    orientation=_orientation,
    slice_index=shown_slice,
    links=frozenset(LinkKind),
)
