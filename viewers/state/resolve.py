"""From the state asked for to the picture shown: pure, so that what is shown can be computed, compared and tested."""

import math

import numpy as np

from viewers.geometry.frame import Vector3, added, as_vector, dot, scaled, subtracted
from viewers.geometry.orientation import edge_letters, letters
from viewers.geometry.plane import ImagePlane, Orientation, plane_about
from viewers.image.description import Window
from viewers.image.errors import NoSpace
from viewers.image.pixels import default_window
from viewers.image.slices import corners_lps, slice_plane
from viewers.image.volume import Volume
from viewers.state.marks import marks_of
from viewers.state.resolved import Corners, ResolvedView, ScaleBar, Transform, ViewportSize
from viewers.state.scroll import slice_of_plane, slices_through
from viewers.state.view_state import ViewKind, ViewState, VolumeReference

# The scale bar takes at most this share of the width of the viewport.
_BAR_SHARE = 0.25


def resolve(state: ViewState, volume: Volume, size: ViewportSize, fitted: Window | None = None) -> ResolvedView:
    """Return what a viewport of ``size`` shows of ``volume`` in ``state``.

    ``fitted`` serves an image without any window of its own, where the caller already knows it: finding one takes
    some milliseconds.

    Raises
    ------
    NoSpace
        Another plane than its own slices is asked of an image without patient space.
    """
    if state.kind is ViewKind.STACK:
        return _resolve_stack(state, volume, size, fitted)
    if not volume.is_spatial:
        raise NoSpace("MPR of a volume without geometry")
    return _resolve_mpr(state, volume, size, fitted)


def displayed(orientation: Orientation, state: ViewState) -> Orientation:
    """Return the orientation as displayed: flipped, then turned clockwise."""
    across, down = orientation.row_direction, orientation.column_direction
    if state.flipped_horizontally:
        across = scaled(across, -1.0)
    if state.flipped_vertically:
        down = scaled(down, -1.0)
    for _ in range(state.rotation_degrees % 360 // 90):
        across, down = scaled(down, -1.0), across
    return Orientation(across, down)


def _resolve_stack(state: ViewState, volume: Volume, size: ViewportSize, fitted: Window | None) -> ResolvedView:
    index = min(max(state.slice_index, 0), volume.voxels.shape[0] - 1)
    own = own_plane(volume, index)
    plane = _placed(own, state, size, 1.0 if volume.is_spatial else pixel_aspect(volume))
    thickness = None if volume.passport.spacing_kji_mm is None else volume.passport.spacing_kji_mm[0]
    zoom = _percent_of_native(plane, own)
    position, side = _position(plane) if volume.is_spatial else (None, "")
    corners = Corners(index + 1, volume.voxels.shape[0], position, side, zoom, thickness or None)
    return _resolved(state, volume, plane, corners, index, _transform(own, plane), fitted)


def _resolve_mpr(state: ViewState, volume: Volume, size: ViewportSize, fitted: Window | None) -> ResolvedView:
    corners_of_volume = corners_lps(volume)
    middle = as_vector((corners_of_volume.min(axis=0) + corners_of_volume.max(axis=0)) / 2)
    shown = displayed(state.orientation, state)
    normal = shown.normal
    through = state.centre_lps or middle
    centre = added(middle, scaled(normal, dot(subtracted(through, middle), normal)))
    extent = tuple(
        float(np.ptp(corners_of_volume @ np.array(direction)))
        for direction in (shown.row_direction, shown.column_direction)
    )
    step = fit((extent[0], extent[1]), size, state.zoom)
    plane = plane_about(_panned(centre, shown, state), shown, step, size.width, size.height)
    number, count = slice_of_plane(volume, plane), slices_through(volume, plane.normal)
    zoom = 100.0 * float(np.linalg.norm(volume.affine[:3, 0])) / step
    thickness = state.slab.thickness_mm if state.slab else None
    return _resolved(
        state, volume, plane, Corners(number + 1, count, *_position(plane), zoom, thickness), None, None, fitted
    )


def _resolved(
    state: ViewState,
    volume: Volume,
    plane: ImagePlane,
    corners: Corners,
    slice_index: int | None,
    transform: Transform | None,
    fitted: Window | None,
) -> ResolvedView:
    window = state.window or default_window(volume, slice_index, fitted)
    slab = state.slab if slice_index is None else None
    return ResolvedView(
        viewport=state.viewport,
        kind=state.kind,
        volume=VolumeReference(volume.series, volume.index),
        plane=plane,
        slice_index=slice_index,
        image_to_viewport=transform,
        window=window,
        voi_function=state.voi_function or volume.voi_function,
        inverted=state.inverted != volume.inverted,
        interpolation=state.interpolation,
        slab=slab,
        quantity=volume.quantity,
        corners=corners,
        edges=edge_letters(plane) if volume.is_spatial else None,
        scale_bar=_scale_bar(volume, plane),
        marks=marks_of(volume, plane, slab, slice_index),
        spacing_source=volume.passport.spacing_source,
        passport=volume.passport,
        graphics=state.graphics,
    )


def own_plane(volume: Volume, k: int) -> ImagePlane:
    """Return slice ``k`` as a picture of its own pixels, in the space of the volume."""
    return slice_plane(volume, k) if volume.is_spatial else _pixel_space(volume)


def _pixel_space(volume: Volume) -> ImagePlane:
    height, width = volume.voxels.shape[1], volume.voxels.shape[2]
    return ImagePlane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 1.0, width, height)


