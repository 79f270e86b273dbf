"""The shape of the pointer: it tells what a press would do."""

import math
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QPainter, QPen, QPixmap

from viewers.tools.cuts import CutLine, Grasp, Grip
from viewers.tools.hit import Hit
from viewers.tools.navigate import Navigation
from viewers.tools.path_drag import PathGrasp
from viewers.tools.pointer import ActiveTool
from viewers.tools.registry import TOOLS

_SIZE = 24
# By the direction in which a line is moved, clockwise from the right in eighths of a turn.
_MOVES = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)
_NAVIGATION = {Navigation.PAN: Qt.CursorShape.OpenHandCursor, Navigation.CROSSHAIR: Qt.CursorShape.CrossCursor}


def cursor_of(under: Grasp | Hit | PathGrasp | None, tool: ActiveTool) -> QCursor:
    """Return the cursor over a line, a mark or a path, or for the tool where there is none of them."""
    if isinstance(under, Grasp):
        return _on_line(under)
    if isinstance(under, Hit):
        shape = Qt.CursorShape.SizeAllCursor if under.handle is None else Qt.CursorShape.PointingHandCursor
        return QCursor(shape)
    if isinstance(under, PathGrasp):
        return QCursor(Qt.CursorShape.CrossCursor if under.index is None else Qt.CursorShape.PointingHandCursor)
    if isinstance(tool, Navigation):
        return QCursor(_NAVIGATION.get(tool, Qt.CursorShape.ArrowCursor))
    return QCursor(Qt.CursorShape.CrossCursor if tool in TOOLS else Qt.CursorShape.ArrowCursor)


def _on_line(grasp: Grasp) -> QCursor:
    if grasp.line is None:
        return QCursor(Qt.CursorShape.SizeAllCursor)
    if grasp.grip is Grip.TURN:
        return _turning()
    if grasp.grip is Grip.THICKEN:
        return QCursor(_across(grasp.line, Qt.CursorShape.SplitHCursor, Qt.CursorShape.SplitVCursor))
    return QCursor(_MOVES[round((math.degrees(math.atan2(*reversed(grasp.line.along))) + 90.0) / 45.0) % 4])


def _across(line: CutLine, upright: Qt.CursorShape, level: Qt.CursorShape) -> Qt.CursorShape:
    return upright if abs(line.along[1]) > abs(line.along[0]) else level


@cache
def _turning() -> QCursor:
    """Return three quarters of a circle with an arrow head, which no platform has of its own."""
    picture = QPixmap(_SIZE, _SIZE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((Qt.GlobalColor.black, 4.0), (Qt.GlobalColor.white, 2.0)):
        painter.setPen(QPen(colour, width))
        painter.drawArc(QRectF(5.0, 5.0, 14.0, 14.0), 0, 270 * 16)
        painter.drawPolyline([QPointF(15.5, 9.0), QPointF(19.0, 12.5), QPointF(22.5, 9.0)])
    painter.end()
    return QCursor(picture, _SIZE // 2, _SIZE // 2)
