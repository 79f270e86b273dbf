"""The reader's marks on a picture: outlines, handles, values; labels stand beside the lesion, never on it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from viewers.annotations.model import Annotation, MeasuredValue
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import BACKGROUND, MARK, MARK_SELECTED
from viewers.qt.text import draw_line, text_font
from viewers.state.marks import SPACING_MARKS
from viewers.tools.base import ArrowHead, Ellipse, Segment, Shape
from viewers.tools.hit import outline_on_view
from viewers.tools.registry import TOOLS
from viewers.tools.view_plane import ViewPlane

_HANDLE = 3.0
_ARROW_LENGTH = 12.0
_ARROW_HALF_WIDTH = 4.5
_LABEL_DISTANCE = 10.0
_LABEL_STEPS = 6
_DARK_OUTLINE = 3.0
# What a length is in an ultrasound region whose axes differ.
_EXTENTS = (("depth",), ("time",), ("velocity",), ("extent",))


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark to draw, with the lines of its label."""

    annotation: Annotation
    label: tuple[str, ...]
    is_selected: bool


def label_lines(
    annotation: Annotation, values: Sequence[MeasuredValue], labels: ViewportLabels, is_refused: bool = False
) -> tuple[str, ...]:
    """Return the words and values of a mark, whose scale they used, and what its pixels were when that matters."""
    lines = [annotation.text] if annotation.text else []
    if len(values) == 1:
        lines.append(_value(values[0], labels))
    else:
        by_name = {value.name: value for value in values}
        for names in (("mean", "standard_deviation"), ("minimum", "maximum"), ("area",), *_EXTENTS):
            found = [by_name[name] for name in names if name in by_name]
            if found:
                lines.append(
                    "  ".join(f"{labels.values.get(one.name, one.name)} {_value(one, labels)}" for one in found)
                )
    used = dict.fromkeys(SPACING_MARKS[value.spacing] for value in values if value.spacing in SPACING_MARKS)
    lines.extend(labels.marks.get(mark, mark) for mark in used)
    if is_refused:
        lines.append(labels.not_measured)
    if any(value.on_lossy for value in values):
        lines.append(labels.measured_on_lossy)
    if any(value.on_partial for value in values):
        lines.append(labels.measured_on_partial)
    if any(value.on_reduced for value in values):
        lines.append(labels.measured_on_reduced)
    return tuple(lines)


def draw_marks(
    painter: QPainter, area: QRectF, view: ViewPlane, marks: Iterable[DrawnMark], taken: Iterable[QRectF]
) -> None:
    """Draw marks in their order, the selected one with handles; labels avoid ``taken`` and one another."""
    drawn = tuple(marks)
    occupied = [rect for rect in taken if not rect.isEmpty()]
    occupied += [_bounds(mark.annotation, view) for mark in drawn]
    for mark in drawn:
        colour = MARK_SELECTED if mark.is_selected else MARK
        for shape in TOOLS[mark.annotation.tool].shapes(mark.annotation.points_lps):
            _draw_shape(painter, view, shape, colour)
        if mark.is_selected:
            _draw_handles(painter, view, mark.annotation, colour)
        occupied.append(_draw_label(painter, area, view, mark, colour, occupied))


def _value(value: MeasuredValue, labels: ViewportLabels) -> str:
    decimals = 1 if value.unit_label in ("mm", "mm²", "px") or abs(value.value) >= 10 else 2
    return f"{labels.number(value.value, decimals)} {value.unit_label}".strip()


