"""Display shutters: what the sender wants covered. Applied to display values only, never to what is measured.

Source: PS3.3 C.7.6.11 (Display Shutter), C.7.6.15 (Bitmap Display Shutter).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewers.image.overlay import Overlay

Box = tuple[int, int, int, int]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shutter:
    """Shapes whose inside stays visible, rows and columns from 0; what lies outside any of them is covered.

    ``box`` is (top, bottom, left, right), edges visible; ``circle`` is (row, column, radius); ``polygon`` its corners
    (row, column); ``overlay_group`` names the overlay whose set pixels are covered. ``level`` is the display value of
    what is covered, 0 to 255.
    """

    box: Box | None = None
    circle: tuple[int, int, int] | None = None
    polygon: tuple[Place, ...] = ()
    overlay_group: int | None = None
    level: int = 0

    def covered(self, rows: int, columns: int, overlays: tuple[Overlay, ...]) -> NDArray[np.bool_]:
        """Return which pixels of an image are covered, shape (rows, columns)."""
        down, across = np.arange(rows)[:, np.newaxis], np.arange(columns)
        visible = np.ones((rows, columns), np.bool_)
        if self.box is not None:
            top, bottom, left, right = self.box
            visible &= (down >= top) & (down <= bottom) & (across >= left) & (across <= right)
        if self.circle is not None:
            row, column, radius = self.circle
            visible &= (down - row) ** 2 + (across - column) ** 2 <= radius**2
        if self.polygon:
            visible &= _inside(self.polygon, down, across)
        for overlay in overlays:
            if overlay.group == self.overlay_group:
                visible &= ~overlay.mask
        return ~visible

    def thinned(self, step: int) -> "Shutter":
        """Return the shutter of the image with every ``step``-th row and column."""
        box, circle = self.box, self.circle
        if box is not None:
            box = (box[0] // step, box[1] // step, box[2] // step, box[3] // step)
        if circle is not None:
            circle = (circle[0] // step, circle[1] // step, circle[2] // step)
        polygon = tuple((row // step, column // step) for row, column in self.polygon)
        return replace(self, box=box, circle=circle, polygon=polygon)


def _inside(corners: tuple[Place, ...], down: NDArray[np.int64], across: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the pixels whose centre is inside a polygon, by the number of edges to the right of it."""
    inside = np.zeros((down.size, across.size), np.bool_)
    for (row, column), (next_row, next_column) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if row == next_row:
            continue
        passes = (down >= min(row, next_row)) & (down < max(row, next_row))
        meets = column + (down - row) * (next_column - column) / (next_row - row)
        inside ^= passes & (across < meets)
    return inside | _on_edges(corners, down, across)


def _on_edges(corners: tuple[Place, ...], down: NDArray[np.int64], across: NDArray[np.int64]) -> NDArray[np.bool_]:
    on_edge = np.zeros((down.size, across.size), np.bool_)
    for (row, column), (next_row, next_column) in zip(corners, (*corners[1:], corners[0]), strict=True):
        line = (across - column) * (next_row - row) == (down - row) * (next_column - column)
        within = (down >= min(row, next_row)) & (down <= max(row, next_row))
        within = within & (across >= min(column, next_column)) & (across <= max(column, next_column))
        on_edge |= line & within
    return on_edge
