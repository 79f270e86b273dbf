"""The pictures on the tool buttons, drawn from a few lines each in a square of 24 units."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from workstation.shell import theme

_Line = tuple[float, ...]
_SIZE = 24
_SCALE = 2

# Polylines as x, y, x, y...
_LINES: Mapping[str, tuple[_Line, ...]] = MappingProxyType(
    {
        "pan": (
            (12, 3, 12, 21), (3, 12, 21, 12), (9.5, 5.5, 12, 3, 14.5, 5.5), (9.5, 18.5, 12, 21, 14.5, 18.5),
            (5.5, 9.5, 3, 12, 5.5, 14.5), (18.5, 9.5, 21, 12, 18.5, 14.5),
        ),
        "zoom": ((15, 15, 21, 21), (7, 10, 13, 10), (10, 7, 10, 13)),
        "scroll": ((5, 6, 19, 6), (5, 10, 19, 10), (5, 14, 19, 14), (5, 18, 19, 18)),
        "crosshair": ((12, 3, 12, 9), (12, 15, 12, 21), (3, 12, 9, 12), (15, 12, 21, 12)),
        "region": ((4, 4, 20, 4), (20, 4, 20, 20), (20, 20, 4, 20), (4, 20, 4, 4), (9, 12, 15, 12), (12, 9, 12, 15)),
        "magnifier": ((15, 15, 21, 21),),
        "length": ((4, 20, 20, 4), (2, 16, 8, 22), (16, 2, 22, 8), (10, 10, 14, 14)),
        "bidirectional": ((3, 18, 19, 4), (8, 8, 15, 16)),
        "angle": ((19, 4, 4, 19, 21, 19), (11.5, 11.5, 13.5, 13.8, 14.5, 16.5, 14.6, 19)),
        "freehand": (
            (5, 10, 7, 5, 13, 3.5, 18, 6, 20.5, 11, 18.5, 15, 14.5, 15.5, 13, 19, 9, 20.5, 5.5, 18, 6.5, 14, 5, 10),
        ),
        "probe": ((12, 11.5, 12, 12.5), (12, 2, 12, 6), (12, 18, 12, 22), (2, 12, 6, 12), (18, 12, 22, 12)),
        "calibration": ((3, 9, 21, 9), (3, 5, 3, 13), (21, 5, 21, 13), (9, 9, 9, 12), (15, 9, 15, 12), (7, 18, 17, 18)),
        "arrow": ((20, 20, 5, 5), (5, 13, 5, 5, 13, 5)),
        "flip_horizontally": ((12, 3, 12, 21), (9, 6, 3, 18, 9, 18, 9, 6), (15, 6, 21, 18, 15, 18, 15, 6)),
        "flip_vertically": ((3, 12, 21, 12), (6, 9, 18, 3, 18, 9, 6, 9), (6, 15, 18, 21, 18, 15, 6, 15)),
        "rotate_left": ((6, 4, 6, 9.5, 11.5, 9.5),),
        "rotate_right": ((18, 4, 18, 9.5, 12.5, 9.5),),
        "reset": ((4, 9, 4, 4, 9, 4), (20, 9, 20, 4, 15, 4), (4, 15, 4, 20, 9, 20), (20, 15, 20, 20, 15, 20)),
        "graphics": ((4, 4, 20, 4, 20, 20, 4, 20, 4, 4), (8, 9, 16, 9), (8, 13, 13, 13)),
        "undo": ((8, 4, 3, 9, 8, 14), (3, 9, 14, 9, 19, 12, 19, 17, 15, 20)),
        "redo": ((16, 4, 21, 9, 16, 14), (21, 9, 10, 9, 5, 12, 5, 17, 9, 20)),
        "key_image": ((12, 3, 14.7, 9, 21, 9.6, 16.2, 13.8, 17.7, 20.2, 12, 16.8, 6.3, 20.2, 7.8, 13.8, 3, 9.6, 9.3, 9,
                       12, 3),),
        "link": ((9, 15, 15, 9),),
        "cine": ((7, 4, 20, 12, 7, 20, 7, 4),),
        "more": ((7, 6, 13, 12, 7, 18), (13, 6, 19, 12, 13, 18)),
    }
)  # fmt: skip

# Ellipses as x, y, width, height; arcs with start and span in degrees besides.
_ROUNDS: Mapping[str, tuple[_Line, ...]] = MappingProxyType(
    {
        "window": ((4, 4, 16, 16),),
        "zoom": ((4, 4, 12, 12),),
        "magnifier": ((4, 4, 12, 12), (7, 7, 6, 6)),
        "probe": ((6, 6, 12, 12),),
        "ellipse": ((3, 6, 18, 12),),
        "invert": ((4, 4, 16, 16),),
        "rotate_left": ((5, 5, 14, 14, 150, -260),),
        "rotate_right": ((5, 5, 14, 14, 30, 260),),
        "link": ((3, 12, 9, 9), (12, 3, 9, 9)),
        "fuse": ((2, 6, 12, 12), (10, 6, 12, 12)),
    }
)

# Filled halves: the start angle in degrees.
_HALVES: Mapping[str, int] = MappingProxyType({"window": 90, "invert": -90})


def icon(name: str) -> QIcon:
    """Return the icon of an act; an act without a drawing has an empty one."""
    if name not in _LINES and name not in _ROUNDS:
        return QIcon()
    drawn = QIcon()
    drawn.addPixmap(_pixmap(name, theme.TEXT), QIcon.Mode.Normal)
    drawn.addPixmap(_pixmap(name, "#5c6670"), QIcon.Mode.Disabled)
    return drawn


def _pixmap(name: str, colour: str) -> QPixmap:
    pixmap = QPixmap(_SIZE * _SCALE, _SIZE * _SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_SCALE, _SCALE)
    pen = QPen(QColor(colour), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for line in _LINES.get(name, ()):
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(line[::2], line[1::2], strict=True)]))
    for x, y, width, height, *arc in _ROUNDS.get(name, ()):
        start, span = arc or (0.0, 360.0)
        painter.drawArc(QRectF(x, y, width, height), round(start * 16), round(span * 16))
    if name in _HALVES:
        painter.setBrush(QColor(colour))
        painter.drawPie(QRectF(4, 4, 16, 16), _HALVES[name] * 16, 180 * 16)
    painter.end()
    return pixmap