def _outlined(painter: QPainter, colour: QColor) -> Iterable[None]:
    """Yield twice: the pen is first dark and broad, then fine and coloured, so that a line shows on white bone too."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    dark = QColor(BACKGROUND)
    dark.setAlpha(150)
    for pen in (QPen(dark, _DARK_OUTLINE), QPen(colour, 1.4)):
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        yield None


def _draw_shape(painter: QPainter, view: ViewPlane, shape: Shape, colour: QColor) -> None:
    match shape:
        case Segment(start, end):
            line = QLineF(QPointF(*view.to_view(start)), QPointF(*view.to_view(end)))
            for _ in _outlined(painter, colour):
                painter.drawLine(line)
        case Ellipse():
            outline = QPolygonF([QPointF(*position) for position in outline_on_view(shape, view)])
            for _ in _outlined(painter, colour):
                painter.drawPolyline(outline)
        case ArrowHead(tip, origin):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(_arrow_head(QPointF(*view.to_view(tip)), QPointF(*view.to_view(origin))))
            painter.setBrush(Qt.BrushStyle.NoBrush)


def _arrow_head(tip: QPointF, origin: QPointF) -> QPolygonF:
    way = tip - origin
    size = math.hypot(way.x(), way.y()) or 1.0
    along = way / size
    base = tip - along * _ARROW_LENGTH
    side = QPointF(-along.y(), along.x()) * _ARROW_HALF_WIDTH
    return QPolygonF([tip, base + side, base - side])


def _draw_handles(painter: QPainter, view: ViewPlane, annotation: Annotation, colour: QColor) -> None:
    for point in annotation.points_lps:
        centre = QPointF(*view.to_view(point))
        for _ in _outlined(painter, colour):
            painter.drawEllipse(centre, _HANDLE, _HANDLE)


def _bounds(annotation: Annotation, view: ViewPlane) -> QRectF:
    corners = QPolygonF([QPointF(*view.to_view(point)) for point in annotation.points_lps])
    return corners.boundingRect().adjusted(-_HANDLE, -_HANDLE, _HANDLE, _HANDLE)


def _draw_label(
    painter: QPainter,
    area: QRectF,
    view: ViewPlane,
    mark: DrawnMark,
    colour: QColor,
    occupied: Sequence[QRectF],
) -> QRectF:
    if not mark.label:
        return QRectF()
    painter.setFont(text_font())
    metrics = QFontMetricsF(painter.font())
    size = QSizeF(max(metrics.horizontalAdvance(line) for line in mark.label), metrics.height() * len(mark.label))
    place = label_place(_bounds(mark.annotation, view), size, area, occupied)
    for row, line in enumerate(mark.label):
        draw_line(painter, place.topLeft() + QPointF(0.0, row * metrics.height()), line, colour)
    return place


def label_place(lesion: QRectF, size: QSizeF, area: QRectF, occupied: Sequence[QRectF]) -> QRectF:
    """Return where a label stands: beside its mark, inside the viewport, over nothing else where there is room.

    Tried to the right, left, below and above, then further away in steps of its own height. Where everything is
    taken it may cover other texts, but not the lesion.
    """
    beside = _beside(lesion, size, area, _LABEL_DISTANCE)
    for step in range(_LABEL_STEPS):
        for place in _beside(lesion, size, area, _LABEL_DISTANCE + step * size.height()):
            if not any(place.intersects(other) for other in (lesion, *occupied)):
                return place
    return next((place for place in beside if not place.intersects(lesion)), beside[0])


def _beside(lesion: QRectF, size: QSizeF, area: QRectF, away: float) -> tuple[QRectF, ...]:
    """Return the places to the right, left, below and above, each pushed into the viewport."""
    middle = lesion.center() - QPointF(size.width() / 2, size.height() / 2)
    corners = (
        QPointF(lesion.right() + away, middle.y()),
        QPointF(lesion.left() - away - size.width(), middle.y()),
        QPointF(middle.x(), lesion.bottom() + away),
        QPointF(middle.x(), lesion.top() - away - size.height()),
    )
    return tuple(QRectF(_pushed_into(area, corner, size), size) for corner in corners)


def _pushed_into(area: QRectF, corner: QPointF, size: QSizeF) -> QPointF:
    x = max(area.left(), min(corner.x(), area.right() - size.width()))
    y = max(area.top(), min(corner.y(), area.bottom() - size.height()))
    return QPointF(x, y)
