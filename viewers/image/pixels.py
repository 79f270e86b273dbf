"""From stored values to display values: rescale, window, inversion, in the order of the standard.

The modality transformation comes first, the window or VOI table second, a presentation table third, and inversion
(MONOCHROME1, the shape INVERSE, or the reader's wish) last. MONOCHROME1 and INVERSE say the same thing of an image, and
do not undo each other. Source: PS3.3 C.7.6.3.1.2, C.8.11.3.1.2, C.11.1, C.11.2; PS3.4 N.2.
"""

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from viewers.image.description import NARROWEST, VoiFunction, Window
from viewers.image.errors import WindowRefused
from viewers.image.lookup import LookupTable
from viewers.image.quantity import SUV_BODY_SURFACE, SUV_BODY_WEIGHT, SUV_LEAN_MASS
from viewers.image.volume import Volume

_WHITE = 255
_GREATEST_WORD = 65535.0
# A window as the compiled loops take it, (shape, a, b, inverted): shape 0 is a × value + b limited to 0..255, shape 1
# the step above a, shape 2 the sigmoid 255 ÷ (1 + exp(a × value + b)).
Ramp = tuple[int, float, float, bool]

# The part of the values, at each end, that an automatic window leaves out.
_OUTLIERS_PERCENT = 0.5
# About how many voxels an automatic window looks at.
_GLANCE_VOXELS = 200_000
# Uptake opens on a scale that is the same for every patient and every scanner: 0 to 7 by body weight, which also keeps
# the liver grey; the others as much lower as the patient's proportions usually make them.
_UPTAKE_WINDOWS = MappingProxyType(
    {SUV_BODY_WEIGHT: Window(3.5, 7.0), SUV_LEAN_MASS: Window(2.5, 5.0), SUV_BODY_SURFACE: Window(1.0, 2.0)}
)


def apply_window(
    values: NDArray[np.generic],
    window: Window,
    function: VoiFunction = VoiFunction.LINEAR,
    inverted: bool = False,
    presentation: LookupTable | None = None,
) -> NDArray[np.uint8]:
    """Return display values, 0 to 255, of modality values of any shape; NaN is 0 whatever the inversion.

    A window that is a table is looked up, whatever the function. ``presentation`` follows the window.

    Raises
    ------
    WindowRefused
        The window is too narrow for its function.

    Source: PS3.3 C.11.2.1.1 (tables), C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1 (SIGMOID), C.11.2.1.3.2 (LINEAR_EXACT).
    """
    x = np.asarray(values, dtype=np.float64)
    unknown = np.isnan(x)
    shown = _voi(np.where(unknown, 0.0, x), window, function)
    if presentation is not None:
        # The inputs of the table range over all that the window gives. Source: PS3.3 C.11.4.1, C.11.6.1.
        last = len(presentation.words) // 2 - 1
        shown = presentation.outputs(presentation.first + shown / _WHITE * last) * (_WHITE / presentation.highest)
    levels = np.floor(shown + 0.5).astype(np.uint8)
    if inverted:
        levels = (_WHITE - levels).astype(np.uint8)
    levels[unknown] = 0
    return levels


def _voi(known: NDArray[np.float64], window: Window, function: VoiFunction) -> NDArray[np.float64]:
    """Return the output of the window, 0 to 255, not yet rounded."""
    if window.table is not None:
        return window.table.outputs(known) * (_WHITE / window.table.highest)
    shape, a, b, _ = ramp_of(window, function, False)
    if shape == 0:
        return np.clip(a * known + b, 0.0, _WHITE)
    if shape == 1:
        return np.where(known > a, float(_WHITE), 0.0)
    return np.asarray(_WHITE / (1.0 + np.exp(np.clip(a * known + b, -700.0, 700.0))))


def followed(table: LookupTable, window: Window, function: VoiFunction = VoiFunction.LINEAR) -> LookupTable:
    """Return one table of the inputs of ``table`` that gives what the window makes of its outputs.

    Raises
    ------
    WindowRefused
        The window is too narrow for its function.
    """
    shown = _voi(table.entries.astype(np.float64), window, function)
    words = np.floor(shown * (_GREATEST_WORD / _WHITE) + 0.5).astype("<u2")
    return LookupTable(table.first, 16, words.tobytes())


def ramp_of(window: Window, function: VoiFunction, inverted: bool) -> Ramp:
    """Return a window as the numbers that the compiled loops take.

    Raises
    ------
    WindowRefused
        The width is below 1 (LINEAR), or not above 0.
    """
    centre, width = window.centre, window.width
    least = 1.0 if function is VoiFunction.LINEAR else 0.0
    if not np.isfinite(centre) or not np.isfinite(width) or width < least or width <= 0.0:
        raise WindowRefused(f"{function} window of width {width}")
    if function is VoiFunction.SIGMOID:
        return (2, -4.0 / width, 4.0 * centre / width, inverted)
    if function is VoiFunction.LINEAR:
        centre, width = centre - 0.5, width - 1.0
        if width == 0.0:
            return (1, centre, 0.0, inverted)
    return (0, _WHITE / width, _WHITE * (0.5 - centre / width), inverted)


def modality_values(volume: Volume, stored: NDArray[np.generic]) -> NDArray[np.float32]:
    """Return the modality values of stored values of the volume, any shape; padding becomes NaN."""
    exact = np.asarray(stored, dtype=np.float64)
    values = (exact * volume.slope + volume.intercept).astype(np.float32)
    if volume.padding_range is not None:
        low, high = volume.padding_range
        values[(exact >= low) & (exact <= high)] = np.nan
    return values


def slice_values(volume: Volume, k: int) -> NDArray[np.float32]:
    """Return the modality values of slice ``k``, shape (rows, columns); of colour its samples, (rows, columns, 3)."""
    stored = volume.voxels[k]
    return stored.astype(np.float32) if stored.ndim == 3 else modality_values(volume, stored)


def default_window(volume: Volume, k: int | None = None, fitted: Window | None = None) -> Window:
    """Return the window that an image is first shown with: its own first one, else one fitted to its values.

    ``fitted`` is the latter where the caller already has it: finding one takes some milliseconds.
    Slices of one volume share one window, and so do all of an emission image: its sender often fits the window of each
    to its own maximum, so that grey would mean another uptake on each. An uptake has a scale of its own.
    """
    if volume.quantity in _UPTAKE_WINDOWS:
        return _UPTAKE_WINDOWS[volume.quantity]
    has_own = k is not None and not volume.is_spatial and volume.modality != "PT" and k < len(volume.slice_windows)
    own = volume.slice_windows[k] if k is not None and has_own else ()
    windows = own or volume.windows
    return windows[0] if windows else fitted or automatic_window(volume)


def automatic_window(volume: Volume) -> Window:
    """Return a window over all but the most extreme values; padding and NaN take no part."""
    if volume.voxels.ndim != 3:
        return Window(127.5, 255.0)
    step = max(1, round((volume.voxels.size / _GLANCE_VOXELS) ** (1 / 3)))
    glance = modality_values(volume, volume.voxels[(volume.voxels.shape[0] // 2) % step :: step, ::step, ::step])
    known = glance[np.isfinite(glance)]
    if known.size == 0:
        return Window(0.0, 1.0)
    low, high = (float(value) for value in np.percentile(known, (_OUTLIERS_PERCENT, 100 - _OUTLIERS_PERCENT)))
    return Window((low + high) / 2, max(high - low, NARROWEST[volume.voi_function]))
