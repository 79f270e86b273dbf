"""The reader's marks on a picture: outlines, handles, values; labels stand beside the lesion, never on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from viewers.annotations.model import Annotation, MeasuredValue, Measurement
from viewers.identifiers import AnnotationId
from viewers.qt.labels import ViewportLabels
from viewers.qt.mark_shapes import CROSS, HANDLE, draw_crossing, draw_handles, draw_shape
from viewers.qt.palette import MARK, MARK_SELECTED
from viewers.qt.text import draw_line, text_font
from viewers.state.marks import SPACING_MARKS
from viewers.tools.crossing import crossings
from viewers.tools.registry import TOOLS
from viewers.tools.view_plane import ViewPlane

_LABEL_DISTANCE = 10.0
_LABEL_STEPS = 6
# Values that stand on one line; each other one has a line of its own.
_TOGETHER = (("mean", "standard_deviation"), ("minimum", "maximum"))
# Values that need no name: the mark says what they are.
_UNNAMED = frozenset({"length", "angle", "value"})


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark to draw, with the lines of its label."""

    annotation: Annotation
    label: tuple[str, ...]
    is_selected: bool


def label_lines(measured: Measurement, labels: ViewportLabels) -> tuple[str, ...]:
    """Return the words and values of a mark, whose scale they used, and what its pixels were when that matters."""
    annotation, values = measured.annotation, measured.values
    lines = [annotation.text] if annotation.text else []
    lines.extend(_value_lines(values, labels))
    used = dict.fromkeys(SPACING_MARKS[value.spacing] for value in values if value.spacing in SPACING_MARKS)
    lines.extend(labels.marks.get(mark, mark) for mark in used)
    if measured.refusal:
        lines.append(labels.refusals.get(measured.refusal, measured.refusal))
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
            draw_shape(painter, view, shape, colour)
        if mark.is_selected:
            draw_handles(painter, view, mark.annotation, colour)
        occupied.append(_draw_label(painter, area, view, mark, colour, occupied))


def draw_crossings(
    painter: QPainter, view: ViewPlane, annotations: Iterable[Annotation], selected: AnnotationId | None
) -> None:
    """Draw where marks that lie in other planes meet the picture, dimmed."""
    for annotation in annotations:
        colour = MARK_SELECTED if annotation.id == selected else MARK
        for point in crossings(annotation, view):
            draw_crossing(painter, QPointF(*view.to_view(point)), colour)


def _value_lines(values: Sequence[MeasuredValue], labels: ViewportLabels) -> Iterable[str]:
    by_name = {value.name: value for value in values}
    while by_name:
        first = next(iter(by_name))
        names = next((names for names in _TOGETHER if first in names), (first,))
        found = [by_name.pop(name) for name in names if name in by_name]
        yield "  ".join(_named(value, labels) for value in found)


def _named(value: MeasuredValue, labels: ViewportLabels) -> str:
    name = "" if value.name in _UNNAMED else labels.values.get(value.name, value.name)
    decimals = 1 if value.unit_label in ("mm", "mm²", "px", "°") or abs(value.value) >= 10 else 2
    space = "" if value.unit_label == "°" else " "
    number = f"{labels.number(value.value, decimals)}{space}{value.unit_label}".strip()
    return f"{name} {number}".strip()


def _bounds(annotation: Annotation, view: ViewPlane) -> QRectF:
    corners = QPolygonF([QPointF(*view.to_view(point)) for point in annotation.points_lps])
    around = CROSS if len(annotation.points_lps) == 1 else HANDLE
    return corners.boundingRect().adjusted(-around, -around, around, around)


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
