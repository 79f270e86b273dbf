"""What lies under the pointer: distances on the screen, in viewport pixels, so that they do not depend on the zoom."""

import itertools
import math
from dataclasses import dataclass

from viewers.annotations.model import Annotation
from viewers.tools.base import ArrowHead, Ellipse, PointerEvent, Segment, Shape
from viewers.tools.registry import TOOLS
from viewers.tools.view_plane import PixelPosition, ViewPlane

# How near the pointer must come, in viewport pixels; about 2 mm on a reading display.
REACH = 8.0
_ELLIPSE_STEPS = 72


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark under the pointer; ``handle`` is the index of its point, ``None`` when only its outline was hit."""

    annotation: Annotation
    handle: int | None


def hit(event: PointerEvent, annotations: tuple[Annotation, ...]) -> Hit | None:
    """Return the mark under the pointer: a handle before an outline, and the last drawn before the first."""
    shown = tuple(one for one in reversed(annotations) if one.tool in TOOLS and event.view.shows(one))
    for annotation in shown:
        for index, point in enumerate(annotation.points_lps):
            if math.dist(event.view.to_view(point), event.position) <= REACH:
                return Hit(annotation, index)
    for annotation in shown:
        shapes = TOOLS[annotation.tool].shapes(annotation.points_lps)
        if any(_distance(shape, event.view, event.position) <= REACH for shape in shapes):
            return Hit(annotation, None)
    return None


def outline_on_view(ellipse: Ellipse, view: ViewPlane, steps: int = _ELLIPSE_STEPS) -> tuple[PixelPosition, ...]:
    """Return positions along an ellipse as it falls on the view, in viewport pixels; the last meets the first."""
    x, y = view.to_view(ellipse.centre)
    first, second = view.vector_to_view(ellipse.first), view.vector_to_view(ellipse.second)
    turns = (2 * math.pi * step / steps for step in range(steps + 1))
    return tuple(
        (
            x + math.cos(turn) * first[0] + math.sin(turn) * second[0],
            y + math.cos(turn) * first[1] + math.sin(turn) * second[1],
        )
        for turn in turns
    )


def _distance(shape: Shape, view: ViewPlane, position: PixelPosition) -> float:
    match shape:
        case Segment(start, end):
            return _to_segment(position, view.to_view(start), view.to_view(end))
        case Ellipse():
            corners = outline_on_view(shape, view)
            pairs = itertools.pairwise(corners)
            return min(_to_segment(position, start, end) for start, end in pairs)
        case ArrowHead(tip, _):
            return math.dist(position, view.to_view(tip))


def _to_segment(position: PixelPosition, start: PixelPosition, end: PixelPosition) -> float:
    across, down = end[0] - start[0], end[1] - start[1]
    square = across * across + down * down
    along = 0.0
    if square:
        along = ((position[0] - start[0]) * across + (position[1] - start[1]) * down) / square
    along = min(1.0, max(0.0, along))
    return math.dist(position, (start[0] + along * across, start[1] + along * down))
