"""The lines of marks and their handles; each line is dark and broad under fine colour, to show on bone and on air."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from viewers.annotations.model import Annotation
from viewers.qt.palette import BACKGROUND
from viewers.tools.registry import TOOLS
from viewers.tools.shapes import ArrowHead, Cross, Shape, path_of
from viewers.tools.view_plane import ViewPlane

HANDLE = 3.0
CROSS = 6.0
_CROSS_GAP = 2.0
_CROSSING = 2.5
_CROSSING_ALPHA = 170
_ARROW_LENGTH = 12.0
_ARROW_HALF_WIDTH = 4.5
_DARK_OUTLINE = 3.0
_LINE = 1.4


def draw_shape(painter: QPainter, view: ViewPlane, shape: Shape, colour: QColor) -> None:
    """Draw one shape of a mark."""
    match shape:
        case ArrowHead(tip, origin):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(_arrow_head(QPointF(*view.to_view(tip)), QPointF(*view.to_view(origin))))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        case Cross(middle):
            for _ in _outlined(painter, colour):
                _draw_cross(painter, QPointF(*view.to_view(middle)))
        case _:
            line = QPolygonF([QPointF(*view.to_view(point)) for point in path_of(shape)])
            for _ in _outlined(painter, colour):
                painter.drawPolyline(line)


def draw_handles(painter: QPainter, view: ViewPlane, annotation: Annotation, colour: QColor) -> None:
    """Draw what a mark is taken hold of at; a single point is its own handle."""
    points = annotation.points_lps
    if len(points) == 1:
        return
    for index in TOOLS[annotation.tool].handles(points):
        for _ in _outlined(painter, colour):
            painter.drawEllipse(QPointF(*view.to_view(points[index])), HANDLE, HANDLE)


def draw_crossing(painter: QPainter, at: QPointF, colour: QColor) -> None:
    """Draw where a mark of another plane meets the picture."""
    dim = QColor(colour)
    dim.setAlpha(_CROSSING_ALPHA)
    painter.setPen(QPen(QColor(BACKGROUND), 1.0))
    painter.setBrush(dim)
    painter.drawEllipse(at, _CROSSING, _CROSSING)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _outlined(painter: QPainter, colour: QColor) -> Iterable[None]:
    """Yield twice: the pen is first dark and broad, then fine and coloured."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    dark = QColor(BACKGROUND)
    dark.setAlpha(150)
    for pen in (QPen(dark, _DARK_OUTLINE), QPen(colour, _LINE)):
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        yield None


def _draw_cross(painter: QPainter, at: QPointF) -> None:
    for x, y in ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)):
        way = QPointF(x, y)
        painter.drawLine(at + way * _CROSS_GAP, at + way * CROSS)


def _arrow_head(tip: QPointF, origin: QPointF) -> QPolygonF:
    way = tip - origin
    size = math.hypot(way.x(), way.y()) or 1.0
    along = way / size
    base = tip - along * _ARROW_LENGTH
    side = QPointF(-along.y(), along.x()) * _ARROW_HALF_WIDTH
    return QPolygonF([tip, base + side, base - side])
