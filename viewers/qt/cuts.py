"""The lines of the crosshair as they are drawn: where the other planes cut the picture, slabs, handles on demand."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from viewers.qt.palette import CUTS, SHADOW
from viewers.tools.cuts import CutLine, Grip, Handle

# The lines leave the lesion free: so much on each side of the point, in logical pixels.
_OPENING = 14.0
_ROUND = 5.5
_SQUARE = 4.5
_TAG = (18.0, 4.0)


def draw_cuts(painter: QPainter, lines: tuple[CutLine, ...], *, with_handles: bool) -> None:
    """Draw the lines, dim unless they can be taken hold of; a slab is two dashed lines beside its plane."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in lines:
        colour = _colour(line.cut.number, 235 if with_handles else 130)
        painter.setPen(QPen(colour, 1.0))
        painter.drawLines(_parts(line))
        if line.cut.slab is not None:
            painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DashLine))
            painter.drawLines([_whole(line, margins) for margins in (-1.0, 1.0)])
        if with_handles:
            for handle in line.handles():
                _draw_handle(painter, handle, colour)


def draw_tag(painter: QPainter, area: QRectF, number: int) -> None:
    """Draw the colour that this plane's lines have in the other viewports, at the top left."""
    painter.fillRect(QRectF(area.left() + 2.0, area.top() + 2.0, *_TAG), _colour(number, 255))


def _colour(number: int, alpha: int) -> QColor:
    colour = QColor(CUTS[number % len(CUTS)])
    colour.setAlpha(alpha)
    return colour


def _parts(line: CutLine) -> list[QLineF]:
    """Return the line without its opening at the point."""
    ends = ((line.before, min(-_OPENING, line.after)), (max(_OPENING, line.before), line.after))
    return [QLineF(QPointF(*line.at(first)), QPointF(*line.at(last))) for first, last in ends if first < last]


def _whole(line: CutLine, margins: float) -> QLineF:
    return QLineF(QPointF(*line.at(line.before, margins)), QPointF(*line.at(line.after, margins)))


def _draw_handle(painter: QPainter, handle: Handle, colour: QColor) -> None:
    centre = QPointF(*handle.position)
    for pen in (QPen(SHADOW, 3.5), QPen(colour, 1.6)):
        painter.setPen(pen)
        if handle.grip is Grip.TURN:
            painter.drawEllipse(centre, _ROUND, _ROUND)
        else:
            painter.drawRect(QRectF(centre.x() - _SQUARE, centre.y() - _SQUARE, 2 * _SQUARE, 2 * _SQUARE))
