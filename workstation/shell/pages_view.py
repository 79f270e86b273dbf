"""Pages of a document as pictures, one below the other; what is shown is what a worker process drew."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from workstation.shell.labels import plain

Page = NDArray[np.uint8]


class PagesView(QScrollArea):
    """Shows pages fitted to its width; nothing in them is active."""

    def __init__(self) -> None:
        super().__init__()
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(6, 6, 6, 6)
        self.setWidgetResizable(True)
        self.setWidget(self._content)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def page_count(self) -> int:
        """How many pages are shown."""
        return self._column.count()

    def show_pages(self, pages: Sequence[Page]) -> None:
        """Replace the pages, each of shape (height, width, 3)."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for page in pages:
            label = plain()
            label.setPixmap(QPixmap.fromImage(image_of(page)))
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._column.addWidget(label)


def image_of(page: Page) -> QImage:
    """Return pixels of shape (height, width, 3), RGB, as an image that owns its bytes."""
    pixels = np.ascontiguousarray(page)
    height, width = pixels.shape[:2]
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
