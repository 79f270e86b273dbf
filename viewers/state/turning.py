"""Turning the plane of a viewport: the shared point and the scale stay as they are on the screen."""

from dataclasses import replace

import numpy as np

from viewers.geometry.frame import FloatArray, dot, scaled, subtracted
from viewers.geometry.plane import Orientation
from viewers.image.slices import corners_lps, middle_of
from viewers.image.volume import Volume
from viewers.state.framing import displayed, fit
from viewers.state.kinds.registry import KINDS
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewState


def turned_to(state: ViewState, volume: Volume, shown: ResolvedView, orientation: Orientation) -> ViewState:
    """Return the state whose plane is displayed as ``orientation``; one that shows no cut plane stays as it is.

    ``shown`` is what is on screen now. A plane fits its viewport by the extent of the volume along it, which changes
    as it turns: zoom and pan make up for it, so that nothing grows or slides under the eye.
    """
    if not KINDS[state.kind].is_cut:
        return state
    held = undisplayed(orientation, state)
    new = replace(state, orientation=held, turned_from=state.turned_from or state.orientation)
    size = ViewportSize(shown.plane.width, shown.plane.height)
    corners = corners_lps(volume)
    middle = middle_of(volume)
    away = subtracted(state.centre_lps or middle, middle)
    before = displayed(state.orientation, state)
    return replace(
        new,
        zoom=_fitted(corners, orientation, size) / _fitted(corners, before, size) * state.zoom,
        pan=(
            state.pan[0] + dot(away, subtracted(before.row_direction, orientation.row_direction)),
            state.pan[1] + dot(away, subtracted(before.column_direction, orientation.column_direction)),
        ),
    )


def turned_back(state: ViewState, volume: Volume, shown: ResolvedView) -> ViewState:
    """Return the state with the plane that it was hung with."""
    if state.turned_from is None:
        return state
    back = turned_to(state, volume, shown, displayed(state.turned_from, state))
    return replace(back, orientation=state.turned_from, turned_from=None)


def undisplayed(orientation: Orientation, state: ViewState) -> Orientation:
    """Return the orientation that is displayed as ``orientation``: turned back, then flipped back."""
    across, down = orientation.row_direction, orientation.column_direction
    for _ in range(state.rotation_degrees % 360 // 90):
        across, down = down, scaled(across, -1.0)
    return Orientation(
        scaled(across, -1.0) if state.flipped_horizontally else across,
        scaled(down, -1.0) if state.flipped_vertically else down,
    )


def _fitted(corners: FloatArray, shown: Orientation, size: ViewportSize) -> float:
    extent = tuple(float(np.ptp(corners @ np.array(way))) for way in (shown.row_direction, shown.column_direction))
    return fit((extent[0], extent[1]), size, 1.0)
