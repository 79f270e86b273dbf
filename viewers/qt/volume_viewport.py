"""A volume in 3D: the picture that VTK renders off-screen, turned by the mouse.

VTK is imported when the first volume is shown. Where the machine or the series does not allow 3D, the viewport says so
in words. Pictures are made as large as they can be within a time that is measured on the machine at hand: coarse while
turning, finer once the hand rests.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCloseEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from viewers.errors import ReaderError
from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.qt.box_painter import draw_box, draw_picked
from viewers.qt.content import ViewportContent
from viewers.qt.corners import draw_corners, mark_lines
from viewers.qt.furniture import MARGIN, draw_letters, draw_message
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import BACKGROUND, TEXT_DIM, WARNING
from viewers.qt.pane import PaneWidget
from viewers.qt.rendered import Pixels, Rendered
from viewers.qt.text import Line
from viewers.scene.box_handles import BoxHandle, handle_at, handles
from viewers.scene.picking import picked
from viewers.scene.presets import TransferFunction
from viewers.scene.volume_pointer import VolumePointer
from viewers.state.volume_look import VolumeLook
from viewers.tools.base import Button
from viewers.tools.intents import MoveCrosshair, SetLook

if TYPE_CHECKING:
    from viewers.scene.volume_rendering import VolumeRendering

_ZOOM_PER_NOTCH = 1.1
_NOTCH = 120.0


class VolumeViewport(PaneWidget):
    """A viewport for volume rendering. It says ``SetLook`` and, on a click, ``MoveCrosshair`` to what is seen there."""

    def __init__(self, viewport: ViewportId, labels: ViewportLabels, parent: QWidget | None = None) -> None:
        super().__init__(viewport, labels, parent)
        self._rendering: VolumeRendering | None = None
        self._volume: Volume | None = None
        self._content: ViewportContent | None = None
        self._function: TransferFunction | None = None
        self._preset = ""
        self._pointer = VolumePointer()
        self._rendered = Rendered(self)
        self.setMouseTracking(True)

    def show_content(self, content: ViewportContent, function: TransferFunction, preset: str = "") -> None:
        """Render a content with the transfer function of a preset. Emits ``failed`` where there is no 3D."""
        look = look_of(content)
        if content.volume is not self._volume:
            self.release()
        is_other = function != self._function or self._rendering is None
        self._content, self._volume, self._function, self._preset = content, content.volume, function, preset
        self._message = ""
        try:
            # VTK takes a second to load and is not needed before.
            from viewers.scene.volume_rendering import VolumeRendering

            if self._rendering is None:
                self._rendering = VolumeRendering(content.volume)
            if is_other:
                self._rendering.show(function)
            self._rendering.clip(look.box)
        except ReaderError as error:
            self._message = self._labels.no_volume_rendering
            self.failed.emit(error)
        self._rendered.change((look.camera, look.box, function))
        self.update()

    @property
    def look(self) -> VolumeLook:
        """How the volume is looked at."""
        return VolumeLook() if self._content is None else look_of(self._content)

    @property
    def picture_width(self) -> int:
        """How many pixels wide the last rendered picture is; fewer than the viewport while it is coarse."""
        return self._rendered.width

    def release(self) -> None:
        """Free the graphics memory and let go of the volume."""
        self._rendered.forget()
        if self._rendering is not None:
            self._rendering.close()
        self._rendering = self._volume = self._content = self._function = None

    def refine(self) -> None:
        """Render again, as finely as the time at rest allows."""
        if self._rendering is not None and not self._message:
            self._render(self._rendering, is_fine=True)
            self.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Free the graphics memory."""
        self.release()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rendered picture and what lies over it."""
        del event
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(self.rect(), BACKGROUND)
        if self._rendering is None or self._content is None or self._message:
            draw_message(painter, area, self._message or self._labels.empty, WARNING if self._message else TEXT_DIM)
        else:
            self._paint(painter, area, self._rendering, self._content)
        self._draw_frame(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to turn (left), to move (middle) or to zoom (right), or take hold of a face of the box."""
        self.activated.emit()
        if self._content is not None and self._rendering is not None:
            button = self._button(event)
            spacing = self._content.resolved.plane.spacing_mm
            self._pointer.press(self._pixel(event.position()), button, self.look, spacing, self._handles())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand; show where a face may be taken hold of."""
        at = self._pixel(event.position())
        look = self._pointer.move(at)
        if look is not None:
            self.intent.emit(SetLook(look))
        over = self._pointer.held or handle_at(self._handles(), at)
        self.setCursor(Qt.CursorShape.ArrowCursor if over is None else Qt.CursorShape.SizeAllCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; a left click picks what is seen, a right click asks for the menu."""
        button = self._button(event)
        was_click = self._pointer.release(button)
        if button is Button.RIGHT and (was_click or self._rendering is None):
            self.menu_requested.emit(event.globalPosition().toPoint())
        elif button is Button.LEFT and was_click:
            self._pick(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise."""
        if self._button(event) is Button.LEFT:
            self.maximise_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        if self._content is not None:
            camera = self.look.camera.zoomed(_ZOOM_PER_NOTCH ** (event.angleDelta().y() / _NOTCH))
            self.intent.emit(SetLook(replace(self.look, camera=camera)))
        event.accept()

    def _pick(self, position: QPointF) -> None:
        content, function = self._content, self._function
        if content is None or function is None or self._message:
            return
        point = picked(content.volume, content.resolved.plane, self._pixel(position), function, self.look.box)
        if point is not None:
            self.intent.emit(MoveCrosshair(point))

    def _handles(self) -> tuple[BoxHandle, ...]:
        content = self._content
        if content is None or not self.look.is_box_shown or self._message:
            return ()
        return handles(content.volume, self.look.box, content.resolved.plane)

    def _pixel(self, position: QPointF) -> tuple[float, float]:
        """Return a position of the widget as (column, row) of the picture, whole numbers at pixel centres."""
        ratio = self.devicePixelRatioF()
        return position.x() * ratio - 0.5, position.y() * ratio - 0.5

    def _paint(self, painter: QPainter, area: QRectF, rendering: "VolumeRendering", content: ViewportContent) -> None:
        if self._rendered.is_stale:
            self._render(rendering, is_fine=False)
        pixels = self._rendered.pixels
        if pixels is not None:
            height, width = pixels.shape[:2]
            image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawImage(area, image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        ratio = self.devicePixelRatioF()
        if self.look.is_box_shown:
            draw_box(painter, content.volume, self.look.box, content.resolved.plane, ratio, self._pointer.held)
        if content.crosshair_lps is not None:
            draw_picked(painter, content.resolved.plane.lps_to_pixel(content.crosshair_lps), ratio)
        inner = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        title = self._labels.volume_presets.get(self._preset, self._preset)
        told = tuple(text for text in (title, "" if self.look.box.is_whole else self._labels.clipped) if text)
        marks = (
            Line(self._labels.volume_rendering, TEXT_DIM),
            *mark_lines(content.resolved, content.warnings, self._labels),
        )
        draw_corners(painter, inner, content.identity, content.series, told, marks)
        if content.resolved.edges is not None:
            draw_letters(painter, area, content.resolved.edges)

    def _render(self, rendering: "VolumeRendering", *, is_fine: bool) -> None:
        ratio = self.devicePixelRatioF()
        size = (self.width() * ratio, self.height() * ratio)
        camera = self.look.camera

        def make(width: int, height: int, is_fine: bool) -> Pixels:
            return rendering.picture(camera, width, height, is_fine=is_fine)

        self._rendered.render(make, size, is_fine=is_fine)


def look_of(content: ViewportContent) -> VolumeLook:
    """Return how the volume of a content is looked at."""
    return content.resolved.look or VolumeLook()
