"""Two pictures at one scale: as many mm to the pixel, whatever the matrix and the size of the viewport."""

from dataclasses import replace

from viewers.geometry.frame import dot, subtracted
from viewers.geometry.plane import ImagePlane
from viewers.geometry.rigid import RigidTransform
from viewers.state.completed import mm_per_pixel
from viewers.state.kinds.registry import KINDS
from viewers.state.view_state import ViewState
from viewers.sync.shown import ALIKE_COSINE, Shown


def framed_alike(source: Shown, target: Shown, way: RigidTransform | None) -> ViewState:
    """Return the target's state at the source's scale.

    Where a ``way`` leads from one to the other and both pictures are turned alike, the same place is in the middle;
    else the target is shifted as far from its own middle as the source is. What has no size in mm takes over zoom and
    shift as they stand.
    """
    here, there = _plane(source, source.state), _plane(target, replace(target.state, zoom=1.0, pan=(0.0, 0.0)))
    if here is None or there is None:
        return _as_it_stands(source, target)
    here_mm, there_mm = mm_per_pixel(source.volume, here), mm_per_pixel(target.volume, there)
    if here_mm is None or there_mm is None:
        return _as_it_stands(source, target)
    zoom = there_mm / here_mm
    pan = source.state.pan if way is None else _pan(here, there, way)
    return replace(target.state, zoom=zoom, pan=source.state.pan if pan is None else pan)


def _plane(shown: Shown, state: ViewState) -> ImagePlane | None:
    if shown.size is None:
        return None
    return KINDS[state.kind].resolve(state, shown.volume, shown.size, None).plane


def _as_it_stands(source: Shown, target: Shown) -> ViewState:
    return replace(target.state, zoom=source.state.zoom, pan=source.state.pan)


def _pan(here: ImagePlane, there: ImagePlane, way: RigidTransform) -> tuple[float, float] | None:
    across, down = way.direction(here.row_direction), way.direction(here.column_direction)
    if min(dot(across, there.row_direction), dot(down, there.column_direction)) < ALIKE_COSINE:
        return None
    away = subtracted(way.point(here.centre_lps), there.centre_lps)
    return (-dot(away, there.row_direction), -dot(away, there.column_direction))
