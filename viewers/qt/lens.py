"""A lens under the pointer: the same view at higher zoom, sampled again from the volume. It changes no state."""

import time
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from viewers.geometry.plane import plane_about
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
    """Return the view about a position of the viewport, ``MAGNIFICATION`` times as large."""
    resolved, plane = seen.content.resolved, seen.content.resolved.plane
    size = round(DIAMETER * device_pixel_ratio)
    centre = seen.view.to_space((position.x(), position.y()))
    larger = plane_about(centre, plane.orientation, plane.spacing_mm / MAGNIFICATION, size, size, plane.aspect)
    placed = resolved.image_to_viewport
    if placed is not None:
        placed = _enlarged(placed, plane.lps_to_pixel(centre), (size - 1) / 2)
    return replace(resolved, plane=larger, image_to_viewport=placed)


def _enlarged(placed: Transform, about: tuple[float, float], middle: float) -> Transform:
    a, b, c, d, e, f = (MAGNIFICATION * factor for factor in placed)
    return (a, b, c - MAGNIFICATION * about[0] + middle, d, e, f - MAGNIFICATION * about[1] + middle)
