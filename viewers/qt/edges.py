"""The strongest edge of a picture near a position, as the reader sees it in the window that is set."""

import math

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from viewers.tools.snap import SNAP_REACH
from viewers.tools.view_plane import PixelPosition

# Grey levels from one device pixel to the next but one; less is noise.
_LEAST = 16.0


def strongest_edge(picture: QImage, position: PixelPosition) -> PixelPosition | None:
    """Return where the picture changes most within reach of a position, in logical pixels; ``None`` where it is even.

    Of edges as strong the nearer one is taken.
    """
    ratio = picture.devicePixelRatio()
    column, row = position[0] * ratio, position[1] * ratio
    reach = math.ceil(SNAP_REACH * ratio)
    around = QRect(math.floor(column) - reach, math.floor(row) - reach, 2 * reach + 1, 2 * reach + 1)
    grey = picture.copy(around).convertToFormat(QImage.Format.Format_Grayscale8)
    flat = np.frombuffer(grey.constBits(), dtype=np.uint8).reshape(grey.height(), grey.bytesPerLine())
    levels = flat[:, : grey.width()].astype(np.float64)
    down, across = np.gradient(levels)
    x = np.arange(grey.width()) + around.left() + 0.5
    y = (np.arange(grey.height()) + around.top() + 0.5)[:, np.newaxis]
    away = np.hypot(x - column, y - row) / (SNAP_REACH * ratio)
    change = np.hypot(2 * across, 2 * down) * (away <= 1.0)
    # Outside the picture everything is one grey: its rim is no edge of the patient.
    inside = (x >= 1) & (y >= 1) & (x <= picture.width() - 1) & (y <= picture.height() - 1)
    change *= inside
    best = divmod(int(np.argmax(change * (1.0 - away / 2))), grey.width())
    if change[best] < _LEAST:
        return None
    return (around.left() + best[1] + 0.5) / ratio, (around.top() + best[0] + 0.5) / ratio
