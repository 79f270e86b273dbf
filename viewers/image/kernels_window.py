"""Compiled windows: modality values to display values, a row at a time, while the row is still in the nearest cache."""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.image.compiled import compiled, compiled_part
from viewers.image.pixels import Ramp


@compiled_part
def linear_row(values: NDArray[np.float32], a: float, b: float, inverted: bool, out: NDArray[np.uint8]) -> None:
    """Map one row through a straight ramp: no branch, so that the processor takes many pixels at once."""
    for column in range(values.size):
        shown = a * values[column] + b
        shown = shown if shown > 0.0 else 0.0
        level = np.int32((shown if shown < 255.0 else 255.0) + 0.5)
        level = np.int32(255) - level if inverted else level
        # NaN alone differs from itself.
        out[column] = level if values[column] == values[column] else np.int32(0)


@compiled_part
def curved_level(value: float, ramp: Ramp) -> float:
    """Return the output of a step or a sigmoid, 0 to 255."""
    shape, a, b, _ = ramp
    if shape == 1:
        return 255.0 if value > a else 0.0
    return 255.0 / (1.0 + math.exp(min(max(a * value + b, -700.0), 700.0)))


@compiled_part
def display_row(values: NDArray[np.float32], ramp: Ramp, out: NDArray[np.uint8]) -> None:
    """Map modality values to display values; NaN is the background, black whatever the inversion."""
    shape, a, b, inverted = ramp
    if shape == 0:
        linear_row(values, a, b, inverted, out)
        return
    for column in range(values.size):
        value = values[column]
        if math.isnan(value):
            out[column] = 0
            continue
        level = int(curved_level(value, ramp) + 0.5)
        out[column] = 255 - level if inverted else level


@compiled
def display_rows(values: NDArray[np.float32], ramp: Ramp, out: NDArray[np.uint8], first: int, last: int) -> None:
    """Map rows ``first`` to ``last`` (not included) of modality values to display values."""
    for row in range(first, last):
        display_row(values[row], ramp, out[row])
