"""What is drawn over a curved picture: the pointed place, a measured stretch, the points of the path, the section."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from viewers.geometry.centreline import Centreline
from viewers.geometry.orientation import edge_letters
from viewers.image.curved import StraightGrid
from viewers.qt.corners import slab_lines, window_line
from viewers.qt.curved_picture import Section
from viewers.qt.furniture import draw_letters
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import BACKGROUND, CROSSHAIR, FRAME_ACTIVE, MARK, MARK_SELECTED
from viewers.qt.text import draw_line, text_font
from viewers.state.curved_look import CurvedLook
from viewers.state.resolved import ResolvedView

_TICK = 6.0
_GAP = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A path laid on the screen; ``ratio`` is device pixels per logical one."""

    line: Centreline
    grid: StraightGrid
    ratio: float

    def x_of(self, along_mm: float) -> float:
        """Return the logical position of a place along the path."""
        return (self.grid.column_of(along_mm) + 0.5) / self.ratio

    @property
    def axis_y(self) -> float:
        """The logical position of the path itself."""
        return (self.grid.row_of(0.0) + 0.5) / self.ratio


def told_lines(resolved: ResolvedView, line: Centreline, curve: CurvedLook, labels: ViewportLabels) -> tuple[str, ...]:
    """Return the lines of the bottom left corner: that it is curved, how long the path is, slab and window."""
    length = labels.curved_length.format(mm=labels.number(line.length_mm, 1))
    place = () if curve.pointed_mm is None else (labels.curved_at.format(mm=labels.number(curve.pointed_mm, 1)),)
    turned = labels.curved_turned.format(degrees=labels.number(curve.turned_degrees, 0))
    window = window_line(resolved.window, resolved.quantity, labels)
    return (labels.curved, *place, length, turned, *slab_lines(resolved, labels), window)


def draw_along(painter: QPainter, area: QRectF, laid: Laid, curve: CurvedLook, labels: ViewportLabels) -> None:
    """Draw the path's ends and points on its axis, the place pointed at, and the stretch that is measured."""
    y = laid.axis_y
    painter.setPen(QPen(CROSSHAIR, 1.0))
    first, last = laid.x_of(0.0), laid.x_of(laid.line.length_mm)
    painter.drawLines([QLineF(first - _TICK, y, first, y), QLineF(last, y, last + _TICK, y)])
    painter.setPen(QPen(MARK, 1.0))
    for point in curve.points_lps:
        x = laid.x_of(laid.line.nearest(point)[0])
        painter.drawLine(QLineF(x, y - _TICK / 2, x, y + _TICK / 2))
    if curve.pointed_mm is not None:
        x = laid.x_of(curve.pointed_mm)
        painter.setPen(QPen(MARK_SELECTED, 1.0))
        painter.drawLines([QLineF(x, area.top(), x, y - _GAP), QLineF(x, y + _GAP, x, area.bottom())])
    if curve.span_mm is not None:
        _draw_span(painter, laid, curve.span_mm, labels)


def draw_section(painter: QPainter, area: QRectF, bottom: float, section: Section, ratio: float) -> None:
    """Draw the section above ``bottom`` at the right of an area, with its own letters."""
    side = section.plane.width / ratio
    top = min(bottom, area.bottom()) - side - _GAP
    box = QRectF(area.right() - side, max(area.top(), top), side, side)
    painter.drawImage(box, section.image)
    painter.setPen(QPen(FRAME_ACTIVE, 1.0))
    painter.drawRect(box)
    draw_letters(painter, box, edge_letters(section.plane))


def _draw_span(painter: QPainter, laid: Laid, span_mm: tuple[float, float], labels: ViewportLabels) -> None:
    start, end = laid.x_of(span_mm[0]), laid.x_of(span_mm[1])
    y = laid.axis_y
    lines = [QLineF(start, y, end, y), *(QLineF(x, y - _TICK, x, y + _TICK) for x in (start, end))]
    for colour, width in ((BACKGROUND, 3.0), (MARK_SELECTED, 1.5)):
        painter.setPen(QPen(colour, width))
        painter.drawLines(lines)
    text = labels.curved_span.format(mm=labels.number(abs(span_mm[1] - span_mm[0]), 1))
    painter.setFont(text_font())
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    draw_line(painter, QPointF((start + end) / 2 - width / 2, y + _TICK + 2.0), text, MARK_SELECTED)
