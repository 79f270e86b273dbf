"""The path of a curved picture, drawn on the planes that it goes through."""

from itertools import groupby, pairwise

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from viewers.geometry.centreline import Centreline, centreline
from viewers.geometry.frame import Vector3, as_vector
from viewers.qt.palette import BACKGROUND, MARK, MARK_SELECTED
from viewers.tools.path_drag import DrawnPath
from viewers.tools.view_plane import ViewPlane

_HANDLE_RADIUS = 4.0
_POINTED_RADIUS = 6.0
# Every so many nodes of the curve are enough for the screen.
_THINNED = 3


def draw_path(painter: QPainter, view: ViewPlane, path: DrawnPath) -> None:
    """Draw the curve, whole where it lies in the picture and dotted before and behind it, and its points."""
    line = centreline(path.curve.points_lps)
    if line is not None:
        _draw_curve(painter, view, line)
    for point in path.curve.points_lps:
        if view.is_near(point):
            _dot(painter, view, point, _HANDLE_RADIUS, is_filled=True)
    if path.pointed_lps is not None:
        _dot(painter, view, path.pointed_lps, _POINTED_RADIUS, is_filled=False)


def _draw_curve(painter: QPainter, view: ViewPlane, line: Centreline) -> None:
    nodes = [as_vector(node) for node in (*line.nodes_lps[:-1:_THINNED], line.nodes_lps[-1])]
    stretches = groupby(pairwise(nodes), key=lambda ends: view.is_near(ends[0]) or view.is_near(ends[1]))
    for is_here, stretch in stretches:
        ends = list(stretch)
        pen = QPen(MARK, 1.5 if is_here else 1.0)
        pen.setStyle(Qt.PenStyle.SolidLine if is_here else Qt.PenStyle.DotLine)
        painter.setPen(pen)
        places = [ends[0][0], *(end for _, end in ends)]
        painter.drawPolyline(QPolygonF([QPointF(*view.to_view(place)) for place in places]))


def _dot(painter: QPainter, view: ViewPlane, point: Vector3, radius: float, *, is_filled: bool) -> None:
    painter.setPen(QPen(BACKGROUND if is_filled else MARK_SELECTED, 1.5))
    painter.setBrush(MARK if is_filled else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(*view.to_view(point)), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
