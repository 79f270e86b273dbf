"""One slice as it is, windowed: what a stack shows. Zoom, flips and turns are left to whoever draws it."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewers.image.description import VoiFunction, Window
from viewers.image.overlay import WHITE, Overlay
from viewers.image.pixels import apply_window, modality_values
from viewers.image.volume import Volume


def display_slice(
    volume: Volume,
    k: int,
    window: Window,
    function: VoiFunction = VoiFunction.LINEAR,
    inverted: bool = False,
    graphics: bool = True,
) -> NDArray[np.uint8]:
    """Return the display values of slice ``k``, shape (rows, columns) or (rows, columns, 3); padding is black.

    Colour is shown as it is: a window is for measured values. A shutter covers what its sender wanted covered, then
    the overlays of the slice are drawn white, unless ``graphics`` is false.

    Raises
    ------
    WindowRefused
        The window is too narrow for its function.
    """
    shown = _windowed(volume, k, window, function, inverted)
    overlays = volume.overlays[k] if volume.overlays else ()
    shutter = volume.shutters[k] if volume.shutters else None
    if shutter is not None:
        shown[shutter.covered(shown.shape[0], shown.shape[1], overlays)] = shutter.level
    if graphics:
        for overlay in overlays:
            if shutter is None or overlay.group != shutter.overlay_group:
                shown[overlay.mask] = WHITE
    return shown


def thinned(volume: Volume, k: int, step: int) -> Volume:
    """Return slice ``k`` alone, with every ``step``-th row and column, as a volume to be shown, never measured."""
    own = volume.overlays[k] if volume.overlays else ()
    overlays = tuple(Overlay.of(overlay.group, overlay.mask[::step, ::step]) for overlay in own)
    shutter = volume.shutters[k] if volume.shutters else None
    return replace(
        volume,
        voxels=volume.voxels[k : k + 1, ::step, ::step],
        overlays=(overlays,) if overlays else (),
        shutters=() if shutter is None else (shutter.thinned(step),),
    )


def _windowed(volume: Volume, k: int, window: Window, function: VoiFunction, inverted: bool) -> NDArray[np.uint8]:
    stored = volume.voxels[k]
    if stored.ndim == 3:
        return colour(stored)
    if stored.dtype == np.float32 or stored.dtype.itemsize > 2:
        values = modality_values(volume, stored)
        return apply_window(values, window, function, inverted, volume.presentation)
    table, lowest = window_table(volume, window, function, inverted)
    shown: NDArray[np.uint8] = table[stored.astype(np.int32) - lowest]
    return shown


def window_table(
    volume: Volume, window: Window, function: VoiFunction, inverted: bool
) -> tuple[NDArray[np.uint8], int]:
    """Return the display value of every stored value that the voxel type can hold, and the lowest of them."""
    limits = np.iinfo(volume.voxels.dtype.name)
    every = np.arange(limits.min, limits.max + 1)
    values = modality_values(volume, every)
    return apply_window(values, window, function, inverted, volume.presentation), int(limits.min)


def colour(stored: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return colour with 8 bits per sample."""
    if stored.dtype == np.uint8:
        return stored.astype(np.uint8)
    if stored.dtype == np.float32:
        # Samples of 32 bits; float32 rounds the largest up, beyond what there is.
        return np.minimum(stored.astype(np.float64) / (1 << 24), 255.0).astype(np.uint8)
    return (stored.astype(np.uint32) >> 8).astype(np.uint8)
