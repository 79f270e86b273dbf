"""Plain text over pictures, by QPainter only: never rich text, so that a tag's content cannot be markup."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from viewers.qt.palette import GROUND, SHADOW

TEXT_PIXELS = 12
LETTER_PIXELS = 15


def text_font(pixels: int = TEXT_PIXELS, bold: bool = False) -> QFont:
    """Return the interface font at a size in logical pixels."""
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text and its colour."""

    text: str
    colour: QColor
    bold: bool = False


def draw_line(painter: QPainter, corner: QPointF, text: str, colour: QColor) -> None:
    """Draw one line with its top left at ``corner``, on a veil that keeps it legible over white bone."""
    metrics = painter.fontMetrics()
    ground = QRectF(corner.x() - 2.0, corner.y(), metrics.horizontalAdvance(text) + 4.0, metrics.height())
    painter.fillRect(ground, GROUND)
    baseline = corner + QPointF(0.0, metrics.ascent())
    painter.setPen(SHADOW)
    painter.drawText(baseline + QPointF(1.0, 1.0), text)
    painter.setPen(colour)
    painter.drawText(baseline, text)


def wrapped(text: str, metrics: QFontMetricsF, width: float) -> tuple[str, ...]:
    """Return a text as one line where it fits, else broken once at its last space that lets the first part fit."""
    if metrics.horizontalAdvance(text) <= width:
        return (text,)
    words = text.split(" ")
    for count in range(len(words) - 1, 0, -1):
        first = " ".join(words[:count])
        if metrics.horizontalAdvance(first) <= width:
            return first, " ".join(words[count:])
    return (text,)


def draw_block(painter: QPainter, box: QRectF, lines: Sequence[Line], right: bool, bottom: bool) -> QRectF:
    """Draw lines in a corner of ``box``, elided to its width, as many as its height takes; return what they cover.

    At the bottom the last line is the lowest, at the top the first the highest; those furthest from the edge yield.
    A line too long is broken once, so that no name is cut as long as it can be told, then elided.
    """
    height = QFontMetricsF(text_font()).height()
    lines = [
        replace(line, text=part)
        for line in lines
        for part in wrapped(line.text, QFontMetricsF(text_font(bold=line.bold)), box.width())
    ]
    fitting = max(0, int(box.height() / height))
    kept = list(lines[-fitting:] if bottom else lines[:fitting]) if fitting else []
    top = box.bottom() - height * len(kept) if bottom else box.top()
    covered = QRectF()
    for row, line in enumerate(kept):
        painter.setFont(text_font(bold=line.bold))
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(line.text, Qt.TextElideMode.ElideRight, box.width())
        width = metrics.horizontalAdvance(text)
        x = box.right() - width if right else box.left()
        draw_line(painter, QPointF(x, top + row * height), text, line.colour)
        covered = covered.united(QRectF(x, top + row * height, width, height))
    return covered
