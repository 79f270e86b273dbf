"""The last rendered picture of a volume, and how large the next one may be: coarse while turning, fine at rest."""

import math
import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

Pixels = NDArray[np.uint8]

# How long one picture may take, while turning and at rest.
_TURNING_S = 0.06
_RESTING_S = 0.5
_REST_MS = 160
_WORTH_REFINING = 1.3
# Pixels per second before anything has been measured: those of software OpenGL on two cores.
_FIRST_RATE = 300_000.0


class Refining(Protocol):
    """Who shows the picture and renders it again when the hand rests."""

    def refine(self, budget_s: float) -> None:
        """Render as finely as a time allows."""


class Rendered(QObject):
    """Pixels of shape (height, width, 3), RGB, and the rate at which they were made."""

    turning_s = _TURNING_S

    def __init__(self, owner: Refining) -> None:
        super().__init__()
        self._owner = owner
        self._shown: object = None
        self._rate = _FIRST_RATE
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

    def render(self, picture: Callable[[int, int], Pixels], size: tuple[float, float], budget_s: float) -> None:
        """Make the largest picture, no larger than ``size`` in pixels, that the measured rate allows."""
        self._size = size
        width, height = self._affordable(budget_s)
        started = time.perf_counter()
        self.pixels = picture(width, height)
        took = time.perf_counter() - started
        self._rate = width * height / max(took, 1e-6)
        self.is_stale = False

    def _refine(self) -> None:
        self._owner.refine(_RESTING_S)
        # The first pictures also load the volume, which makes the machine look slower than it is.
        if self.pixels is not None and self.width * _WORTH_REFINING < self._affordable(_RESTING_S)[0]:
            self._rest.start()

    def _affordable(self, budget_s: float) -> tuple[int, int]:
        width, height = self._size
        share = min(1.0, math.sqrt(budget_s * self._rate / (width * height)))
        return max(1, round(width * share)), max(1, round(height * share))
