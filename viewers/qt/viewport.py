"""One viewport: pixels, overlay and pointer. It is shown a content and says what the reader asked for.

It holds nothing that must survive it: a press in progress, and the last picture. Sizes given to ``resolve`` are in
device pixels; positions of the pointer and of what is drawn are in logical pixels.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from viewers.annotations.calibration import CALIBRATION, calibrated
from viewers.annotations.model import Annotation, Measurement
from viewers.errors import ReaderError
from viewers.geometry.frame import dot
from viewers.identifiers import AnnotationId, ViewportId
from viewers.image.bands import Bands, OneBand
from viewers.qt.content import KeyPress, ViewportContent
from viewers.qt.furniture import draw_message
from viewers.qt.graphics import SegmentPainter
from viewers.qt.labels import ViewportLabels
from viewers.qt.overlay import draw_overlay, drawn_marks, view_plane
from viewers.qt.palette import BACKGROUND, FRAME, FRAME_ACTIVE, TEXT_DIM, WARNING
from viewers.qt.picture import PictureSource
from viewers.state.resolved import ViewportSize
from viewers.tools.base import Button, PointerEvent
from viewers.tools.intents import Intent, ScrollBy, ZoomBy
from viewers.tools.navigate import WindowBasis
from viewers.tools.pointer import ActiveTool, MouseProfile, Pointer, PointerContext
from viewers.tools.registry import TOOLS, measure
from viewers.tools.view_plane import ViewPlane

_ONE_BAND = OneBand()
_NOTCH = 120
_SAME_PLANE_MM = 1e-3
_SAME_NORMAL_COSINE = 1.0 - 1e-9
_ZOOM_PER_NOTCH = 1.15
_BUTTONS = {
    Qt.MouseButton.LeftButton: Button.LEFT,
    Qt.MouseButton.MiddleButton: Button.MIDDLE,
    Qt.MouseButton.RightButton: Button.RIGHT,
}
_DELETE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class ViewportWidget(QWidget):
    """A viewport.

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
        A ``KeyPress`` that is not the viewport's own (Escape with a mark in hand, Delete with one selected).
    resized
        The new ``ViewportSize``, in device pixels: resolve and show again.
    failed
        A ``ReaderError``: the picture could not be made; the viewport shows ``labels.failed``.
    """

    intent = Signal(object)
    activated = Signal()
    maximise_requested = Signal()
    menu_requested = Signal(QPoint)
    key_pressed = Signal(object)
    resized = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        viewport: ViewportId,
        new_id: Callable[[], AnnotationId],
        labels: ViewportLabels,
        profile: MouseProfile | None = None,
        bands: Bands = _ONE_BAND,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.viewport = viewport
        self._labels = labels
        self._pointer = Pointer(new_id, profile or MouseProfile())
        self._pictures = PictureSource(bands)
        self._segments = SegmentPainter()
        self._content: ViewportContent | None = None
        self._view: ViewPlane | None = None
        self._values: dict[Annotation, Measurement] = {}
        self._told: ViewportContent | None = None
        self._wheel = 0
        self._is_active = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setMouseTracking(True)
        self.setMinimumSize(120, 120)

    def show_content(self, content: ViewportContent | None) -> None:
        """Show a content, or an empty viewport. Painting follows in the event loop, once for several calls."""
        before = self._content
        if content is None or before is None or not _is_same_slice(content, before):
            self._pointer.drop_mark()
        if content is None or before is None or _measures_differ(content, before):
            self._values.clear()
        if content is None:
            self._pictures.forget()
            self._segments.forget()
        self._content = content
        self._view = None if content is None else view_plane(content, self.devicePixelRatioF())
        self.update()

    def set_tool(self, tool: ActiveTool) -> None:
        """Choose what the left button does: a ``Navigation`` or the id of a measuring tool."""
        self._pointer.cancel()
        self._pointer.tool = tool
        self.setCursor(Qt.CursorShape.CrossCursor if tool in TOOLS else Qt.CursorShape.ArrowCursor)
        self.update()

    def set_profile(self, profile: MouseProfile) -> None:
        """Choose what the buttons do; the left one too, unless it holds a measuring tool."""
        self._pointer.profile = profile
        if self._pointer.tool not in TOOLS:
            self._pointer.tool = profile.left

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, computed only when it has changed, and what lies over it."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), BACKGROUND)
        if self._content is None or self._view is None:
            draw_message(painter, QRectF(self.rect()), self._labels.empty, TEXT_DIM)
        else:
            self._paint(painter, self._content, self._view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(FRAME_ACTIVE if self._is_active else FRAME, 1.0))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a view of the new size."""
        super().resizeEvent(event)
        self.resized.emit(self.size_in_pixels())

    def changeEvent(self, event: QEvent) -> None:
        """Ask for a view again when the window moved to a screen of another density."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.resized.emit(self.size_in_pixels())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of pixels and volume."""
        self.show_content(None)
        super().closeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag or a mark."""
        self.activated.emit()
        at = self._pointer_event(event)
        if at is not None and self._content is not None:
            self._send(self._pointer.press(at, self._context(self._content)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        at = self._pointer_event(event)
        if at is not None and self._pointer.is_busy:
            self._send(self._pointer.move(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; a right click that never became one asks for the menu."""
        was_click = self._pointer.is_click()
        at = self._pointer_event(event)
        if at is not None:
            self._send(self._pointer.release(at))
        if event.button() == Qt.MouseButton.RightButton and (was_click or at is None):
            self.menu_requested.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise, unless the second click ends a mark."""
        if event.button() != Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
            return
        at = self._pointer_event(event)
        if self._pointer.preview is not None and at is not None and self._content is not None:
            intents = self._pointer.press(at, self._context(self._content))
            self._send(intents)
            if intents:
                return
        self._pointer.cancel()
        self.maximise_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll by slices; with Control, zoom about the pointer. Fractions of a notch add up."""
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        if notches and self._content is not None:
            position = event.position()
            zoom = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            factor = _ZOOM_PER_NOTCH**notches
            self._send((ZoomBy(factor, (position.x(), position.y())) if zoom else ScrollBy(-notches),))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Escape and Delete where they have something to do here; hand on every other key."""
        content = self._content
        if event.key() == Qt.Key.Key_Escape and self._pointer.cancel():
            self.update()
        elif event.key() in _DELETE_KEYS and content is not None and content.selected is not None:
            self._send(self._pointer.delete(content.selected, content.annotations))
        else:
            self.key_pressed.emit(KeyPress(event.key(), event.modifiers(), event.text()))

    def _paint(self, painter: QPainter, content: ViewportContent, view: ViewPlane) -> None:
        area = QRectF(self.rect())
        try:
            frame = self._pictures.frame(content, self._pointer.is_navigating)
        except ReaderError as error:
            draw_message(painter, area, self._labels.failed, WARNING)
            if content is not self._told:
                self._told = content
                self.failed.emit(error)
            return
        frame.setDevicePixelRatio(self.devicePixelRatioF())
        painter.drawImage(QPointF(0.0, 0.0), frame)
        if content.segments:
            self._segments.draw(painter, view, content.segments)
        marks = drawn_marks(
            content, view, self._pointer.preview, lambda one: self._measured(one, content), self._labels
        )
        draw_overlay(painter, area, content, view, marks, self._labels)

    def _measured(self, annotation: Annotation, content: ViewportContent) -> Measurement:
        volume = calibrated(content.volume, content.annotations)
        if annotation == self._pointer.preview:
            return measure(annotation, volume)
        if annotation not in self._values:
            self._values[annotation] = measure(annotation, volume)
        return self._values[annotation]

    def _pointer_event(self, event: QMouseEvent) -> PointerEvent | None:
        if self._view is None:
            return None
        position: QPointF = event.position()
        modifiers = event.modifiers()
        return PointerEvent(
            position=(position.x(), position.y()),
            view=self._view,
            button=_BUTTONS.get(event.button(), Button.NONE),
            shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            control=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
        )

    def _context(self, content: ViewportContent) -> PointerContext:
        resolved = content.resolved
        return PointerContext(content.annotations, WindowBasis(resolved.window, resolved.voi_function))

    def _send(self, intents: tuple[Intent, ...]) -> None:
        for intent in intents:
            self.intent.emit(intent)
        self.update()


def _is_same_slice(content: ViewportContent, before: ViewportContent) -> bool:
    """Whether a mark in hand still lies in the picture; its points must not end on two slices."""
    plane, old = content.resolved.plane, before.resolved.plane
    return (
        content.volume is before.volume
        and content.resolved.slice_index == before.resolved.slice_index
        and abs(plane.distance_mm(old.origin_lps)) < _SAME_PLANE_MM
        and abs(dot(plane.normal, old.normal)) > _SAME_NORMAL_COSINE
    )


def _measures_differ(content: ViewportContent, before: ViewportContent) -> bool:
    is_other_volume = content.volume is not before.volume or content.revision != before.revision
    return is_other_volume or _calibrations(content) != _calibrations(before)


def _calibrations(content: ViewportContent) -> tuple[Annotation, ...]:
    return tuple(one for one in content.annotations if one.tool == CALIBRATION)
