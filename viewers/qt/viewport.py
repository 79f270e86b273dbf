"""One viewport: pixels, overlay and pointer. It is shown a content and says what the reader asked for.

It holds nothing that must survive it: a press in progress, and the last picture. Sizes given to ``resolve`` are in
device pixels; positions of the pointer and of what is drawn are in logical pixels.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QCursor,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QWidget

from viewers.errors import ReaderError
from viewers.identifiers import AnnotationId, ViewportId
from viewers.image.bands import Bands, OneBand
from viewers.qt.canvas import Canvas
from viewers.qt.cell import CellWidget
from viewers.qt.content import KeyPress, ViewportContent
from viewers.qt.cursors import cursor_of
from viewers.qt.furniture import draw_message
from viewers.qt.keys import own_key
from viewers.qt.labels import ViewportLabels
from viewers.qt.mouse import Mouse
from viewers.qt.overlay import view_plane
from viewers.qt.palette import BACKGROUND, TEXT_DIM, WARNING
from viewers.qt.scroll_bar import ScrollGrip, is_on_bar
from viewers.qt.seen import Seen
from viewers.qt.wheel import Wheel, pinched
from viewers.tools.base import Button
from viewers.tools.intents import Intent
from viewers.tools.pointer import ActiveTool, MouseProfile, Pointer
from viewers.tools.registry import TOOLS

_ONE_BAND = OneBand()


class ViewportWidget(CellWidget):
    """A viewport that cuts planes; where a picture could not be made it shows ``labels.failed``.

    Keys that are its own: Escape with a mark in hand, Delete with one selected.

    Signals
    -------
    lens_let_go
        The key that the lens was held by was released.
    """

    lens_let_go = Signal()

    def __init__(
        self,
        viewport: ViewportId,
        new_id: Callable[[], AnnotationId],
        labels: ViewportLabels,
        profile: MouseProfile | None = None,
        bands: Bands = _ONE_BAND,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(viewport, labels, parent)
        self._pointer = Pointer(new_id, profile or MouseProfile())
        self._bar = ScrollGrip()
        self._canvas = Canvas(bands)
        self._mouse = Mouse(self._pointer, self._canvas.edge)
        self._wheel = Wheel()
        self._seen: Seen | None = None
        self._told: Seen | None = None
        self.setMouseTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)

    def show_content(self, content: ViewportContent | None) -> None:
        """Show a content, or an empty viewport. Painting follows in the event loop, once for several calls."""
        before = self._seen
        self._seen = None if content is None else Seen(content, view_plane(content, self.devicePixelRatioF()))
        if content is None:
            self._mouse.forget()
        if self._seen is None or not self._seen.is_same_slice(before):
            self._pointer.drop_mark()
        self._canvas.turn_to(self._seen, before)
        self.update()

    def set_tool(self, tool: ActiveTool) -> None:
        """Choose what the left button does: a ``Navigation`` or the id of a measuring tool."""
        self._pointer.cancel()
        self._pointer.tool = tool
        self.setCursor(cursor_of(None, tool))
        self.update()

    def set_profile(self, profile: MouseProfile) -> None:
        """Choose what the buttons do; the left one too, unless it holds a measuring tool."""
        self._pointer.profile = profile
        if self._pointer.tool not in TOOLS:
            self._pointer.tool = profile.left

    def set_lens(self, is_on: bool) -> None:
        """Hold a lens under the pointer, or put it away."""
        here = QPointF(self.mapFromGlobal(QCursor.pos())) if self.underMouse() else None
        self._canvas.lens.turn(here, is_on=is_on)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, computed only when it has changed, and what lies over it."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), BACKGROUND)
        if self._seen is None:
            draw_message(painter, QRectF(self.rect()), self._labels.empty, TEXT_DIM)
        else:
            self._paint(painter, self._seen)
        self._draw_frame(painter)
        painter.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of pixels and volume."""
        self.show_content(None)
        super().closeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag or a mark, or take hold of the bar at the edge."""
        self.activated.emit()
        if self._bar.is_held:
            return
        is_left = self._mouse.button(event) is Button.LEFT
        scrolled = self._bar.press(event.position(), QRectF(self.rect()), self._canvas.track) if is_left else None
        self._send(self._mouse.press(event, self._seen) if scrolled is None else scrolled)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer; its shape tells what a press would do."""
        self._canvas.lens.position = event.position()
        if self._bar.is_held:
            self._send(self._bar.drag(event.position(), QRectF(self.rect()), self._canvas.track))
        elif self._pointer.is_busy:
            self._send(self._mouse.move(event, self._seen))
        else:
            self._send(self._mouse.point(event, self._seen))
            self._hover(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the lens away; a scroll that runs on is no longer for this viewport."""
        super().leaveEvent(event)
        self._canvas.lens.position = None
        self._wheel.leave()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; a right click that never became one asks for the menu."""
        button = self._mouse.button(event)
        if self._bar.is_held and button is Button.LEFT:
            self._bar.release()
            return
        was_click = self._pointer.is_click(button) or self._seen is None
        self._send(self._mouse.release(event, self._seen))
        if button is Button.RIGHT and was_click:
            self.menu_requested.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise, unless the second click ends a mark or falls on the bar."""
        on_bar = self._canvas.track is not None and is_on_bar(QRectF(self.rect()), event.position())
        if on_bar or self._mouse.button(event) is not Button.LEFT:
            self.mousePressEvent(event)
            return
        intents = self._mouse.goes_on(event, self._seen)
        self._send(intents or ())
        if intents is None:
            self.maximise_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll by slices; with Control, zoom about the pointer; with Shift, move the picture."""
        intents = self._wheel.turn(event)
        if self._seen is not None:
            self._send(intents)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Zoom by two fingers, on a touchpad or on the screen."""
        if not isinstance(event, QNativeGestureEvent | QGestureEvent):
            return super().event(event)
        intents = pinched(event, self)
        if self._seen is not None:
            self._send(intents)
        return bool(intents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Escape and Delete where they have something to do here; hand on every other key."""
        intents = own_key(event, self._pointer, self._seen)
        if intents is None:
            self.key_pressed.emit(KeyPress(event.key(), event.modifiers(), event.text(), event.isAutoRepeat()))
        else:
            self._send(intents)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Put the lens away when the key it was held by is released; a short press leaves it there."""
        super().keyReleaseEvent(event)
        if not event.isAutoRepeat() and self._canvas.lens.is_let_go():
            self.lens_let_go.emit()

    def _hover(self, event: QMouseEvent) -> None:
        if self._canvas.track is not None and is_on_bar(QRectF(self.rect()), event.position()):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setCursor(cursor_of(self._mouse.under(event, self._seen), self._pointer.tool))
        # The values under the pointer, and what the lens shows, follow it.
        self.update()

    def _paint(self, painter: QPainter, seen: Seen) -> None:
        area = QRectF(self.rect())
        try:
            self._canvas.paint(painter, area, seen, self._pointer, self._labels)
        except ReaderError as error:
            draw_message(painter, area, self._labels.failed, WARNING)
            if seen is not self._told:
                self._told = seen
                self.failed.emit(error)

    def _send(self, intents: tuple[Intent, ...]) -> None:
        for intent in intents:
            self.intent.emit(intent)
        self.update()
