"""A lens under the pointer: the same view at higher zoom, sampled again from the volume. It changes no state."""

import time
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from viewers.geometry.plane import ImagePlane, plane_about
from viewers.image.bands import Bands
from viewers.qt.palette import BACKGROUND, FRAME_ACTIVE
from viewers.qt.picture import PictureSource
from viewers.qt.seen import Seen
from viewers.state.resolved import ResolvedView, Transform

DIAMETER = 220.0
MAGNIFICATION = 2.5
# A key pressed for longer holds the lens; a shorter press leaves it until the next.
_HELD_S = 0.4


class Lens:
    """The lens of one viewport: where it is, and its last picture."""

    def __init__(self, bands: Bands) -> None:
        self._pictures = PictureSource(bands)
        self._held_since: float | None = None
        self.is_on = False
        self.position: QPointF | None = None

    def turn(self, position: QPointF | None, *, is_on: bool) -> None:
        """Hold the lens over a position, or put it away."""
        self.is_on, self.position = is_on, position
        self._held_since = time.monotonic() if is_on else None

    def is_let_go(self) -> bool:
        """Whether the key released now had been held since the lens came: a short press leaves it there."""
        since, self._held_since = self._held_since, None
        return since is not None and time.monotonic() - since > _HELD_S

    def draw(self, painter: QPainter, seen: Seen) -> None:
        """Draw what lies under the pointer, larger, in a circle about it.

        Raises
        ------
        ImageError
            The view cannot be made of this volume.
        """
        if not self.is_on or self.position is None:
            return
        ratio = painter.device().devicePixelRatioF()
        content = replace(seen.content, resolved=magnified(seen, self.position, ratio))
        frame = self._pictures.frame(content, False)
        frame.setDevicePixelRatio(ratio)
        circle = QRectF(0.0, 0.0, frame.width() / ratio, frame.height() / ratio)
        circle.moveCenter(self.position)
        shape = QPainterPath()
        shape.addEllipse(circle)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(shape)
        painter.fillRect(circle, BACKGROUND)
        painter.drawImage(circle.topLeft(), frame)
        painter.setClipping(False)
        painter.setPen(QPen(FRAME_ACTIVE, 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        painter.restore()

    def forget(self) -> None:
        """Let go of the pixels."""
        self._pictures.forget()


def magnified(seen: Seen, position: QPointF, device_pixel_ratio: float) -> ResolvedView:
    """Return the view about a position of the viewport, ``MAGNIFICATION`` times as large, with what is laid over it."""
    resolved, plane = seen.content.resolved, seen.content.resolved.plane
    size = round(DIAMETER * device_pixel_ratio)
    column, row = plane.lps_to_pixel(seen.view.to_space((position.x(), position.y())))
    placed, fused = resolved.image_to_viewport, resolved.fused
    return replace(
        resolved,
        plane=_enlarged(plane, column, row, size),
        image_to_viewport=None if placed is None else _enlarging(placed, column, row, size),
        fused=None if fused is None else replace(fused, plane=_enlarged(fused.plane, column, row, size)),
    )


def _enlarged(plane: ImagePlane, column: float, row: float, size: int) -> ImagePlane:
    centre, step = plane.pixel_to_lps(column, row), plane.spacing_mm / MAGNIFICATION
    return plane_about(centre, plane.orientation, step, size, size, plane.aspect)


def _enlarging(placed: Transform, column: float, row: float, size: int) -> Transform:
    a, b, c, d, e, f = (MAGNIFICATION * factor for factor in placed)
    middle = (size - 1) / 2
    return (a, b, c - MAGNIFICATION * column + middle, d, e, f - MAGNIFICATION * row + middle)
