"""The texts in the four corners: who, which series, what is shown of it, and what is wrong with it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from viewers.image.description import Window
from viewers.image.quantity_kinds import Quantity
from viewers.image.volume import FindingKind, GeometryPassport
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import TEXT, TEXT_DIM, WARNING
from viewers.qt.text import Line, draw_block
from viewers.state.marks import SPACING_MARKS
from viewers.state.resolved import Mark, ResolvedView
from viewers.state.view_state import Against

# Corners leave the middle of each edge to a letter: so much width, in logical pixels, and this part of the height.
_LETTER_WIDTH = 48.0
_HEIGHT_PART = 0.44
# Positions that a warning names before it only says that there are more.
_PLACES_NAMED = 3
_FIGURES = {
    Mark.LOSSY: FindingKind.LOSSY,
    Mark.TILT: FindingKind.TILT,
    Mark.APART: FindingKind.APART,
    Mark.REDUCED: FindingKind.REDUCED,
    Mark.GAP: FindingKind.GAP,
    Mark.GAP_AT_SOURCE: FindingKind.GAP,
    Mark.DUPLICATE: FindingKind.DUPLICATE,
}
# What a reader should know rather than beware of.
_QUIET_MARKS = frozenset(SPACING_MARKS.values())


def state_lines(resolved: ResolvedView, labels: ViewportLabels) -> tuple[str, ...]:
    """Return the lines of the bottom left corner: slab, slice and position, window, zoom, where the scale is from."""
    lines = [_where(resolved, labels), window_line(resolved.window, resolved.quantity, labels)]
    lines[:0] = slab_lines(resolved, labels)
    lines.append(_scale(resolved, labels))
    if resolved.inverted:
        lines.append(labels.inverted)
    return tuple(lines)


def slab_lines(resolved: ResolvedView, labels: ViewportLabels) -> tuple[str, ...]:
    """Return the line that says how thick the picture is; none where it is not."""
    if resolved.slab is None or resolved.slab.thickness_mm <= 0:
        return ()
    projection = labels.projections.get(resolved.slab.projection, str(resolved.slab.projection))
    return (labels.slab.format(projection=projection, mm=_short(resolved.slab.thickness_mm, labels)),)


def mark_lines(resolved: ResolvedView, warnings: Sequence[str], labels: ViewportLabels) -> tuple[Line, ...]:
    """Return the lines of the bottom right corner; what the reader must beware of is lowest, nearest to the edge."""
    quiet = [mark for mark in resolved.marks if mark in _QUIET_MARKS]
    loud = [mark for mark in resolved.marks if mark not in _QUIET_MARKS]
    return (
        *(Line(labels.marks.get(mark, mark), TEXT_DIM) for mark in quiet),
        *(Line(_marked(mark, resolved.passport, labels), WARNING, bold=True) for mark in loud),
        *(Line(warning, WARNING, bold=True) for warning in warnings),
    )


def layer_lines(resolved: ResolvedView, labels: ViewportLabels) -> tuple[str, ...]:
    """Return the line that says what is laid over the picture, in which window and how opaque."""
    layer = resolved.fused
    if layer is None:
        return ()
    window = window_line(layer.window, layer.quantity, labels)
    percent = labels.number(100.0 * layer.opacity, 0)
    return (labels.layer.format(modality=layer.modality, window=window, percent=percent),)


def layer_marks(resolved: ResolvedView, labels: ViewportLabels) -> tuple[Line, ...]:
    """Return the warnings of the layer, each named by its modality."""
    layer = resolved.fused
    if layer is None:
        return ()
    loud = (mark for mark in layer.marks if mark not in _QUIET_MARKS and mark is not Mark.IMAGES_ONLY)
    return tuple(
        Line(f"{layer.modality}: {_marked(mark, layer.passport, labels)}", WARNING, bold=True) for mark in loud
    )


def _marked(mark: Mark, passport: GeometryPassport, labels: ViewportLabels) -> str:
    """Return the words of a warning, with the figure of the passport that belongs to it."""
    words = labels.marks.get(mark, str(mark))
    kind = _FIGURES.get(mark)
    found = () if kind is None else passport.of(kind)
    if kind is FindingKind.TILT and found:
        return f"{words} {labels.number(found[0].value or 0.0, 1)}°"
    if kind is FindingKind.REDUCED and found:
        return f"{words} 1/{found[0].value or 1.0:g}"
    if kind is FindingKind.APART and found:
        return f"{words}: {_short(round(found[0].value or 0.0, 1), labels)} mm"
    if kind is FindingKind.LOSSY and found and found[0].value is not None:
        return f"{words} {_short(round(found[0].value, 1), labels)}:1"
    places = [place for finding in found for place in finding.positions_mm]
    if not places:
        return words
    named = " · ".join(_short(round(place, 1), labels) for place in places[:_PLACES_NAMED])
    return labels.at_places.format(mark=words, mm=f"{named}{'…' if len(places) > _PLACES_NAMED else ''}")


def draw_corners(
    painter: QPainter,
    area: QRectF,
    identity: Sequence[str],
    series: Sequence[str],
    state: Sequence[str],
    marks: Sequence[Line],
    against: Against | None = None,
) -> tuple[QRectF, ...]:
    """Draw the four corners and return what they cover; the first line of identity and series is the brightest.

    Beside a picture that is laid ``against`` an edge everything stands on the other side.
    """
    box = QRectF(area)
    box.setWidth(max(0.0, area.width() - _LETTER_WIDTH) / 2)
    box.setHeight(area.height() * _HEIGHT_PART)
    if against is not None:
        is_right = against is Against.LEFT
        box.moveRight(area.right() if is_right else box.right())
        who = draw_block(painter, box, (*_titled(identity), *_titled(series)), right=is_right, bottom=False)
        box.moveBottom(area.bottom())
        what = (*(Line(text, TEXT) for text in state), *marks)
        return who, draw_block(painter, box, what, right=is_right, bottom=True)
    top_left = draw_block(painter, box, _titled(identity), right=False, bottom=False)
    box.moveRight(area.right())
    top_right = draw_block(painter, box, _titled(series), right=True, bottom=False)
    box.moveBottom(area.bottom())
    bottom_right = draw_block(painter, box, marks, right=True, bottom=True)
    box.moveLeft(area.left())
    bottom_left = draw_block(painter, box, [Line(text, TEXT) for text in state], right=False, bottom=True)
    return top_left, top_right, bottom_right, bottom_left


def _titled(lines: Sequence[str]) -> list[Line]:
    return [Line(text, TEXT_DIM if row else TEXT, bold=row == 0) for row, text in enumerate(lines)]


def _where(resolved: ResolvedView, labels: ViewportLabels) -> str:
    corners = resolved.corners
    parts = [labels.slice.format(number=corners.slice_number, count=corners.slice_count)]
    if corners.position_mm is not None:
        mm = labels.number(corners.position_mm, 1)
        parts.append(labels.position.format(side=corners.position_side, mm=mm).strip())
    return "   ".join(parts)


def _scale(resolved: ResolvedView, labels: ViewportLabels) -> str:
    parts = [labels.zoom.format(percent=labels.number(resolved.corners.zoom_percent, 0))]
    if resolved.corners.thickness_mm is not None and resolved.slab is None:
        parts.append(labels.thickness.format(mm=_short(resolved.corners.thickness_mm, labels)))
    return "   ".join(parts)


def window_line(window: Window, quantity: Quantity, labels: ViewportLabels) -> str:
    """Return the line of a window, in the unit that it is in."""
    return labels.window.format(
        centre=labels.value(window.centre, window.width),
        width=labels.value(window.width, window.width),
        unit=quantity.name,
    ).strip()


def _short(mm: float, labels: ViewportLabels) -> str:
    return labels.number(mm, 2).rstrip("0").rstrip(labels.decimal_point)
