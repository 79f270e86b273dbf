"""One page of a document as a picture that is scrolled; beyond its ends the wheel turns the page."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QWheelEvent
from PySide6.QtWidgets import QScrollArea

from workstation.shell.labels import plain

_MARGIN = 4


class DocumentPage(QScrollArea):
    """Shows an image fitted to its width, times a zoom. ``turn`` is asked for the next page (1) or the one before."""

    def __init__(self, turn: Callable[[int], None], zoom: Callable[[bool], None]) -> None:
        super().__init__()
        self._turn = turn
        self._zoom = zoom
        self._shown: tuple[QImage, int, float] | None = None
        self._label = plain()
        self._label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setWidget(self._label)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def needed_width(self, zoom: float) -> int:
        """Return how many logical pixels wide a page is shown."""
        room = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width() - _MARGIN
        return max(100, round(room * zoom))

    def show_page(self, image: QImage | None, zoom: float) -> None:
        """Show a page, or nothing while it is being drawn; one that is shown already is not scaled again."""
        if image is None:
            self._shown = None
            self._label.clear()
            return
        ratio = self.devicePixelRatioF()
        width = round(self.needed_width(zoom) * ratio)
        if self._shown is not None and self._shown[0] is image and self._shown[1:] == (width, ratio):
            return
        self._shown = (image, width, ratio)
        shown = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        shown.setDevicePixelRatio(ratio)
        self._label.setPixmap(QPixmap.fromImage(shown))

    def to_end(self, *, is_top: bool) -> None:
        """Scroll to the top or the bottom of the page."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.minimum() if is_top else bar.maximum())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, turn at the ends, zoom with Control."""
        down = event.angleDelta().y() < 0
        bar = self.verticalScrollBar()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(not down)
        elif bar.value() >= bar.maximum() if down else bar.value() <= bar.minimum():
            self._turn(1 if down else -1)
        else:
            super().wheelEvent(event)
        event.accept()
