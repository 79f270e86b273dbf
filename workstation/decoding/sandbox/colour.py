"""Luminance and chrominance to RGB. Source: PS3.3 C.7.6.3.1.2."""

import numpy as np
from numpy.typing import NDArray


def rgb_from_ybr(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return RGB for YBR_FULL values of eight bits, shape (..., 3)."""
    luminance = values[..., 0].astype(np.float32)
    blue = values[..., 1].astype(np.float32) - 128
    red = values[..., 2].astype(np.float32) - 128
    rgb = np.empty(values.shape, np.float32)
    rgb[..., 0] = luminance + 1.402 * red
    rgb[..., 1] = luminance - (0.114 * 1.772 / 0.587) * blue - (0.299 * 1.402 / 0.587) * red
    rgb[..., 2] = luminance + 1.772 * blue
    np.floor(rgb + 0.5, out=rgb)
    return np.clip(rgb, 0, 255).astype(np.uint8)


def rgb_from_partial(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return RGB for YBR_PARTIAL values of eight bits, whose luminance runs from 16 to 235, shape (..., 3).

    Retired, but met in the files of scanners that digitised video. Source: PS3.3-2017b C.7.6.3.1.2.
    """
    luminance = 1.1644 * (values[..., 0].astype(np.float32) - 16)
    blue = values[..., 1].astype(np.float32) - 128
    red = values[..., 2].astype(np.float32) - 128
    rgb = np.empty(values.shape, np.float32)
    rgb[..., 0] = luminance + 1.5960 * red
    rgb[..., 1] = luminance - 0.3917 * blue - 0.8129 * red
    rgb[..., 2] = luminance + 2.0173 * blue
    np.floor(rgb + 0.5, out=rgb)
    return np.clip(rgb, 0, 255).astype(np.uint8)


def ybr_from_422(raw: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """Return YBR_FULL, shape (rows, columns, 3), for pairs of pixels stored as Y1 Y2 Cb Cr. Source: PS3.5 8.2, D."""
    pairs = raw.reshape(rows, columns // 2, 4)
    full = np.empty((rows, columns // 2, 2, 3), np.uint8)
    full[..., 0] = pairs[..., :2]
    full[..., 1] = pairs[..., 2:3]
    full[..., 2] = pairs[..., 3:4]
    return full.reshape(rows, columns, 3)
