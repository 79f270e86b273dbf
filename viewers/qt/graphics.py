"""What others drew, over the pixels and under the reader's own marks: segments, contours, texts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from viewers.geometry.plane import ImagePlane
from viewers.graphics.model import Colour, Figure, Layer
from viewers.graphics.placing import PlacedDrawing, Shown, placed
from viewers.graphics.segments import Segment, SegmentCut, cut
from viewers.qt.palette import BACKGROUND
from viewers.qt.text import draw_line, text_font
from viewers.tools.view_plane import ViewPlane

_FILL_SHARE = 0.32
_LINE = 1.5
_CROSS = 5.0
_FILL_ALPHA = 70
_CHORD_ALPHA = 60
_CHORD_END = 3.0


class SegmentPainter:
    """The segments of one viewport as pictures, computed again only when the plane or the segments change."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._pictures: tuple[tuple[QImage, QPointF], ...] = ()

    def draw(self, painter: QPainter, view: ViewPlane, segments: Sequence[Segment]) -> None:
        """Draw the cuts of the segments with the plane of the view."""
        key = (view.plane, tuple(id(segment) for segment in segments))
        if key != self._key:
            cuts = (cut(segment, _centred(view)) for segment in segments)
            self._pictures = tuple(
                (_picture(one), QPointF(one.corner[0], one.corner[1])) for one in cuts if one is not None
            )
            self._key = key
        for picture, corner in self._pictures:
            painter.drawImage(corner, picture)

    def forget(self) -> None:
        """Let go of the pictures."""
        self._key, self._pictures = (), ()


def draw_layers(
    painter: QPainter, area: QRectF, view: ViewPlane, layers: Iterable[Layer], shown: Shown
) -> tuple[QRectF, ...]:
    """Draw the drawings that lie in the picture and return what their texts cover."""
    taken: list[QRectF] = []
    for layer, drawings in placed(layers, shown):
        colour = QColor(*layer.colour)
        for drawing in drawings:
            _draw(painter, view, drawing, colour)
        for drawing in drawings:
            place = _draw_label(painter, area, view, drawing, colour, taken)
            if place is not None:
                taken.append(place)
    return tuple(taken)


def swatch(colour: Colour, size: int) -> QImage:
    """Return a square of a layer's colour, for lists."""
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor(*colour))
    return image


def _centred(view: ViewPlane) -> ImagePlane:
    """Return the plane with whole numbers at the middles of the view's pixels, where segments are sampled."""
    return replace(view.plane, origin_lps=view.plane.pixel_to_lps(0.5, 0.5))


def _picture(one: SegmentCut) -> QImage:
    """Return a cut as a veil in the segment's colour with a firm edge."""
    height, width = one.values.shape
    share = one.values.astype(np.float32) / 255.0
    alpha = share * _FILL_SHARE
    alpha[_edge(share >= 0.5)] = 0.95
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[..., :3] = one.segment.colour
    pixels[..., 3] = np.round(alpha * 255.0).astype(np.uint8)
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _edge(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    padded = np.pad(inside, 1)
    core = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return inside & ~core


def _draw(painter: QPainter, view: ViewPlane, drawing: PlacedDrawing, colour: QColor) -> None:
    points = [QPointF(*view.to_view(point)) for point in drawing.points]
    if not points:
        return
    shape = QPolygonF(points)
    if drawing.is_chord and drawing.figure is Figure.LINE:
        _draw_chord(painter, points, colour)
        return
    if drawing.figure is Figure.OUTLINE and drawing.drawing.is_filled:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), _FILL_ALPHA))
        painter.drawPolygon(shape)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, pen_colour in ((_LINE + 1.5, BACKGROUND), (_LINE, colour)):
        painter.setPen(QPen(pen_colour, width))
        match drawing.figure:
            case Figure.POINTS:
                for point in points:
                    painter.drawLine(point - QPointF(_CROSS, 0.0), point + QPointF(_CROSS, 0.0))
                    painter.drawLine(point - QPointF(0.0, _CROSS), point + QPointF(0.0, _CROSS))
            case Figure.LINE:
                painter.drawPolyline(shape)
            case Figure.OUTLINE:
                painter.drawPolygon(shape)


def _draw_chord(painter: QPainter, points: Sequence[QPointF], colour: QColor) -> None:
    """Draw where an outline crosses the picture as its two ends; the veil between them leaves the pixels to be seen."""
    painter.setPen(QPen(QColor(colour.red(), colour.green(), colour.blue(), _CHORD_ALPHA), 1.0))
    painter.drawPolyline(QPolygonF(points))
    ends = QPen(colour, _CHORD_END)
    ends.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(ends)
    painter.drawPoints(QPolygonF(points))


def _draw_label(
    painter: QPainter,
    area: QRectF,
    view: ViewPlane,
    drawing: PlacedDrawing,
    colour: QColor,
    taken: Sequence[QRectF],
) -> QRectF | None:
    lines = drawing.drawing.label
    points = (drawing.label_at,) if drawing.label_at is not None else drawing.points
    if not lines or not points or drawing.is_chord:
        return None
    painter.setFont(text_font())
    metrics = QFontMetricsF(painter.font())
    height = metrics.height()
    width = max(metrics.horizontalAdvance(line) for line in lines)
    # Beside the shape's rightmost point, so that the words do not cover what was drawn.
    anchor = max((QPointF(*view.to_view(point)) for point in points), key=QPointF.x)
    corner = anchor if drawing.label_at is not None else anchor + QPointF(8.0, -height / 2)
    place = QRectF(corner.x(), corner.y(), width, height * len(lines))
    while any(place.intersects(other) for other in taken) and place.bottom() + height < area.bottom():
        place.translate(0.0, height)
    if place.right() > area.right():
        place.moveRight(max(area.right(), area.left() + width))
    for row, line in enumerate(lines):
        draw_line(painter, place.topLeft() + QPointF(0.0, row * height), line, colour)
    return place
