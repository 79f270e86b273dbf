"""What every viewport is that paints itself: its signals, and its frame as the active one or not."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from viewers.identifiers import ViewportId
from viewers.qt.content import KeyPress
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import FRAME, FRAME_ACTIVE


class PaneWidget(QWidget):
    """A viewport of a kind that the plane painter cannot paint.

    Signals
    -------
    activated, maximise_requested, menu_requested, key_pressed
        As in ``ViewportWidget``.
    failed
        A ``ReaderError``: why it shows nothing. The application translates it and calls ``set_message``.
    """

    activated = Signal()
    maximise_requested = Signal()
    menu_requested = Signal(QPoint)
    key_pressed = Signal(object)
    failed = Signal(object)

    def __init__(self, viewport: ViewportId, labels: ViewportLabels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = viewport
        self._labels = labels
        self._message = ""
        self._is_active = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setMinimumSize(120, 120)

    def set_labels(self, labels: ViewportLabels) -> None:
        """Draw other words."""
        self._labels = labels
        self.update()

    def set_message(self, message: str) -> None:
        """Say in words why there is no picture."""
        self._message = message
        self.update()

    def set_active(self, is_active: bool) -> None:
        """Frame the viewport as the active one, or not."""
        if is_active != self._is_active:
            self._is_active = is_active
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the other viewports."""
        return QSize(512, 512)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on every key."""
        self.key_pressed.emit(KeyPress(event.key(), event.modifiers(), event.text()))

    def _draw_frame(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(FRAME_ACTIVE if self._is_active else FRAME, 1.0))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
