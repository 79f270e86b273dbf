"""Places that a pointer is drawn to while a key is held: never by itself, as a nodule beside a mark is not the mark.

With Control a handle of another mark, and where none is near the strongest edge of the picture; with Shift a straight
direction from the point before: level, upright, slanted by 45°, or at a right angle to the line before.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from viewers.annotations.model import Annotation, PointLps
from viewers.identifiers import AnnotationId
from viewers.tools.base import PointerEvent
from viewers.tools.registry import TOOLS
from viewers.tools.view_plane import PixelPosition

# The strongest edge near a position of the viewport, ``None`` where the picture is even.
EdgeFinder = Callable[[PixelPosition], PixelPosition | None]

# How far the pointer is drawn, in viewport pixels.
SNAP_REACH = 10.0
_EIGHTH = math.pi / 4


@dataclass(frozen=True, slots=True)
class SnapTargets:
    """What there is to be drawn to: other marks, and the edges of the picture."""

    annotations: tuple[Annotation, ...] = ()
    edge: EdgeFinder | None = None

    def without(self, mark: AnnotationId) -> "SnapTargets":
        """Return the targets less a mark, which must not be drawn to itself."""
        return replace(self, annotations=tuple(one for one in self.annotations if one.id != mark))


NO_TARGETS = SnapTargets()


def snapped(event: PointerEvent, before: tuple[PointLps, ...], targets: SnapTargets) -> PointerEvent:
    """Return the event where the keys held draw it to; ``before`` are the places that stand, the last one last."""
    position = event.position
    if event.control:
        position = _to_target(event, targets) or position
    elif event.shift and before:
        position = _straightened(position, [event.view.to_view(point) for point in before[-2:]])
    return event if position is event.position else replace(event, position=position)


def _to_target(event: PointerEvent, targets: SnapTargets) -> PixelPosition | None:
    view = event.view
    handles = [
        view.to_view(mark.points_lps[index])
        for mark in targets.annotations
        if mark.tool in TOOLS and view.shows(mark)
        for index in TOOLS[mark.tool].handles(mark.points_lps)
    ]
    nearest = min(handles, key=lambda one: math.dist(one, event.position), default=None)
    if nearest is not None and math.dist(nearest, event.position) <= SNAP_REACH:
        return nearest
    return None if targets.edge is None else targets.edge(event.position)


def _straightened(position: PixelPosition, before: list[PixelPosition]) -> PixelPosition:
    start = before[-1]
    across, down = position[0] - start[0], position[1] - start[1]
    turns = [0.0]
    if len(before) > 1 and math.dist(before[0], start) > 0.0:
        turns.append(math.atan2(start[1] - before[0][1], start[0] - before[0][0]))
    towards = math.atan2(down, across)
    angles = [turn + _EIGHTH * round((towards - turn) / _EIGHTH) for turn in turns]
    angle = min(angles, key=lambda one: abs(towards - one))
    along = across * math.cos(angle) + down * math.sin(angle)
    return start[0] + along * math.cos(angle), start[1] + along * math.sin(angle)
