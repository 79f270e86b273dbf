"""A plane through a volume in any direction, or a slab about it."""

from dataclasses import replace

import numpy as np

from viewers.geometry.frame import Vector3, added, dot, scaled, subtracted
from viewers.geometry.plane import Orientation, plane_about
from viewers.image.description import Window
from viewers.image.errors import NoSpace
from viewers.image.slices import corners_lps, middle_of
from viewers.image.volume import Volume
from viewers.state.completed import completed, position
from viewers.state.framing import displayed, fit, panned
from viewers.state.kinds.base import Kind, nowhere
from viewers.state.link_kind import LinkKind
from viewers.state.resolved import Corners, ResolvedView, ViewportSize
from viewers.state.steps import slice_of_plane, slices_through, step_mm
from viewers.state.view_state import ViewKind, ViewState


def resolve_plane(state: ViewState, volume: Volume, size: ViewportSize, fitted: Window | None) -> ResolvedView:
    """Return the plane that a state asks for, fitted to the extent of the volume.

    Raises
    ------
    NoSpace
        The volume has no place in the patient.
    """
    if not volume.is_spatial:
        raise NoSpace("MPR of a volume without geometry")
    corners_of_volume = corners_lps(volume)
    middle = middle_of(volume)
    shown = displayed(state.orientation, state)
    normal = shown.normal
    through = state.centre_lps or middle
    centre = added(middle, scaled(normal, dot(subtracted(through, middle), normal)))
    extent = tuple(
        float(np.ptp(corners_of_volume @ np.array(direction)))
        for direction in (shown.row_direction, shown.column_direction)
    )
    step = fit((extent[0], extent[1]), size, state.zoom)
    plane = plane_about(panned(centre, shown, state), shown, step, size.width, size.height)
    # Numbered along the way that the state is scrolled, whichever way the picture is flipped.
    number = slice_of_plane(volume, plane.origin_lps, state.orientation.normal)
    count = slices_through(volume, state.orientation.normal)
    zoom = 100.0 * float(np.linalg.norm(volume.affine[:3, 0])) / step
    thickness = state.slab.thickness_mm if state.slab else None
    corners = Corners(number + 1, count, *position(plane), zoom, thickness)
    return completed(state, volume, plane, corners, None, None, fitted)


def _scrolled(state: ViewState, volume: Volume, notches: int) -> ViewState:
    return _scrolled_mm(state, volume, notches * (state.step_mm or step_mm(volume, state.orientation.normal)))


def _scrolled_mm(state: ViewState, volume: Volume, mm: float) -> ViewState:
    normal = state.orientation.normal
    start = state.centre_lps or middle_of(volume)
    along = corners_lps(volume) @ np.array(normal)
    half_step = step_mm(volume, normal) / 2
    here = float(np.array(start) @ np.array(normal))
    wanted = min(max(here + mm, float(along.min()) + half_step), float(along.max()) - half_step)
    return replace(state, centre_lps=added(start, scaled(normal, wanted - here)))


def _through(state: ViewState, _volume: Volume, point: Vector3) -> ViewState:
    return replace(state, centre_lps=point)


def _point(state: ViewState, volume: Volume) -> Vector3 | None:
    return (state.centre_lps or middle_of(volume)) if volume.is_spatial else None


def _orientation(state: ViewState, _volume: Volume) -> Orientation:
    return state.orientation


MPR_KIND = Kind(
    id=ViewKind.MPR,
    resolve=resolve_plane,
    scrolled=_scrolled,
    scrolled_mm=_scrolled_mm,
    through=_through,
    point=_point,
    orientation=_orientation,
    slice_index=nowhere,
    links=frozenset(LinkKind),
    is_cut=True,
    is_slab=True,
)
