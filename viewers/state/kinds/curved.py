"""A volume cut along a path that was drawn through it, laid straight. Its lengths are true along the path only."""

from dataclasses import replace

import numpy as np

from viewers.geometry.centreline import Centreline, centreline
from viewers.geometry.frame import as_vector
from viewers.geometry.orientation import EdgeLetters, letters, opposite
from viewers.geometry.plane import Orientation, plane_about
from viewers.image.curved import StraightGrid, fitted_grid
from viewers.image.description import Window
from viewers.image.errors import NoSpace
from viewers.image.slices import lacks_slices, slice_normal
from viewers.image.volume import Volume
from viewers.state.completed import completed
from viewers.state.kinds.base import Kind, nowhere, unmoved
from viewers.state.link_kind import LinkKind
from viewers.state.resolved import Corners, CurvedView, Mark, ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState

_DEGREES_PER_NOTCH = 5.0
_DEGREES_PER_MM = 1.0
# The picture lies in a space of its own: mm along the path, mm away from it.
_LAID = Orientation((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
# How many places along the path are asked for the direction beside it.
_ASKED = 40


def _resolve(state: ViewState, volume: Volume, size: ViewportSize, fitted: Window | None) -> ResolvedView:
    if not volume.is_spatial:
        raise NoSpace("curved picture of a volume without geometry")
    line = centreline(state.curve.points_lps)
    grid = None if line is None else _grid(state, line, size)
    if line is None or grid is None:
        plane = plane_about((0.0, 0.0, 0.0), _LAID, 1.0, size.width, size.height)
        view = completed(state, volume, plane, Corners(1, 1, None, "", 100.0, None), None, None, fitted)
        return replace(view, curved=CurvedView(state.curve, None), edges=None, scale_bar=None)
    middle = (grid.along_of((size.width - 1) / 2), grid.first_down_mm + (size.height - 1) / 2 * grid.spacing_mm, 0.0)
    plane = plane_about(middle, _LAID, grid.spacing_mm, size.width, size.height)
    zoom = 100.0 * float(np.linalg.norm(volume.affine[:3, 0])) / grid.spacing_mm
    view = completed(state, volume, plane, Corners(1, 1, None, "", zoom, None), None, None, fitted)
    partial = (Mark.PARTIAL,) if _crosses_gap(volume, line, grid) else ()
    marks = (*partial, *(mark for mark in view.marks if mark is not Mark.PARTIAL))
    return replace(view, curved=CurvedView(state.curve, grid), edges=_edges(line, state), marks=marks)


def _grid(state: ViewState, line: Centreline, size: ViewportSize) -> StraightGrid:
    return fitted_grid(line, size.width, size.height, state.zoom, state.curve.turned_degrees, state.pan)


def _edges(line: Centreline, state: ViewState) -> EdgeLetters:
    """Return the letters at both ends of the path, and beside it where they are the same all along."""
    along = np.linspace(0.0, line.length_mm, _ASKED)
    _, downs, _ = line.frames(along, state.curve.turned_degrees)
    beside = {letters(as_vector(down)) for down in downs}
    bottom = beside.pop() if len(beside) == 1 else ""
    start, end = letters(line.tangent_at(0.0)), letters(line.tangent_at(line.length_mm))
    return EdgeLetters(left=opposite(start), right=end, top=opposite(bottom), bottom=bottom)


def _crosses_gap(volume: Volume, line: Centreline, grid: StraightGrid) -> bool:
    """Whether slices are missing anywhere where the picture may look."""
    if not bool(volume.gap_after.any()):
        return False
    along = (line.nodes_lps - volume.slice_origins_lps[0]) @ slice_normal(volume)
    half = grid.height * grid.spacing_mm / 2
    return lacks_slices(volume, float(along.min()) - half, float(along.max()) + half)


def _turned(state: ViewState, _volume: Volume, notches: int) -> ViewState:
    return replace(state, curve=state.curve.turned(notches * _DEGREES_PER_NOTCH))


def _turned_mm(state: ViewState, _volume: Volume, mm: float) -> ViewState:
    return replace(state, curve=state.curve.turned(mm * _DEGREES_PER_MM))


def _orientation(state: ViewState, _volume: Volume) -> Orientation:
    return state.orientation


CURVED_KIND = Kind(
    id=ViewKind.CURVED,
    resolve=_resolve,
    scrolled=_turned,
    scrolled_mm=_turned_mm,
    through=unmoved,
    point=nowhere,
    orientation=_orientation,
    slice_index=nowhere,
    links=frozenset({LinkKind.WINDOW}),
    cuts_others=False,
    is_slab=True,
)
