"""A volume in 3D: the picture that VTK renders off-screen, turned by the mouse.

VTK is imported when the first volume is shown. Where the machine or the series does not allow 3D, the viewport says so
in words. Pictures are made as large as they can be within a time that is measured on the machine at hand: coarse while
turning, finer once the hand rests.
"""

import math
import time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from viewers.errors import ReaderError
from viewers.geometry.orientation import EdgeLetters, letters, opposite
from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.qt.corners import draw_corners
from viewers.qt.furniture import MARGIN, draw_letters, draw_message
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import BACKGROUND, TEXT_DIM, WARNING
from viewers.qt.pane import PaneWidget
from viewers.qt.text import Line
from viewers.scene.camera import VolumeCamera
from viewers.scene.presets import TransferFunction
from viewers.tools.placement import DRAG_THRESHOLD

if TYPE_CHECKING:
    from viewers.scene.volume_rendering import VolumeRendering

_DEGREES_PER_PIXEL = 0.4
_ZOOM_PIXELS = 200.0
_ZOOM_PER_NOTCH = 1.1
_NOTCH = 120.0
# How long one picture may take, while turning and at rest.
_TURNING_S = 0.06
_RESTING_S = 0.5
_REST_MS = 160
_WORTH_REFINING = 1.3
# Pixels per second before anything has been measured: those of software OpenGL on two cores.
_FIRST_RATE = 300_000.0


class VolumeViewport(PaneWidget):
    """A viewport for volume rendering.

    Signals
    -------
    camera_changed
        The new ``VolumeCamera``.
    activated, maximise_requested, menu_requested, key_pressed, failed
        As in ``PaneWidget``.
    """

    camera_changed = Signal(object)

    def __init__(self, viewport: ViewportId, labels: ViewportLabels, parent: QWidget | None = None) -> None:
        super().__init__(viewport, labels, parent)
        self._rendering: VolumeRendering | None = None
        self._volume: Volume | None = None
        self._camera = VolumeCamera()
        self._texts: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._pixels: NDArray[np.uint8] | None = None
        self._is_stale = False
        self._rate = _FIRST_RATE
        self._pressed_at: QPointF | None = None
        self._last = QPointF()
        self._has_dragged = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._refine)

    def show_volume(
        self,
        volume: Volume,
        look: TransferFunction,
        camera: VolumeCamera | None = None,
        identity: tuple[str, ...] = (),
        series: tuple[str, ...] = (),
    ) -> None:
        """Render a volume; the camera stays where it is unless one is given. Emits ``failed`` where there is no 3D."""
        self._texts = (identity, series)
        self._camera = camera or self._camera
        if volume is not self._volume:
            self.release()
        self._volume = volume
        self._message = ""
        try:
            # VTK takes a second to load and is not needed before.
            from viewers.scene.volume_rendering import VolumeRendering

            if self._rendering is None:
                self._rendering = VolumeRendering(volume)
            self._rendering.show(look)
        except ReaderError as error:
            self._message = self._labels.no_volume_rendering
            self.failed.emit(error)
        self._changed()

    @property
    def camera(self) -> VolumeCamera:
        """From where the volume is looked at."""
        return self._camera

    @property
    def picture_width(self) -> int:
        """How many pixels wide the last rendered picture is; fewer than the viewport while it is coarse."""
        return 0 if self._pixels is None else self._pixels.shape[1]

    def release(self) -> None:
        """Free the graphics memory and let go of the volume."""
        self._rest.stop()
        if self._rendering is not None:
            self._rendering.close()
        self._rendering = self._volume = self._pixels = None

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
        if self._rendering is None or self._message:
            draw_message(painter, area, self._message or self._labels.empty, WARNING if self._message else TEXT_DIM)
        else:
            self._paint(painter, area, self._rendering)
        self._draw_frame(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to turn (left) or to zoom (right)."""
        self.activated.emit()
        self._pressed_at = self._last = event.position()
        self._has_dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn the volume with the left button, zoom with the right one."""
        if self._pressed_at is None:
            return
        away = event.position() - self._pressed_at
        if not self._has_dragged and math.hypot(away.x(), away.y()) < DRAG_THRESHOLD:
            return
        self._has_dragged = True
        step = event.position() - self._last
        self._last = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            # The body follows the hand, so the camera goes the other way.
            self._look(self._camera.turned(-step.x() * _DEGREES_PER_PIXEL, step.y() * _DEGREES_PER_PIXEL))
        elif event.buttons() & Qt.MouseButton.RightButton:
            self._look(self._camera.zoomed(math.exp(-step.y() / _ZOOM_PIXELS)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; a right click that never became one asks for the menu."""
        if event.button() == Qt.MouseButton.RightButton and not self._has_dragged:
            self.menu_requested.emit(event.globalPosition().toPoint())
        self._pressed_at = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximise_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        self._look(self._camera.zoomed(_ZOOM_PER_NOTCH ** (event.angleDelta().y() / _NOTCH)))
        event.accept()

    def _look(self, camera: VolumeCamera) -> None:
        self._camera = camera
        self.camera_changed.emit(camera)
        self._changed()

    def _changed(self) -> None:
        self._is_stale = True
        self._rest.start()
        self.update()

    def _refine(self) -> None:
        if self._rendering is not None and not self._message:
            self._render(self._rendering, _RESTING_S)
            self.update()
            # The first pictures also load the volume, which makes the machine look slower than it is.
            if self.picture_width * _WORTH_REFINING < self._affordable(_RESTING_S)[0]:
                self._rest.start()

    def _paint(self, painter: QPainter, area: QRectF, rendering: "VolumeRendering") -> None:
        if self._is_stale:
            self._render(rendering, _TURNING_S)
        if self._pixels is not None:
            height, width = self._pixels.shape[:2]
            image = QImage(self._pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawImage(area, image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        inner = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        note = (Line(self._labels.volume_rendering, TEXT_DIM),)
        draw_corners(painter, inner, *self._texts, (), note)
        orientation = self._camera.orientation
        right, bottom = letters(orientation.row_direction), letters(orientation.column_direction)
        draw_letters(painter, area, EdgeLetters(opposite(right), right, opposite(bottom), bottom))

    def _render(self, rendering: "VolumeRendering", budget_s: float) -> None:
        width, height = self._affordable(budget_s)
        started = time.perf_counter()
        self._pixels = rendering.picture(self._camera, width, height)
        took = time.perf_counter() - started
        self._rate = self._pixels.shape[0] * self._pixels.shape[1] / max(took, 1e-6)
        self._is_stale = False

    def _affordable(self, budget_s: float) -> tuple[int, int]:
        """Return the largest picture, in pixels, that the measured rate allows; never larger than the viewport."""
        ratio = self.devicePixelRatioF()
        width, height = self.width() * ratio, self.height() * ratio
        share = min(1.0, math.sqrt(budget_s * self._rate / (width * height)))
        return max(1, round(width * share)), max(1, round(height * share))
