"""What every widget in a cell of the grid is: its signals, its size in device pixels, its frame as the active one."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from viewers.identifiers import ViewportId
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import FRAME, FRAME_ACTIVE
from viewers.state.resolved import ViewportSize


class CellWidget(QWidget):
    """A viewport of whatever kind.

    Signals
    -------
    intent
        An ``Intent`` of ``viewers.tools.intents``.
    activated
        The reader pressed a button over it.
    maximise_requested
        A double click that placed no mark.
    menu_requested
        A right click without a drag, with the global position.
    key_pressed
        A ``KeyPress`` that is not the viewport's own.
    resized
        The new ``ViewportSize``, in device pixels: resolve and show again.
    failed
        A ``ReaderError``: why it shows nothing.
    """

    intent = Signal(object)
    activated = Signal()
    maximise_requested = Signal()
    menu_requested = Signal(QPoint)
    key_pressed = Signal(object)
    resized = Signal(object)
    failed = Signal(object)

    def __init__(self, viewport: ViewportId, labels: ViewportLabels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = viewport
        self._labels = labels
        self._is_active = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setMinimumSize(120, 120)

    def set_labels(self, labels: ViewportLabels) -> None:
        """Draw other words."""
        self._labels = labels
        self.update()

    def set_active(self, is_active: bool) -> None:
        """Frame the viewport as the active one, or not."""
        if is_active != self._is_active:
            self._is_active = is_active
            self.update()

    def size_in_pixels(self) -> ViewportSize:
        """Return the size in device pixels, as ``resolve`` takes it."""
        ratio = self.devicePixelRatioF()
        return ViewportSize(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))

    def sizeHint(self) -> QSize:
        """Return a size that shows a CT slice as it is."""
        return QSize(512, 512)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a view of the new size."""
        super().resizeEvent(event)
        self.resized.emit(self.size_in_pixels())

    def changeEvent(self, event: QEvent) -> None:
        """Ask for a view again when the window moved to a screen of another density."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.resized.emit(self.size_in_pixels())

    def _draw_frame(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(FRAME_ACTIVE if self._is_active else FRAME, 1.0))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
