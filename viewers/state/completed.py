"""What every picture tells besides its pixels: window, letters, scale, warnings."""

import math

from viewers.geometry.orientation import EdgeLetters, edge_letters, letters, stated_edge_letters
from viewers.geometry.plane import ImagePlane
from viewers.image.colour_maps import GREY, INVERTED_GREY
from viewers.image.description import Window
from viewers.image.pixels import default_window
from viewers.image.volume import Volume
from viewers.state.marks import marks_of
from viewers.state.resolved import Corners, ResolvedView, ScaleBar, Transform
from viewers.state.view_state import ViewState, VolumeReference

# The scale bar takes at most this share of the width of the viewport.
_BAR_SHARE = 0.25
# Whether low values are bright: as the image asks, or as the reader chose.
_GREYS = {"": None, GREY: False, INVERTED_GREY: True}


def completed(
    state: ViewState,
    volume: Volume,
    plane: ImagePlane,
    corners: Corners,
    slice_index: int | None,
    transform: Transform | None,
    fitted: Window | None,
) -> ResolvedView:
    """Return the view of a plane, with all that the volume and the state say of it."""
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
        inverted=_is_inverted(state, volume),
        interpolation=state.interpolation,
        slab=slab,
        quantity=volume.quantity,
        corners=corners,
        edges=_edges(volume, plane, slice_index),
        scale_bar=_scale_bar(volume, plane),
        marks=marks_of(volume, plane, slab, slice_index),
        spacing_source=volume.passport.spacing_source,
        passport=volume.passport,
        graphics=state.graphics,
        against=state.against if slice_index is not None else None,
        colours="" if state.colours in _GREYS else state.colours,
    )


def _is_inverted(state: ViewState, volume: Volume) -> bool:
    """Whether low values are shown bright; a colour map of the reader's takes no order from the image."""
    asked = _GREYS.get(state.colours, False)
    return state.inverted != (volume.inverted if asked is None else asked)


def position(plane: ImagePlane) -> tuple[float, str]:
    """Return how far the picture lies along the axis it crosses, and on which side of the origin."""
    normal = plane.normal
    axis = max(range(3), key=lambda index: abs(normal[index]))
    value = plane.centre_lps[axis]
    side = [0.0, 0.0, 0.0]
    side[axis] = math.copysign(1.0, value)
    return abs(value), letters((side[0], side[1], side[2]))


def _edges(volume: Volume, plane: ImagePlane, slice_index: int | None) -> EdgeLetters | None:
    """Return the letters of a picture: by its place in the patient, else as its slice states that it lies."""
    if volume.is_spatial:
        return edge_letters(plane)
    acquired = volume.acquisitions[slice_index] if slice_index is not None and volume.acquisitions else None
    stated = acquired.patient_orientation if acquired is not None else None
    return None if stated is None else stated_edge_letters(stated, plane)


def mm_per_pixel(volume: Volume, plane: ImagePlane) -> float | None:
    """Return how many mm one pixel of a picture is wide, ``None`` where the size of the image is not known."""
    if volume.is_spatial:
        return plane.spacing_mm
    spacing = volume.passport.spacing_kji_mm
    if spacing is None:
        return None
    along_columns = abs(plane.row_direction[0]) > 0.5
    return plane.spacing_mm * (spacing[2] if along_columns else spacing[1])


def _scale_bar(volume: Volume, plane: ImagePlane) -> ScaleBar | None:
    width_mm = mm_per_pixel(volume, plane)
    if width_mm is None:
        return None
    longest = plane.width * width_mm * _BAR_SHARE
    power = 10.0 ** math.floor(math.log10(longest))
    length_mm = max(factor * power for factor in (1.0, 2.0, 5.0) if factor * power <= longest)
    return ScaleBar(length_mm, length_mm / width_mm)
