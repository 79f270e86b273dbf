"""The words and values of marks: which lines, and where they stand, beside the lesion and never on it.

Where a small viewport has no room for all of a label, what is left is the name of the mark: a value without the
warnings that belong to it is never shown. The label of the selected mark is always whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from viewers.annotations.model import MeasuredValue, Measurement
from viewers.qt.labels import ViewportLabels
from viewers.qt.text import draw_line, text_font
from viewers.state.marks import SPACING_MARKS

_LABEL_DISTANCE = 10.0
_LABEL_STEPS = 6
_ELIDE = Qt.TextElideMode.ElideRight
_LEADER_FROM = 30.0
# Between two values on one line.
_GAP = "  "
_SHARE_OF_WIDTH = 0.45
_LEAST_WIDTH = 140.0
# Values that stand on one line; each other one has a line of its own.
_TOGETHER = (("mean", "standard_deviation"), ("minimum", "maximum"))
# Values that need no name: the mark says what they are.
_UNNAMED = frozenset({"length", "angle", "value"})


@dataclass(frozen=True, slots=True)
class MarkLabel:
    """The name of a mark, its values and what must be known of them; each may be absent."""

    name: str = ""
    values: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, line by line."""
        return (*((self.name,) if self.name else ()), *self.values, *self.warnings)


def label_of(measured: Measurement, labels: ViewportLabels) -> MarkLabel:
    """Return the words and values of a mark, whose scale they used, and what its pixels were when that matters."""
    values = measured.values
    used = dict.fromkeys(SPACING_MARKS[value.spacing] for value in values if value.spacing in SPACING_MARKS)
    warnings = [labels.marks.get(mark, mark) for mark in used]
    if measured.refusal:
        warnings.append(labels.refusals.get(measured.refusal, measured.refusal))
    if any(value.on_lossy for value in values):
        warnings.append(labels.measured_on_lossy)
    if any(value.on_partial for value in values):
        warnings.append(labels.measured_on_partial)
    if any(value.on_reduced for value in values):
        warnings.append(labels.measured_on_reduced)
    return MarkLabel(measured.annotation.text, tuple(_value_lines(values, labels)), tuple(warnings))


def draw_label(
    painter: QPainter,
    area: QRectF,
    lesion: QRectF,
    label: MarkLabel,
    colour: QColor,
    occupied: Sequence[QRectF],
    is_whole: bool,
) -> QRectF:
    """Draw a label and return what it covers; nothing where there is no room, unless ``is_whole``."""
    painter.setFont(text_font())
    metrics = QFontMetricsF(painter.font())
    widest = max(_LEAST_WIDTH, area.width() * _SHARE_OF_WIDTH)
    full = tuple(line for text in label.lines for line in _wrapped(text, metrics, widest))
    brief = () if is_whole or not label.name else (metrics.elidedText(label.name, _ELIDE, _LEAST_WIDTH),)
    for lines in (full, brief):
        size = _size(lines, metrics)
        place = free_place(lesion, size, area, occupied) if lines else None
        if place is not None:
            _draw_leader(painter, place, lesion, colour)
            return _draw(painter, place, lines, metrics, colour)
    if not is_whole or not full:
        return QRectF()
    return _draw(painter, label_place(lesion, _size(full, metrics), area, occupied), full, metrics, colour)


def label_place(lesion: QRectF, size: QSizeF, area: QRectF, occupied: Sequence[QRectF]) -> QRectF:
    """Return where a label stands: beside its mark, inside the viewport, over nothing else where there is room.

    Where everything is taken it may cover other texts, but not the lesion.
    """
    free = free_place(lesion, size, area, occupied)
    if free is not None:
        return free
    beside = _beside(lesion, size, area, _LABEL_DISTANCE)
    return next((place for place in beside if not place.intersects(lesion)), beside[0])


def free_place(lesion: QRectF, size: QSizeF, area: QRectF, occupied: Sequence[QRectF]) -> QRectF | None:
    """Return where a label covers nothing, ``None`` where there is no such place near its mark.

    Tried to the right, left, below and above and at the corners, then further away in steps of a part of its height.
    """
    if size.width() > area.width() or size.height() > area.height():
        return None
    for step in range(_LABEL_STEPS):
        for place in _beside(lesion, size, area, _LABEL_DISTANCE + step * size.height() * 0.7):
            if not any(place.intersects(other) for other in (lesion, *occupied)):
                return place
    return None


