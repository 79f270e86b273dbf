"""The reader's marks on a picture: outlines, handles, values; labels stand beside the lesion, never on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId
from viewers.qt.mark_labels import MarkLabel, draw_label
from viewers.qt.mark_shapes import CROSS, HANDLE, draw_crossing, draw_handles, draw_shape
from viewers.qt.palette import MARK, MARK_SELECTED
from viewers.tools.crossing import crossings
from viewers.tools.registry import TOOLS
from viewers.tools.shapes import path_of
from viewers.tools.view_plane import ViewPlane


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark to draw, with its label."""

    annotation: Annotation
    label: MarkLabel
    is_selected: bool


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
    # The selected mark has the first choice: its label is the one that must be read.
    for mark in sorted(drawn, key=lambda one: not one.is_selected):
        colour = MARK_SELECTED if mark.is_selected else MARK
        lesion = _bounds(mark.annotation, view)
        if lesion.intersects(area):
            occupied.append(draw_label(painter, area, lesion, mark.label, colour, occupied, mark.is_selected))


def draw_crossings(
    painter: QPainter, view: ViewPlane, annotations: Iterable[Annotation], selected: AnnotationId | None
) -> None:
    """Draw where marks that lie in other planes meet the picture, dimmed."""
    for annotation in annotations:
        colour = MARK_SELECTED if annotation.id == selected else MARK
        for point in crossings(annotation, view):
            draw_crossing(painter, QPointF(*view.to_view(point)), colour)


def _bounds(annotation: Annotation, view: ViewPlane) -> QRectF:
    drawn = (path_of(shape) for shape in TOOLS[annotation.tool].shapes(annotation.points_lps))
    corners = QPolygonF([QPointF(*view.to_view(point)) for path in drawn for point in path])
    around = CROSS if len(annotation.points_lps) == 1 else HANDLE
    return corners.boundingRect().adjusted(-around, -around, around, around)
