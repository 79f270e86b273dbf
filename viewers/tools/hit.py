"""What lies under the pointer: distances on the screen, in viewport pixels, so that they do not depend on the zoom."""

import itertools
import math
from dataclasses import dataclass

from viewers.annotations.model import Annotation
from viewers.tools.base import PointerEvent
from viewers.tools.crossing import crossings
from viewers.tools.registry import TOOLS
from viewers.tools.shapes import Shape, path_of
from viewers.tools.view_plane import PixelPosition, ViewPlane

# How near the pointer must come, in viewport pixels; about 2 mm on a reading display.
REACH = 8.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark under the pointer; ``handle`` is the index of its point, ``None`` when only its outline was hit.

    ``is_crossing`` tells a mark that does not lie in the picture and was hit where it crosses it.
    """

    annotation: Annotation
    handle: int | None
    is_crossing: bool = False


def hit(event: PointerEvent, annotations: tuple[Annotation, ...]) -> Hit | None:
    """Return the mark under the pointer: a handle before an outline, and the last drawn before the first."""
    known = tuple(one for one in reversed(annotations) if one.tool in TOOLS)
    shown = tuple(one for one in known if event.view.shows(one))
    for annotation in shown:
        for index in TOOLS[annotation.tool].handles(annotation.points_lps):
            if math.dist(event.view.to_view(annotation.points_lps[index]), event.position) <= REACH:
                return Hit(annotation, index)
    for annotation in shown:
        shapes = TOOLS[annotation.tool].shapes(annotation.points_lps)
        if any(_distance(shape, event.view, event.position) <= REACH for shape in shapes):
            return Hit(annotation, None)
    for annotation in known:
        met = crossings(annotation, event.view)
        if any(math.dist(event.view.to_view(point), event.position) <= REACH for point in met):
            return Hit(annotation, None, is_crossing=True)
    return None


def _distance(shape: Shape, view: ViewPlane, position: PixelPosition) -> float:
    path = [view.to_view(point) for point in path_of(shape)]
    if len(path) == 1:
        return math.dist(position, path[0])
    return min(_to_segment(position, start, end) for start, end in itertools.pairwise(path))


def _to_segment(position: PixelPosition, start: PixelPosition, end: PixelPosition) -> float:
    across, down = end[0] - start[0], end[1] - start[1]
    square = across * across + down * down
    along = 0.0
    if square:
        along = ((position[0] - start[0]) * across + (position[1] - start[1]) * down) / square
    along = min(1.0, max(0.0, along))
    return math.dist(position, (start[0] + along * across, start[1] + along * down))
