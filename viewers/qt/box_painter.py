"""The clipping box and the shared point, drawn over a rendered volume."""

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from viewers.geometry.plane import ImagePlane
from viewers.image.volume import Volume
from viewers.qt.palette import BACKGROUND, CROSSHAIR, FRAME_ACTIVE
from viewers.scene.box_handles import BoxHandle, PixelPosition, edges, handles
from viewers.state.volume_look import ClippingBox

_HANDLE_RADIUS = 5.0
_OPENING = 4.0
_ARM = 12.0


def draw_box(
    painter: QPainter, volume: Volume, box: ClippingBox, seen: ImagePlane, ratio: float, held: BoxHandle | None
) -> None:
    """Draw the edges of the box and a handle on each face that can be dragged; ``ratio``: device pixels per logical."""
    painter.setPen(QPen(FRAME_ACTIVE, 1.0))
    painter.drawLines([QLineF(_at(one, ratio), _at(other, ratio)) for one, other in edges(volume, box, seen)])
    for handle in handles(volume, box, seen):
        is_held = held is not None and held.face is handle.face
        painter.setPen(QPen(BACKGROUND, 1.5))
        painter.setBrush(CROSSHAIR if is_held else FRAME_ACTIVE)
        painter.drawEllipse(_at(handle.position, ratio), _HANDLE_RADIUS, _HANDLE_RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_picked(painter: QPainter, pixel: PixelPosition, ratio: float) -> None:
    """Draw a small open cross at the shared point."""
    at = _at(pixel, ratio)
    painter.setPen(QPen(CROSSHAIR, 1.5))
    for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        step = QPointF(right, down)
        painter.drawLine(at + step * _OPENING, at + step * _ARM)


def _at(pixel: PixelPosition, ratio: float) -> QPointF:
    return QPointF((pixel[0] + 0.5) / ratio, (pixel[1] + 0.5) / ratio)
