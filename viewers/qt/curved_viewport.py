"""A curved picture: a volume along a path, laid straight, with the section across the path where the pointer is.

The left button turns the picture about the path, or, with the tool for lengths, tells the length of a stretch of it;
every other tool is refused in words, because no other length of the picture is one in the patient.
"""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QCloseEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from viewers.errors import ReaderError
from viewers.geometry.centreline import Centreline, centreline
from viewers.identifiers import ViewportId
from viewers.image.bands import Bands
from viewers.image.curved import StraightGrid
from viewers.qt.content import ViewportContent
from viewers.qt.corners import draw_corners, mark_lines
from viewers.qt.curved_painter import Laid, draw_along, draw_section, told_lines
from viewers.qt.curved_picture import CurvedPictures
from viewers.qt.furniture import MARGIN, draw_letters, draw_message
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import BACKGROUND, TEXT_DIM, WARNING
from viewers.qt.pane import PaneWidget
from viewers.qt.wheel import Wheel
from viewers.state.curved_look import CurvedLook
from viewers.tools.base import Button
from viewers.tools.curved_pointer import CurvedPointer, PathPlace
from viewers.tools.intents import Intent, SetCurve
from viewers.tools.pointer import ActiveTool


class CurvedViewport(PaneWidget):
    """A viewport for a curved picture. It says ``SetCurve``, ``PanBy``, ``ZoomBy`` and ``ScrollBy``, which turns."""

    def __init__(
        self, viewport: ViewportId, labels: ViewportLabels, bands: Bands, parent: QWidget | None = None
    ) -> None:
        super().__init__(viewport, labels, parent)
        self._content: ViewportContent | None = None
        self._pictures = CurvedPictures(bands)
        self._pointer = CurvedPointer(viewport)
        self._wheel = Wheel()
        self.setMouseTracking(True)

    def show_content(self, content: ViewportContent | None) -> None:
        """Show a content, or nothing."""
        self._content = content
        self._message = ""
        if content is None:
            self._pictures.forget()
        self.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of pixels and volume."""
        self.show_content(None)
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and what lies over it."""
        del event
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(self.rect(), BACKGROUND)
        laid = self._laid()
        if self._message:
            draw_message(painter, area, self._message, WARNING)
        elif self._content is None:
            draw_message(painter, area, self._labels.empty, TEXT_DIM)
        elif laid is None:
            draw_message(painter, area, self._labels.curved_empty, TEXT_DIM)
        else:
            self._paint(painter, area, self._content, *laid)
        self._draw_frame(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to turn, to measure, to move or to zoom."""
        self.activated.emit()
        curve = self._curve()
        if curve is not None and self._laid() is not None:
            button = self._button(event)
            self._send(self._pointer.press(self._place(event.position()), button, curve))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand; point at the place along the path that the pointer is on."""
        curve = self._curve()
        if curve is None or self._laid() is None:
            return
        place = self._place(event.position())
        if self._pointer.is_busy:
            self._send(self._pointer.move(place))
        else:
            self._point_at(curve, place.along_mm)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; a right click that never became one asks for the menu."""
        button = self._button(event)
        was_click = self._pointer.release(button) or self._laid() is None
        if button is Button.RIGHT and was_click:
            self.menu_requested.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise."""
        if self._button(event) is Button.LEFT:
            self.maximise_requested.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing; a scroll that runs on is no longer for this viewport."""
        super().leaveEvent(event)
        self._wheel.leave()
        curve = self._curve()
        if curve is not None:
            self._point_at(curve, None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn about the path; with Control, zoom about the pointer."""
        if self._content is not None:
            self._send(self._wheel.turn(event))
        event.accept()

    def set_tool(self, tool: ActiveTool) -> None:
        """Choose what the left button does, where that means something along a path."""
        super().set_tool(tool)
        self._pointer.tool = tool

    def _send(self, intents: tuple[Intent, ...]) -> None:
        for intent in intents:
            self.intent.emit(intent)
        self.update()

    def _point_at(self, curve: CurvedLook, along_mm: float | None) -> None:
        if curve.pointed_mm != along_mm:
            self.intent.emit(SetCurve(self.viewport, replace(curve, pointed_mm=along_mm)))

    def _curve(self) -> CurvedLook | None:
        view = None if self._content is None else self._content.resolved.curved
        return None if view is None else view.curve

    def _laid(self) -> tuple[Centreline, StraightGrid] | None:
        view = None if self._content is None else self._content.resolved.curved
        line = None if view is None else centreline(view.curve.points_lps)
        return None if view is None or line is None or view.grid is None else (line, view.grid)

    def _place(self, position: QPointF) -> PathPlace:
        """Return where a position of the widget lies; beyond the ends, the end."""
        laid, ratio = self._laid(), self.devicePixelRatioF()
        at = (position.x(), position.y())
        if laid is None:
            return PathPlace(at, None, None)
        line, grid = laid
        column, row = at[0] * ratio - 0.5, at[1] * ratio - 0.5
        along = min(max(grid.along_of(column), 0.0), line.length_mm)
        return PathPlace(at, along, grid.point_of(line, column, row))

    def _paint(
        self, painter: QPainter, area: QRectF, content: ViewportContent, line: Centreline, grid: StraightGrid
    ) -> None:
        view = content.resolved.curved
        curve = CurvedLook() if view is None else view.curve
        pointed = curve.pointed_mm
        try:
            picture = self._pictures.straightened(content, line, grid)
            section = None if pointed is None else self._pictures.section(content, line, grid, pointed)
        except ReaderError as error:
            draw_message(painter, area, self._labels.failed, WARNING)
            self.failed.emit(error)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(area, picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        draw_along(painter, area, Laid(line, grid, self.devicePixelRatioF()), curve, self._labels)
        inner = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        refused = (self._labels.curved_refused,) if self._pointer.is_refused else ()
        marks = mark_lines(content.resolved, (*content.warnings, *refused), self._labels)
        told = told_lines(content.resolved, line, curve, self._labels)
        *_, bottom_right, _ = draw_corners(painter, inner, content.identity, content.series, told, marks)
        if section is not None:
            bottom = inner.bottom() if bottom_right.isNull() else bottom_right.top()
            draw_section(painter, inner, bottom, section, self.devicePixelRatioF())
        if content.resolved.edges is not None:
            draw_letters(painter, area, content.resolved.edges)
