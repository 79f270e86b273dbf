"""Pictures cut through a volume, at any angle, in its true geometry: modality values, or display values at once.

Everything here may run on any thread; the compiled loops hold no interpreter lock. The loops are imported when the
first picture is asked for, because loading the compiler takes longer than opening the window may.
"""

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import ImagePlane, Orientation, plane_through
from viewers.image.bands import Bands, OneBand
from viewers.image.description import VoiFunction, Window
from viewers.image.pixels import apply_window, ramp_of
from viewers.image.sampling import Interpolation, Slab
from viewers.image.single_plane import irregular_values, plane_display, plane_values
from viewers.image.slab import slab_values
from viewers.image.slices import corners_lps, evened, middle_of
from viewers.image.source import source_of
from viewers.image.volume import Volume

_ONE_BAND = OneBand()


def sample_plane(
    volume: Volume,
    plane: ImagePlane,
    slab: Slab | None = None,
    interpolation: Interpolation = Interpolation.LINEAR,
    bands: Bands = _ONE_BAND,
) -> NDArray[np.float32]:
    """Return the modality values at the pixel centres of ``plane``, shape (height, width).

    NaN more than half a voxel beyond the outer voxel centres, and inside gaps. A slab leaves padding out and is always
    interpolated.

    Raises
    ------
    NoSpace
        The volume has no place in the patient.
    ColourRefused
        The volume is in colour.
    """
    source = source_of(volume)
    if slab is not None and slab.thickness_mm > 0.0:
        return slab_values(volume, source, plane, slab, bands)
    return plane_values(volume, source, plane, interpolation is Interpolation.LINEAR, bands)


def sample_valid(volume: Volume, plane: ImagePlane) -> NDArray[np.float32]:
    """Return what ``sample_plane`` does, interpolated, with NaN also wherever padding would take part: to be measured.

    Raises
    ------
    NoSpace, ColourRefused
        As ``sample_plane``.
    """
    source = source_of(volume)
    return irregular_values(volume, source, plane, True, source.padding, _ONE_BAND)


def sample_window(
    volume: Volume,
    plane: ImagePlane,
    window: Window,
    function: VoiFunction = VoiFunction.LINEAR,
    inverted: bool = False,
    slab: Slab | None = None,
    interpolation: Interpolation = Interpolation.LINEAR,
    bands: Bands = _ONE_BAND,
) -> NDArray[np.uint8]:
    """Return the display values of ``plane``, shape (height, width); black outside and inside gaps.

    Raises
    ------
    NoSpace, ColourRefused
        As ``sample_plane``.
    WindowRefused
        The window is too narrow for its function.
    """
    volume = evened(volume)
    if window.table is not None or volume.presentation is not None:
        sampled = sample_plane(volume, plane, slab, interpolation, bands)
        return apply_window(sampled, window, function, inverted, volume.presentation)
    ramp = ramp_of(window, function, inverted)
    if slab is None or slab.thickness_mm <= 0.0:
        source = source_of(volume)
        return plane_display(volume, source, plane, interpolation is Interpolation.LINEAR, ramp, bands)
    from viewers.image.kernels_window import display_rows

    values = sample_plane(volume, plane, slab, interpolation, bands)
    out = np.empty((plane.height, plane.width), dtype=np.uint8)
    bands.run(lambda first, last: display_rows(values, ramp, out, first, last), out.shape)
    return out


def standard_plane(
    volume: Volume, orientation: Orientation, point_lps: Vector3 | None = None, spacing_mm: float | None = None
) -> ImagePlane:
    """Return the picture in ``orientation`` through ``point_lps`` (the middle by default) that shows all the volume.

    ``spacing_mm`` is by default the finest spacing of the volume.
    """
    finest = min(float(np.linalg.norm(volume.affine[:3, axis])) for axis in (0, 1))
    return plane_through(point_lps or middle_of(volume), orientation, corners_lps(volume), spacing_mm or finest)
