"""The bar of a colour map at the right edge of a picture: which colour stands for which value."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPen

from viewers.image.colour_maps import COLOUR_MAPS
from viewers.image.description import Window
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import BACKGROUND, TEXT
from viewers.qt.text import draw_line, text_font
from viewers.state.resolved import ResolvedView

# Logical pixels: the bar, what stays free for the letter at the edge, and the least height that it is worth drawing in.
_WIDTH = 10.0
_FROM_EDGE = 26.0
_LEAST_HEIGHT = 220.0
# The part of the viewport's height that the bar takes, above the letter in the middle of the edge.
_PART = (0.2, 0.46)
_STOPS = 32


@dataclass(frozen=True, slots=True)
class ColourScale:
    """What a bar shows: a map, turned or not, over a window of values."""

    colours: str
    is_turned: bool
    window: Window
    unit: str


def scale_of(resolved: ResolvedView) -> ColourScale | None:
    """Return the scale of what a picture shows in colours: of the layer where there is one."""
    layer = resolved.fused
    if layer is not None:
        return ColourScale(layer.colours, False, layer.window, layer.quantity.name)
    if resolved.colours:
        return ColourScale(resolved.colours, resolved.inverted, resolved.window, resolved.quantity.name)
    return None


def draw_colour_bar(painter: QPainter, area: QRectF, scale: ColourScale, labels: ViewportLabels) -> None:
    """Draw the bar with the values of its ends and its middle, the unit above; nothing where there is no room."""
    if area.height() < _LEAST_HEIGHT:
        return
    top, bottom = (area.top() + part * area.height() for part in _PART)
    bar = QRectF(area.right() - _FROM_EDGE - _WIDTH, top, _WIDTH, bottom - top)
    painter.fillRect(bar, _gradient(bar, scale))
    painter.setPen(QPen(BACKGROUND, 1.0))
    painter.drawRect(bar.adjusted(-1.0, -1.0, 1.0, 1.0))
    painter.setPen(QPen(TEXT, 1.0))
    painter.drawRect(bar)
    painter.setFont(text_font())
    metrics = QFontMetricsF(painter.font())
    low = scale.window.centre - scale.window.width / 2
    for share in (0.0, 0.5, 1.0):
        y = bar.bottom() - share * bar.height()
        value = labels.value(low + share * scale.window.width, scale.window.width)
        painter.setPen(QPen(TEXT, 1.0))
        painter.drawLine(QPointF(bar.left() - 4.0, y), QPointF(bar.left(), y))
        corner = QPointF(bar.left() - 6.0 - metrics.horizontalAdvance(value), y - metrics.height() / 2)
        draw_line(painter, corner, value, TEXT)
    left = min(bar.left(), area.right() - metrics.horizontalAdvance(scale.unit) - 4.0)
    draw_line(painter, QPointF(left, bar.top() - metrics.height() * 1.6), scale.unit, TEXT)


def _gradient(bar: QRectF, scale: ColourScale) -> QLinearGradient:
    gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
    parts = COLOUR_MAPS[scale.colours].colours().tolist()
    for stop in range(_STOPS + 1):
        level = round(255 * stop / _STOPS)
        red, green, blue = parts[255 - level if scale.is_turned else level]
        gradient.setColorAt(stop / _STOPS, QColor(red, green, blue))
    return gradient
