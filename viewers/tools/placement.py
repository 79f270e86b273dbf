"""One machine for every measuring tool: place, drag a handle or the whole mark, select, delete, cancel.

It keeps only what happens between a press and a release, and says what the reader asked for as frozen intents; the
marks themselves are the application's. A mark is placed by press, drag, release, or by two clicks. Until it is
released, ``preview`` is what the viewport draws in its place.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from viewers.annotations.model import Annotation, PointLps
from viewers.geometry.frame import added, subtracted
from viewers.identifiers import AnnotationId
from viewers.tools.base import PointerEvent, ToolSpec
from viewers.tools.hit import hit
from viewers.tools.intents import AddAnnotation, DeleteAnnotation, MoveHandle, SelectAnnotation
from viewers.tools.registry import TOOLS
from viewers.tools.view_plane import PixelPosition

# A pointer that moved less than this, in viewport pixels, has clicked and not dragged.
DRAG_THRESHOLD = 4.0

PlacementIntent = AddAnnotation | DeleteAnnotation | MoveHandle | SelectAnnotation


@dataclass(frozen=True, slots=True)
class _Placing:
    tool: ToolSpec
    start: PointLps
    pressed_at: PixelPosition
    draft: Annotation


@dataclass(frozen=True, slots=True)
class _Dragging:
    before: Annotation
    handle: int | None
    start: PointLps
    pressed_at: PixelPosition
    after: Annotation


class Placement:
    """The pointer's work on marks in one viewport. ``new_id`` names new marks."""

    def __init__(self, new_id: Callable[[], AnnotationId]) -> None:
        self._new_id = new_id
        self._work: _Placing | _Dragging | None = None

    @property
    def preview(self) -> Annotation | None:
        """The mark being placed or dragged, as it is now; it stands for the kept mark with the same id."""
        if isinstance(self._work, _Placing):
            return self._work.draft
        return None if self._work is None else self._work.after

    @property
    def is_busy(self) -> bool:
        """Whether a mark is being placed or dragged, so that the next events belong to the machine."""
        return self._work is not None

    def grab(self, event: PointerEvent, annotations: tuple[Annotation, ...]) -> tuple[PlacementIntent, ...] | None:
        """Take hold of the mark under the pointer and select it; ``None`` when there is none."""
        found = hit(event, annotations)
        if found is None:
            return None
        mark = found.annotation
        self._work = _Dragging(mark, found.handle, event.point, event.position, mark)
        return (SelectAnnotation(mark.id),)

    def place(self, event: PointerEvent, tool: ToolSpec) -> tuple[PlacementIntent, ...]:
        """Begin a mark, or end the one that a first click began."""
        if isinstance(self._work, _Placing):
            self.move(event)
            return self._finish(self._work, event)
        target = event.view.target
        draft = Annotation(
            id=self._new_id(),
            tool=tool.id,
            points_lps=tool.build(event.point, event.point, event.view),
            frame_of_reference=target.frame_of_reference,
            series=target.series,
            instance=target.instance,
            frame_index=target.frame_index,
        )
        self._work = _Placing(tool, event.point, event.position, draft)
        return ()

    def move(self, event: PointerEvent) -> None:
        """Follow the pointer; only ``preview`` changes."""
        if isinstance(self._work, _Placing):
            points = self._work.tool.build(self._work.start, event.point, event.view)
            self._work = replace(self._work, draft=replace(self._work.draft, points_lps=points))
        elif isinstance(self._work, _Dragging):
            self._work = replace(self._work, after=_dragged(self._work, event))

    def release(self, event: PointerEvent) -> tuple[PlacementIntent, ...]:
        """End a drag; after a click without a drag a mark stays in hand until the second click."""
        work = self._work
        if work is None or (isinstance(work, _Placing) and not _has_dragged(work.pressed_at, event)):
            return ()
        self.move(event)
        if isinstance(self._work, _Placing):
            return self._finish(self._work, event)
        return self._let_go(event)

    def delete(self, selected: AnnotationId | None, annotations: tuple[Annotation, ...]) -> tuple[PlacementIntent, ...]:
        """Delete the selected mark."""
        self._work = None
        found = tuple(one for one in annotations if one.id == selected)
        return (DeleteAnnotation(found[0]), SelectAnnotation(None)) if found else ()

    def cancel(self) -> bool:
        """Drop what is in hand, nothing is kept; return whether there was anything."""
        was_busy = self.is_busy
        self._work = None
        return was_busy

    def _finish(self, work: _Placing, event: PointerEvent) -> tuple[PlacementIntent, ...]:
        self._work = None
        if not _has_dragged(work.pressed_at, event):
            # Two clicks in one place are a double-click, not a mark of no size.
            return ()
        mark = replace(work.draft, points_lps=work.tool.settle(work.draft.points_lps))
        return AddAnnotation(mark), SelectAnnotation(mark.id)

    def _let_go(self, event: PointerEvent) -> tuple[PlacementIntent, ...]:
        work, self._work = self._work, None
        if not isinstance(work, _Dragging) or not _has_dragged(work.pressed_at, event):
            return ()
        settled = TOOLS[work.before.tool].settle(work.after.points_lps)
        return (MoveHandle(before=work.before, after=replace(work.after, points_lps=settled)),)


def _dragged(work: _Dragging, event: PointerEvent) -> Annotation:
    if not _has_dragged(work.pressed_at, event):
        return work.before
    points = work.before.points_lps
    step = subtracted(event.point, work.start)
    if work.handle is None:
        return replace(work.before, points_lps=tuple(added(point, step) for point in points))
    moved = added(points[work.handle], step)
    return replace(work.before, points_lps=TOOLS[work.before.tool].drag(points, work.handle, moved))


def _has_dragged(pressed_at: PixelPosition, event: PointerEvent) -> bool:
    return math.dist(pressed_at, event.position) >= DRAG_THRESHOLD
