"""What every viewport is that paints itself: its signals, and its frame as the active one or not."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from viewers.identifiers import ViewportId
from viewers.qt.content import KeyPress
from viewers.qt.labels import ViewportLabels
from viewers.qt.mouse import button_of
from viewers.qt.palette import FRAME, FRAME_ACTIVE
from viewers.state.resolved import ViewportSize
from viewers.tools.base import Button
from viewers.tools.navigate import Navigation
from viewers.tools.pointer import ActiveTool, MouseProfile


class PaneWidget(QWidget):
    """A viewport of a kind that the plane painter cannot paint.

    Signals
    -------
    intent, activated, maximise_requested, menu_requested, key_pressed, resized
        As in ``ViewportWidget``.
    failed
        A ``ReaderError``: why it shows nothing. The application translates it and calls ``set_message``.
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
        self._message = ""
        self._tool: ActiveTool = Navigation.WINDOW
        self._is_left_handed = False
        self._is_active = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setMinimumSize(120, 120)

    def set_labels(self, labels: ViewportLabels) -> None:
        """Draw other words."""
        self._labels = labels
        self.update()

    def set_tool(self, tool: ActiveTool) -> None:
        """Choose what the left button does, where a tool means something here."""
        self._tool = tool

    def set_profile(self, profile: MouseProfile) -> None:
        """Let left and right buttons change places for a left hand."""
        self._is_left_handed = profile.is_left_handed

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

    def size_in_pixels(self) -> ViewportSize:
        """Return the size in device pixels, as ``resolve`` takes it."""
        ratio = self.devicePixelRatioF()
        return ViewportSize(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a view of the new size."""
        super().resizeEvent(event)
        self.resized.emit(self.size_in_pixels())

    def changeEvent(self, event: QEvent) -> None:
        """Ask for a view again when the window moved to a screen of another density."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.resized.emit(self.size_in_pixels())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on every key."""
        self.key_pressed.emit(KeyPress(event.key(), event.modifiers(), event.text()))

    def _button(self, event: QMouseEvent) -> Button:
        return button_of(event, is_left_handed=self._is_left_handed)

    def _draw_frame(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(FRAME_ACTIVE if self._is_active else FRAME, 1.0))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
