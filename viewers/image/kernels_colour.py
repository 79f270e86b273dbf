"""Compiled loops that turn modality values into colours. Imported late, as the other kernels."""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled
from viewers.image.kernels_window import display_row
from viewers.image.pixels import Ramp


@compiled
def colour_rows(
    values: NDArray[np.float32],
    ramp: Ramp,
    colours: NDArray[np.uint32],
    out: NDArray[np.uint32],
    first: int,
    last: int,
) -> None:
    """Look the display level of each value up in ``colours``, shape (256,); NaN is 0, clear."""
    levels = np.empty(values.shape[1], dtype=np.uint8)
    for row in range(first, last):
        display_row(values[row], ramp, levels)
        for column in range(levels.size):
            out[row, column] = 0 if math.isnan(values[row, column]) else colours[levels[column]]
