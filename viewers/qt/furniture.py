"""What belongs to every picture: orientation letters, scale bar, reference lines, crosshair, hatching."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from viewers.geometry.frame import Vector3
from viewers.geometry.orientation import EdgeLetters
from viewers.geometry.plane import ImagePlane
from viewers.qt.missing import Polygon, middle
from viewers.qt.palette import (
    BACKGROUND,
    CROSSHAIR,
    HATCH,
    HATCH_GROUND,
    LETTER,
    REFERENCE,
    REFERENCE_ACTIVE,
    TEXT,
    WARNING,
)
from viewers.qt.text import LETTER_PIXELS, draw_line, text_font
from viewers.state.view_state import Against
from viewers.tools.view_plane import PixelPosition

MARGIN = 6.0
_CROSSHAIR_OPENING = 14.0


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """Where another viewport's picture cuts this one, by its two ends; the active viewport's is stronger.

    One that ``is_approximate`` comes from another space, over a way that is not exact.
    """

    start_lps: Vector3
    end_lps: Vector3
    is_active: bool = False
    is_approximate: bool = False


def letter_places(area: QRectF, letters: EdgeLetters, against: Against | None = None) -> tuple[tuple[str, QRectF], ...]:
    """Return the patient's directions and where each is written, at the middle of the four edges.

    None at the edge that a picture is laid ``against``: it would lie over what is looked at, and the opposite one says
    as much.
    """
    metrics = QFontMetricsF(text_font(LETTER_PIXELS, bold=True))
    height = metrics.height()
    middle_y, middle_x = area.center().y() - height / 2, area.center().x()
    places = (
        ("" if against is Against.LEFT else letters.left, area.left() + MARGIN, middle_y),
        (
            "" if against is Against.RIGHT else letters.right,
            area.right() - MARGIN - metrics.horizontalAdvance(letters.right),
            middle_y,
        ),
        (letters.top, middle_x - metrics.horizontalAdvance(letters.top) / 2, area.top() + MARGIN / 2),
        (letters.bottom, middle_x - metrics.horizontalAdvance(letters.bottom) / 2, area.bottom() - height - MARGIN / 2),
    )
    return tuple((text, QRectF(x, y, metrics.horizontalAdvance(text), height)) for text, x, y in places if text)


def draw_letters(painter: QPainter, area: QRectF, letters: EdgeLetters, against: Against | None = None) -> None:
    """Write the patient's directions at the middle of the four edges."""
    painter.setFont(text_font(LETTER_PIXELS, bold=True))
    for text, place in letter_places(area, letters, against):
        draw_line(painter, place.topLeft(), text, LETTER)


def scale_bar_place(area: QRectF, length: float) -> QRectF:
    """Return what a bar ``length`` logical pixels long covers, with its words."""
    y = area.bottom() - QFontMetricsF(text_font(LETTER_PIXELS, bold=True)).height() - MARGIN
    height = QFontMetricsF(text_font()).height() + 3.0
    return QRectF(area.center().x() - length / 2, y - height, length, height)


def draw_scale_bar(painter: QPainter, area: QRectF, length: float, text: str) -> None:
    """Draw a bar ``length`` logical pixels long, with its words, above the letter at the bottom."""
    y = area.bottom() - QFontMetricsF(text_font(LETTER_PIXELS, bold=True)).height() - MARGIN
    left, right = area.center().x() - length / 2, area.center().x() + length / 2
    lines = [QLineF(left, y, right, y), QLineF(left, y - 4, left, y), QLineF(right, y - 4, right, y)]
    for colour, width in ((BACKGROUND, 3.0), (TEXT, 1.0)):
        painter.setPen(QPen(colour, width))
        painter.drawLines(lines)
    painter.setFont(text_font())
    metrics = QFontMetricsF(painter.font())
    corner = QPointF(area.center().x() - metrics.horizontalAdvance(text) / 2, y - metrics.height() - 3)
    draw_line(painter, corner, text, TEXT)


def draw_reference_lines(painter: QPainter, plane: ImagePlane, lines: Iterable[ReferenceLine]) -> None:
    """Draw where other pictures cut this one."""
    for line in lines:
        start, end = QPointF(*plane.lps_to_pixel(line.start_lps)), QPointF(*plane.lps_to_pixel(line.end_lps))
        pen = QPen(REFERENCE_ACTIVE if line.is_active else REFERENCE, 1.0)
        style = Qt.PenStyle.SolidLine if line.is_active else Qt.PenStyle.DashLine
        pen.setStyle(Qt.PenStyle.DotLine if line.is_approximate else style)
        painter.setPen(pen)
        painter.drawLine(start, end)


def draw_note(painter: QPainter, position: QPointF, note: str) -> None:
    """Say something beside the crosshair, where it hides nothing of the point."""
    painter.setFont(text_font())
    draw_line(painter, QPointF(position.x() + _CROSSHAIR_OPENING, position.y() + MARGIN / 2), note, WARNING)


def draw_crosshair(painter: QPainter, area: QRectF, position: QPointF) -> None:
    """Draw the crosshair from edge to edge, open around the point so that it hides nothing."""
    x, y, gap = position.x(), position.y(), _CROSSHAIR_OPENING
    painter.setPen(QPen(CROSSHAIR, 1.0))
    painter.drawLines(
        [
            QLineF(area.left(), y, x - gap, y),
            QLineF(x + gap, y, area.right(), y),
            QLineF(x, area.top(), x, y - gap),
            QLineF(x, y + gap, x, area.bottom()),
        ]
    )


def draw_box(painter: QPainter, first: PixelPosition, second: PixelPosition) -> None:
    """Draw the box that a window is to be fitted to, by two of its corners."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, style in ((BACKGROUND, Qt.PenStyle.SolidLine), (TEXT, Qt.PenStyle.DashLine)):
        painter.setPen(QPen(colour, 1.0, style))
        painter.drawRect(QRectF(QPointF(*first), QPointF(*second)).normalized())


def draw_missing(painter: QPainter, polygons: Iterable[Polygon], words: str) -> None:
    """Hatch what was not acquired or not received, with words where they fit: never silent black."""
    painter.setFont(text_font(bold=True))
    metrics = QFontMetricsF(painter.font())
    for polygon in polygons:
        shape = QPolygonF([QPointF(*corner) for corner in polygon])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(HATCH_GROUND)
        painter.drawPolygon(shape)
        painter.setBrush(QBrush(HATCH, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(HATCH, 1.0))
        painter.drawPolygon(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        bounds = shape.boundingRect()
        if bounds.height() >= metrics.height() and bounds.width() >= metrics.horizontalAdvance(words):
            x, y = middle(polygon)
            corner = QPointF(x - metrics.horizontalAdvance(words) / 2, y - metrics.height() / 2)
            draw_line(painter, corner, words, WARNING)


def draw_message(painter: QPainter, area: QRectF, words: str, colour: QColor) -> None:
    """Write words in the middle of an area that has no picture, broken into lines that fit."""
    painter.setFont(text_font(bold=True))
    painter.setPen(colour)
    flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
    painter.drawText(area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN), flags, words)
