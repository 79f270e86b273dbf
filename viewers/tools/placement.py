"""The one machine that turns pointer events into marks, for every tool and every plane.

A mark is placed by pressing, dragging and releasing, or by clicks. A press on a mark takes hold of one of its handles,
or of the whole mark. Nothing is changed until the machine says so: while placing and dragging ``preview`` is what to
draw instead, and a cancelled or unfinished work leaves nothing.
"""

from collections.abc import Callable
from dataclasses import replace

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId
from viewers.tools.base import PointerEvent, ToolSpec
from viewers.tools.dragging import Dragging
from viewers.tools.hit import hit
from viewers.tools.intents import AddAnnotation, DeleteAnnotation, MoveHandle, SelectAnnotation
from viewers.tools.placing import Placing, Stage, begun
from viewers.tools.registry import TOOLS
from viewers.tools.snap import NO_TARGETS, SnapTargets, snapped

PlacementIntent = AddAnnotation | DeleteAnnotation | MoveHandle | SelectAnnotation


class Placement:
    """The pointer's work on marks in one viewport. ``new_id`` names new marks."""

    def __init__(self, new_id: Callable[[], AnnotationId]) -> None:
        self._new_id = new_id
        self._work: Placing | Dragging | None = None
        self._targets = NO_TARGETS

    @property
    def preview(self) -> Annotation | None:
        """The mark being placed or dragged, as it is now; it stands for the kept mark with the same id."""
        match self._work:
            case Placing(mark=mark) | Dragging(after=mark):
                return mark
            case _:
                return None

    @property
    def is_busy(self) -> bool:
        """Whether a mark is being placed or dragged, so that the next events belong to the machine."""
        return self._work is not None

    def grab(self, event: PointerEvent, targets: SnapTargets) -> tuple[PlacementIntent, ...] | None:
        """Take hold of the mark under the pointer and select it; ``None`` when there is none.

        A mark that only crosses the picture is selected and stays where it is.
        """
        found = hit(event, targets.annotations)
        if found is None:
            return None
        mark = found.annotation
        if not found.is_crossing:
            self._targets = targets.without(mark.id)
            self._work = Dragging(mark, found.handle, event.point, event.position, mark)
        return (SelectAnnotation(mark.id),)

    def place(
        self, event: PointerEvent, tool: ToolSpec, targets: SnapTargets = NO_TARGETS
    ) -> tuple[PlacementIntent, ...]:
        """Begin a mark, or set the next place of the one in hand."""
        if isinstance(self._work, Placing):
            return self._go_on(self._work.pressed(self._drawn_to(event)))
        self._targets = targets
        self._work = begun(snapped(event, (), targets), tool, self._new_id())
        return ()

    def move(self, event: PointerEvent) -> None:
        """Follow the pointer; only ``preview`` changes."""
        match self._work:
            case Placing() as work:
                self._work = work.moved(self._drawn_to(event))
            case Dragging() as work:
                self._work = work.moved(event, self._targets)

    def release(self, event: PointerEvent) -> tuple[PlacementIntent, ...]:
        """End a drag; after a click a mark stays in hand until it has all its places."""
        match self._work:
            case Placing() as work:
                return self._go_on(work.released(self._drawn_to(event)))
            case Dragging() as work:
                self._work = None
                return _let_go(work.moved(event, self._targets))
            case _:
                return ()

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

    def _drawn_to(self, event: PointerEvent) -> PointerEvent:
        return snapped(event, self._work.fixed, self._targets) if isinstance(self._work, Placing) else event

    def _go_on(self, work: Placing) -> tuple[PlacementIntent, ...]:
        self._work = work if work.stage is Stage.OPEN else None
        if work.stage is not Stage.WHOLE:
            return ()
        mark = replace(work.mark, points_lps=work.tool.settle(work.tool.finish(work.mark.points_lps)))
        return AddAnnotation(mark), SelectAnnotation(mark.id)


def _let_go(work: Dragging) -> tuple[PlacementIntent, ...]:
    if not work.has_moved:
        return ()
    settled = TOOLS[work.before.tool].settle(work.after.points_lps)
    return (MoveHandle(before=work.before, after=replace(work.after, points_lps=settled)),)
