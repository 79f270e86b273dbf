"""The last rendered picture of a volume, and how large the next one may be: coarse while turning, fine at rest."""

import math
import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

Pixels = NDArray[np.uint8]
# Makes a picture of a width and a height, fine or not.
Make = Callable[[int, int, bool], Pixels]

# How long one picture may take, while turning and at rest.
_TURNING_S = 0.06
_RESTING_S = 0.5
_REST_MS = 160
_WORTH_REFINING = 1.3
# Pixels per second before anything has been measured: those of software OpenGL on two cores.
_FIRST_RATE = 300_000.0


class Refining(Protocol):
    """Who shows the picture and renders it again when the hand rests."""

    def refine(self) -> None:
        """Render as finely as the time at rest allows."""


class Rendered(QObject):
    """Pixels of shape (height, width, 3), RGB, and the rates at which coarse and fine ones are made."""

    def __init__(self, owner: Refining) -> None:
        super().__init__()
        self._owner = owner
        self._shown: object = None
        self._rates = {False: _FIRST_RATE, True: _FIRST_RATE}
        self._size = (1.0, 1.0)
        self.pixels: Pixels | None = None
        self.is_stale = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._refine)

    @property
    def width(self) -> int:
        """How many pixels wide the picture is."""
        return 0 if self.pixels is None else self.pixels.shape[1]

    def change(self, shown: object) -> None:
        """Take note of what is to be rendered; the same as before changes nothing."""
        if shown != self._shown or self.pixels is None:
            self._shown = shown
            self.is_stale = True
            self._rest.start()

    def forget(self) -> None:
        """Let go of the picture."""
        self._rest.stop()
        self.pixels = self._shown = None
        self.is_stale = False

    def render(self, make: Make, size: tuple[float, float], *, is_fine: bool) -> None:
        """Make the largest picture, no larger than ``size`` in pixels, that the measured rate allows."""
        self._size = size
        width, height = self._affordable(is_fine)
        started = time.perf_counter()
        self.pixels = make(width, height, is_fine)
        took = time.perf_counter() - started
        self._rates[is_fine] = width * height / max(took, 1e-6)
        self.is_stale = False

    def _refine(self) -> None:
        self._owner.refine()
        # The first pictures also load the volume, which makes the machine look slower than it is.
        if self.pixels is not None and self.width * _WORTH_REFINING < self._affordable(is_fine=True)[0]:
            self._rest.start()

    def _affordable(self, is_fine: bool) -> tuple[int, int]:
        width, height = self._size
        pixels = self._rates[is_fine] * (_RESTING_S if is_fine else _TURNING_S)
        share = min(1.0, math.sqrt(pixels / (width * height)))
        return max(1, round(width * share)), max(1, round(height * share))
