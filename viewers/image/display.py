"""One slice as it is, windowed: what a stack shows. Zoom, flips and turns are left to whoever draws it."""

import numpy as np
from numpy.typing import NDArray

from viewers.image.description import VoiFunction, Window
from viewers.image.pixels import apply_window, modality_values
from viewers.image.volume import Volume


def display_slice(
    volume: Volume, k: int, window: Window, function: VoiFunction = VoiFunction.LINEAR, inverted: bool = False
) -> NDArray[np.uint8]:
    """Return the display values of slice ``k``, shape (rows, columns) or (rows, columns, 3); padding is black.

    Colour is shown as it is: a window is for measured values.

    Raises
    ------
    WindowRefused
        The window is too narrow for its function.
    """
    stored = volume.voxels[k]
    if stored.ndim == 3:
        return colour(stored)
    if stored.dtype == np.float32 or stored.dtype.itemsize > 2:
        return apply_window(modality_values(volume, stored), window, function, inverted)
    table, lowest = window_table(volume, window, function, inverted)
    shown: NDArray[np.uint8] = table[stored.astype(np.int32) - lowest]
    return shown


def window_table(
    volume: Volume, window: Window, function: VoiFunction, inverted: bool
) -> tuple[NDArray[np.uint8], int]:
    """Return the display value of every stored value that the voxel type can hold, and the lowest of them."""
    limits = np.iinfo(volume.voxels.dtype.name)
    every = np.arange(limits.min, limits.max + 1)
    return apply_window(modality_values(volume, every), window, function, inverted), int(limits.min)


def colour(stored: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return colour with 8 bits per sample."""
    if stored.dtype == np.uint8:
        return stored.astype(np.uint8)
    return (stored.astype(np.uint32) >> 8).astype(np.uint8)