def pixel_aspect(volume: Volume) -> float:
    """Return the height of a pixel divided by its width."""
    spacing = volume.passport.spacing_kji_mm
    return volume.passport.pixel_aspect if spacing is None else spacing[1] / spacing[2]


def _placed(own: ImagePlane, state: ViewState, size: ViewportSize, pixel_aspect: float) -> ImagePlane:
    """Return the viewport's plane over one slice; ``pixel_aspect`` is that of a space whose unit is the pixel."""
    shown = displayed(own.orientation, state)
    turned = state.rotation_degrees % 180 == 90
    width, height = own.width * own.spacing_mm, own.height * own.spacing_mm * own.aspect * pixel_aspect
    step = fit((height, width) if turned else (width, height), size, state.zoom)
    across, aspect = (step / pixel_aspect, pixel_aspect) if turned else (step, 1.0 / pixel_aspect)
    return plane_about(_panned(own.centre_lps, shown, state), shown, across, size.width, size.height, aspect)


def fit(extent: tuple[float, float], size: ViewportSize, zoom: float) -> float:
    """Return the length of one viewport pixel so that the extent fits, then zoomed."""
    return max(extent[0] / size.width, extent[1] / size.height) / zoom


def _panned(centre: Vector3, shown: Orientation, state: ViewState) -> Vector3:
    """Return what lies in the middle of the viewport: a picture shifted to the right shows more of its left."""
    across, down = scaled(shown.row_direction, -state.pan[0]), scaled(shown.column_direction, -state.pan[1])
    return added(centre, added(across, down))


def _percent_of_native(plane: ImagePlane, own: ImagePlane) -> float:
    return 100.0 * own.spacing_mm / (plane.spacing_mm * min(1.0, plane.aspect))


def _transform(own: ImagePlane, plane: ImagePlane) -> Transform:
    zero = plane.lps_to_pixel(own.pixel_to_lps(0.0, 0.0))
    column = plane.lps_to_pixel(own.pixel_to_lps(1.0, 0.0))
    row = plane.lps_to_pixel(own.pixel_to_lps(0.0, 1.0))
    return (
        column[0] - zero[0],
        row[0] - zero[0],
        zero[0],
        column[1] - zero[1],
        row[1] - zero[1],
        zero[1],
    )


def _position(plane: ImagePlane) -> tuple[float, str]:
    """Return how far the picture lies along the axis it crosses, and on which side of the origin."""
    normal = plane.normal
    axis = max(range(3), key=lambda index: abs(normal[index]))
    value = plane.centre_lps[axis]
    side = [0.0, 0.0, 0.0]
    side[axis] = math.copysign(1.0, value)
    return abs(value), letters((side[0], side[1], side[2]))


def _scale_bar(volume: Volume, plane: ImagePlane) -> ScaleBar | None:
    spacing = volume.passport.spacing_kji_mm
    if spacing is None:
        return None
    mm_per_pixel = plane.spacing_mm
    if not volume.is_spatial:
        along_columns = abs(plane.row_direction[0]) > 0.5
        mm_per_pixel *= spacing[2] if along_columns else spacing[1]
    longest = plane.width * mm_per_pixel * _BAR_SHARE
    power = 10.0 ** math.floor(math.log10(longest))
    length_mm = max(factor * power for factor in (1.0, 2.0, 5.0) if factor * power <= longest)
    return ScaleBar(length_mm, length_mm / mm_per_pixel)
