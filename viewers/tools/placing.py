"""A mark that is being placed: pure, each pointer event gives the next state of it."""

import math
from dataclasses import dataclass, replace
from enum import Enum

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId
from viewers.tools.base import DRAG_THRESHOLD, MOST_POINTS, Gesture, PointerEvent, ToolSpec
from viewers.tools.shapes import Points
from viewers.tools.view_plane import PixelPosition, ViewPlane

# How far the pointer goes, in viewport pixels, from one point of an outline to the next.
_STROKE_STEP = 3.0
# How near to its first corner, in viewport pixels, a click closes an outline.
_CLOSING = 8.0


class Stage(Enum):
    """Whether a mark still wants places, is whole, or was given up."""

    OPEN = "open"
    WHOLE = "whole"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Placing:
    """A tool at work: the places that stand, where the button went down (``None`` while it is up), the mark so far."""

    tool: ToolSpec
    mark: Annotation
    fixed: Points
    pressed_at: PixelPosition | None
    is_first_press: bool = True
    stage: Stage = Stage.OPEN

    def moved(self, event: PointerEvent) -> "Placing":
        """Follow the pointer; an outline grows while the button is held."""
        if self.tool.gesture is Gesture.OUTLINE and self.pressed_at is not None and _dragged(self.pressed_at, event):
            return self._grown(event)._shown(event.view)
        anchors = (event.point,) if self.tool.anchors == 1 else (*self.fixed, event.point)
        return self._shown(event.view, anchors)

    def pressed(self, event: PointerEvent) -> "Placing":
        """Set the next place by a click; it may end the mark."""
        pressed = replace(self, pressed_at=event.position, is_first_press=False)
        if self.tool.gesture is Gesture.OUTLINE:
            return pressed._corner(event)
        anchors = (*self.fixed, event.point)
        if _apart(self.tool.build(self.fixed, event.view), self.tool.build(anchors, event.view), event.view):
            return pressed._with(anchors, event.view)
        # Two clicks in one place are a double-click, not a mark of no size.
        return replace(pressed, stage=Stage.GIVEN_UP) if len(self.fixed) == 1 else pressed

    def released(self, event: PointerEvent) -> "Placing":
        """End a drag, or a click."""
        if self.pressed_at is None:
            return self
        released = replace(self, pressed_at=None, is_first_press=False)
        if self.tool.anchors == 1:
            return released._with((event.point,), event.view)
        if not _dragged(self.pressed_at, event):
            return released
        if self.tool.gesture is Gesture.OUTLINE:
            return released._grown(event)._closed(event.view)
        return released._with((*self.fixed, event.point), event.view) if self.is_first_press else released

    def _corner(self, event: PointerEvent) -> "Placing":
        view = event.view
        is_again = math.dist(view.to_view(self.fixed[-1]), event.position) < DRAG_THRESHOLD
        is_start = math.dist(view.to_view(self.fixed[0]), event.position) <= _CLOSING
        if is_again or (is_start and len(self.fixed) >= self.tool.anchors):
            return self._closed(view) if len(self.fixed) != 2 else self
        return self._with_corner(event)

    def _grown(self, event: PointerEvent) -> "Placing":
        far = math.dist(event.view.to_view(self.fixed[-1]), event.position) >= _STROKE_STEP
        return self._with_corner(event) if far else self

    def _with_corner(self, event: PointerEvent) -> "Placing":
        if len(self.fixed) >= MOST_POINTS:
            return self
        return replace(self, fixed=(*self.fixed, event.point))._shown(event.view)

    def _closed(self, view: ViewPlane) -> "Placing":
        is_whole = len(self.fixed) >= self.tool.anchors
        return replace(self, stage=Stage.WHOLE if is_whole else Stage.GIVEN_UP)._shown(view)

    def _with(self, anchors: Points, view: ViewPlane) -> "Placing":
        stage = Stage.WHOLE if len(anchors) >= self.tool.anchors else Stage.OPEN
        return replace(self, fixed=anchors, stage=stage)._shown(view, anchors)

    def _shown(self, view: ViewPlane, anchors: Points = ()) -> "Placing":
        return replace(self, mark=replace(self.mark, points_lps=self.tool.build(anchors or self.fixed, view)))


def begun(event: PointerEvent, tool: ToolSpec, mark: AnnotationId) -> Placing:
    """Begin a mark where the button went down."""
    target, fixed = event.view.target, (event.point,)
    draft = Annotation(
        id=mark,
        tool=tool.id,
        points_lps=tool.build(fixed, event.view),
        frame_of_reference=target.frame_of_reference,
        series=target.series,
        instance=target.instance,
        frame_index=target.frame_index,
    )
    return Placing(tool, draft, fixed, event.position)


def _dragged(pressed_at: PixelPosition, event: PointerEvent) -> bool:
    return math.dist(pressed_at, event.position) >= DRAG_THRESHOLD


def _apart(before: Points, after: Points, view: ViewPlane) -> bool:
    """Whether a place changes a mark by more than the hand trembles."""
    return any(view.pixels_apart(old, new) >= DRAG_THRESHOLD for old, new in zip(before, after, strict=True))
