"""Reads the letters of the four edges off a painted viewport, by laying every text that they may be over it."""

from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from viewers.geometry.orientation import EdgeLetters
from viewers.qt.furniture import draw_letters

_PAIRS = ("LR", "PA", "HF")
EDGES = ("left", "right", "top", "bottom")
# Half the width and the height, in pixels, of where a text at an edge is looked for.
_REACH = (48, 22)
_LEAST_INK = 12


class LetterReader:
    """For viewports of one size, in device pixels of ratio 1; ``bar`` is the width that is kept free on the right."""

    def __init__(self, width: int, height: int, bar: float = 0.0) -> None:
        self._size = (width, height)
        self._bar = bar
        self._known = {text: self._ink_of(EdgeLetters(text, text, text, text)) for text in _texts()}

    def read(self, painted: NDArray[np.uint8]) -> dict[str, str]:
        """Return the text at each edge, empty where there is none."""
        return {edge: self._read_one(_ink(part), edge) for edge, part in self._parts(painted).items()}

    def _read_one(self, seen: NDArray[np.bool_], edge: str) -> str:
        if seen.sum() < _LEAST_INK:
            return ""
        misses = {text: int((inks[edge] != seen).sum()) for text, inks in self._known.items()}
        best, second = sorted(misses, key=lambda text: misses[text])[:2]
        assert misses[best] < 0.2 * seen.sum(), f"{edge}: no text fits"
        assert misses[second] > misses[best], f"{edge}: {best} or {second}"
        return best

    def _ink_of(self, letters: EdgeLetters) -> dict[str, NDArray[np.bool_]]:
        width, height = self._size
        image = QImage(width, height, QImage.Format.Format_RGB888)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        draw_letters(painter, QRectF(0.0, 0.0, width - self._bar, height), letters)
        painter.end()
        flat = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
        pixels = flat[:, : width * 3].reshape(height, width, 3)
        return {edge: _ink(part) for edge, part in self._parts(pixels).items()}

    def _parts(self, pixels: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
        (width, height), (across, down) = self._size, _REACH
        rows = slice(height // 2 - down // 2, height // 2 + down // 2)
        columns = slice(width // 2 - across // 2, width // 2 + across // 2)
        # The bar at the right edge, and the frame, are no letters.
        return {
            "left": pixels[rows, 2:across],
            "right": pixels[rows, -across:-7],
            "top": pixels[2:down, columns],
            "bottom": pixels[-down:-2, columns],
        }


def _ink(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where the picture, which is grey, has the yellow of the letters."""
    return pixels[:, :, 0].astype(int) - pixels[:, :, 2].astype(int) > 40


def _texts() -> list[str]:
    found = set()
    for length in (1, 2, 3):
        for axes in permutations(range(3), length):
            found |= {"".join(letters) for letters in product(*(_PAIRS[axis] for axis in axes))}
    return sorted(found)