def _beside(lesion: QRectF, size: QSizeF, area: QRectF, away: float) -> tuple[QRectF, ...]:
    """Return the places to the right, left, below and above, then at the corners, each pushed into the viewport."""
    middle = lesion.center() - QPointF(size.width() / 2, size.height() / 2)
    right, left = lesion.right() + away, lesion.left() - away - size.width()
    below, above = lesion.bottom() + away, lesion.top() - away - size.height()
    corners = (
        QPointF(right, middle.y()),
        QPointF(left, middle.y()),
        QPointF(middle.x(), below),
        QPointF(middle.x(), above),
        QPointF(right, lesion.top()),
        QPointF(right, lesion.bottom() - size.height()),
        QPointF(left, lesion.top()),
        QPointF(left, lesion.bottom() - size.height()),
        QPointF(right, above),
        QPointF(right, below),
        QPointF(left, above),
        QPointF(left, below),
    )
    return tuple(QRectF(_pushed_into(area, corner, size), size) for corner in corners)


def _pushed_into(area: QRectF, corner: QPointF, size: QSizeF) -> QPointF:
    x = max(area.left(), min(corner.x(), area.right() - size.width()))
    y = max(area.top(), min(corner.y(), area.bottom() - size.height()))
    return QPointF(x, y)


def _value_lines(values: Sequence[MeasuredValue], labels: ViewportLabels) -> Iterable[str]:
    by_name = {value.name: value for value in values}
    while by_name:
        first = next(iter(by_name))
        names = next((names for names in _TOGETHER if first in names), (first,))
        found = [by_name.pop(name) for name in names if name in by_name]
        yield _GAP.join(_named(value, labels) for value in found)


def _named(value: MeasuredValue, labels: ViewportLabels) -> str:
    name = "" if value.name in _UNNAMED else labels.values.get(value.name, value.name)
    decimals = 1 if value.unit_label in ("mm", "mm²", "px", "°") or abs(value.value) >= 10 else 2
    space = "" if value.unit_label == "°" else " "
    number = f"{labels.number(value.value, decimals)}{space}{value.unit_label}".strip()
    return f"{name} {number}".strip()


def _draw_leader(painter: QPainter, place: QRectF, lesion: QRectF, colour: QColor) -> None:
    """Draw a fine line from a label to its mark where they stand apart."""
    middle = lesion.center()
    start = QPointF(
        _nearest(middle.x(), place.left(), place.right()), _nearest(middle.y(), place.top(), place.bottom())
    )
    end = QPointF(
        _nearest(start.x(), lesion.left(), lesion.right()), _nearest(start.y(), lesion.top(), lesion.bottom())
    )
    line = QLineF(start, end)
    if line.length() > _LEADER_FROM:
        pen = QPen(colour, 1.0)
        pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawLine(line)


def _nearest(value: float, low: float, high: float) -> float:
    return max(low, min(value, high))


def _wrapped(text: str, metrics: QFontMetricsF, widest: float) -> Iterable[str]:
    """Yield the lines of a text, broken between words where it is wider than that; values stay with their names."""
    between = _GAP if _GAP in text else " "
    line = ""
    for word in text.split(between):
        longer = f"{line}{between}{word}" if line else word
        if line and metrics.horizontalAdvance(longer) > widest:
            yield line
            line = word
        else:
            line = longer
    yield line


def _size(lines: Sequence[str], metrics: QFontMetricsF) -> QSizeF:
    return QSizeF(max((metrics.horizontalAdvance(line) for line in lines), default=0.0), metrics.height() * len(lines))


def _draw(painter: QPainter, place: QRectF, lines: Sequence[str], metrics: QFontMetricsF, colour: QColor) -> QRectF:
    for row, line in enumerate(lines):
        draw_line(painter, place.topLeft() + QPointF(0.0, row * metrics.height()), line, colour)
    return place
