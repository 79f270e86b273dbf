"""Pages of a document as pictures, one below the other; what is shown is what a worker process drew."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from workstation.shell.labels import plain

Page = NDArray[np.uint8]
_MARGIN = 6


class PagesView(QScrollArea):
    """Shows pages fitted to its width; nothing in them is active."""

    def __init__(self) -> None:
        super().__init__()
        self._images: list[QImage] = []
        self._labels: list[QLabel] = []
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self.setWidgetResizable(True)
        self.setWidget(self._content)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def page_count(self) -> int:
        """How many pages are shown."""
        return len(self._images)

    def show_pages(self, pages: Sequence[Page]) -> None:
        """Replace the pages, each of shape (height, width, 3)."""
        for label in self._labels:
            self._column.removeWidget(label)
            label.deleteLater()
        self._images = [image_of(page) for page in pages]
        self._labels = [plain() for _ in pages]
        for label in self._labels:
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._column.addWidget(label)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pages to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = max(100, self.viewport().width() - 2 * _MARGIN)
        for label, image in zip(self._labels, self._images, strict=True):
            shown = image.scaledToWidth(min(width, image.width()), Qt.TransformationMode.SmoothTransformation)
            label.setPixmap(QPixmap.fromImage(shown))


def image_of(page: Page) -> QImage:
    """Return pixels of shape (height, width, 3), RGB, as an image that owns its bytes."""
    pixels = np.ascontiguousarray(page)
    height, width = pixels.shape[:2]
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
