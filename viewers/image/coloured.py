"""A plane through a volume in colours that let what lies below shine through."""

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.plane import ImagePlane
from viewers.image.bands import Bands, OneBand
from viewers.image.colour_maps import COLOUR_MAPS
from viewers.image.description import VoiFunction, Window
from viewers.image.pixels import apply_window, ramp_of
from viewers.image.reslice import sample_plane
from viewers.image.sampling import Interpolation, Slab
from viewers.image.slices import evened
from viewers.image.volume import Volume

_ONE_BAND = OneBand()
# Below this level a layer fades out, so that what takes nothing up does not veil what lies below.
_FADED_BELOW = 32.0


def layer_colours(colour_map: str, opacity: float) -> NDArray[np.uint32]:
    """Return the colour of every display level as 0xAARRGGBB, premultiplied, shape (256,).

    ``opacity`` is 0 (clear) to 1. Up to one half the lowest level is clear and the layer reaches its opacity at one
    eighth of the window; from there on the lowest levels close as well, and at 1 nothing shines through.
    """
    levels = np.arange(256, dtype=np.float64)
    closed = max(0.0, 2.0 * opacity - 1.0)
    alpha = opacity * (closed + (1.0 - closed) * np.minimum(1.0, levels / _FADED_BELOW))
    colours = COLOUR_MAPS[colour_map].colours().astype(np.float64)
    parts = np.floor(np.column_stack((alpha * 255.0, colours * alpha[:, None])) + 0.5).astype(np.uint32)
    packed = parts[:, 0] << 24 | parts[:, 1] << 16 | parts[:, 2] << 8 | parts[:, 3]
    return packed.astype(np.uint32)


def sample_coloured(
    volume: Volume,
    plane: ImagePlane,
    window: Window,
    function: VoiFunction,
    colours: NDArray[np.uint32],
    slab: Slab | None = None,
    interpolation: Interpolation = Interpolation.LINEAR,
    bands: Bands = _ONE_BAND,
) -> NDArray[np.uint32]:
    """Return the colours of ``plane``, shape (height, width), from a table of 256; 0 outside and inside gaps.

    Raises
    ------
    NoSpace, ColourRefused
        As ``sample_plane``.
    WindowRefused
        The window is too narrow for its function.
    """
    values = sample_plane(evened(volume), plane, slab, interpolation, bands)
    if window.table is not None or volume.presentation is not None:
        levels = apply_window(values, window, function, False, volume.presentation)
        shown: NDArray[np.uint32] = np.where(np.isnan(values), np.uint32(0), colours[levels])
        return shown
    from viewers.image.kernels_colour import colour_rows

    ramp = ramp_of(window, function, False)
    out = np.empty((plane.height, plane.width), dtype=np.uint32)
    bands.run(lambda first, last: colour_rows(values, ramp, colours, out, first, last), out.shape)
    return out
