"""From buttons to work: which drag navigates, which places a mark, and what a click without a drag is.

It knows the mouse profile and the active tool, and shares the events between placement and navigation. No widget.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from viewers.annotations.model import Annotation, PointLps
from viewers.identifiers import AnnotationId
from viewers.tools.base import Button, PointerEvent
from viewers.tools.cut_drag import CutDrag
from viewers.tools.cuts import Cut, Grasp, grasp_at
from viewers.tools.hit import Hit, hit
from viewers.tools.intents import Intent, SelectAnnotation
from viewers.tools.navigate import DragWays, Navigation, Navigator, WindowBasis
from viewers.tools.path_drag import PATH, DrawnPath, PathDrag, PathGrasp, path_grasp_at
from viewers.tools.placement import Placement
from viewers.tools.registry import TOOLS
from viewers.tools.snap import EdgeFinder, SnapTargets
from viewers.tools.view_plane import PixelPosition

# What a button does: a navigation, or the id of a measuring tool.
ActiveTool = Navigation | str


@dataclass(frozen=True, slots=True)
class MouseProfile:
    """What the buttons do by dragging; the left one does what the active tool says, at first ``left``.

    ``shift_left``, ``alt_left`` and ``control_left`` are what the left button does with a key held; Control leaves
    the crosshair and the measuring tools as they are. For a left hand, left and right change places.
    """

    left: Navigation = Navigation.WINDOW
    middle: Navigation = Navigation.PAN
    right: Navigation = Navigation.ZOOM
    shift_left: Navigation | None = Navigation.CROSSHAIR
    control_left: Navigation | None = Navigation.REGION
    alt_left: Navigation | None = Navigation.LAYER
    is_left_handed: bool = False
    ways: DragWays = field(default_factory=DragWays)


@dataclass(frozen=True, slots=True)
class PointerContext:
    """What the pointer may work on: marks, the window a drag begins from, the lines of the crosshair, edges, a path."""

    annotations: tuple[Annotation, ...]
    basis: WindowBasis | None
    cuts: tuple[Cut, ...] = ()
    crosshair: PointLps | None = None
    edge: EdgeFinder | None = None
    path: DrawnPath | None = None

    @property
    def targets(self) -> SnapTargets:
        """What a place may be drawn to."""
        return SnapTargets(self.annotations, self.edge)


class Pointer:
    """The pointer over one viewport. ``new_id`` names new marks."""

    def __init__(self, new_id: Callable[[], AnnotationId], profile: MouseProfile) -> None:
        self._placement = Placement(new_id)
        self._navigator = Navigator()
        self._cut_drag = CutDrag()
        self._path_drag = PathDrag()
        self._pressed: Button | None = None
        self.profile = profile
        self.tool: ActiveTool = profile.left

    @property
    def preview(self) -> Annotation | None:
        """The mark in hand."""
        return self._placement.preview

    @property
    def box(self) -> tuple[PixelPosition, PixelPosition] | None:
        """The corners of the box that a window is to be fitted to."""
        return self._navigator.box

    @property
    def is_navigating(self) -> bool:
        """Whether a drag is changing the view, so that a coarser picture will do."""
        return self._navigator.has_dragged or self._cut_drag.has_dragged

    @property
    def is_busy(self) -> bool:
        """Whether a mark is in hand or a button held."""
        return self._placement.is_busy or self._is_held

    def under(self, event: PointerEvent, context: PointerContext) -> Grasp | Hit | PathGrasp | None:
        """Return what a press of the left button would take hold of, of the crosshair, a mark or the path."""
        if self._placement.is_busy and self.tool in TOOLS:
            return None
        path = self._drawn(event, context)
        if path is not None:
            return path_grasp_at(event, path)
        held = self._held(event, context)
        if held is Navigation.CROSSHAIR:
            return grasp_at(event.position, event.view, context.cuts, context.crosshair)
        return self._taken(event, context) if held is None else None

    def press(self, event: PointerEvent, context: PointerContext) -> tuple[Intent, ...]:
        """Begin: a mark under the left button is taken hold of; else the tool of the button begins.

        While a button is held, the others do nothing.
        """
        if self._is_held or self._pressed not in (None, event.button):
            return ()
        if event.button is Button.LEFT:
            self._pressed = event.button
            return self._press_left(event, context)
        if event.button is Button.NONE or self._placement.is_busy:
            return ()
        self._pressed = event.button
        navigation = self.profile.middle if event.button is Button.MIDDLE else self.profile.right
        return self._navigator.press(event, navigation, context.basis, self.profile.ways)

    def move(self, event: PointerEvent) -> tuple[Intent, ...]:
        """Follow the pointer."""
        self._placement.move(event)
        return (*self._navigator.move(event), *self._cut_drag.move(event), *self._path_drag.move(event))

    def release(self, event: PointerEvent) -> tuple[Intent, ...]:
        """End the drag of the button that began it."""
        if event.button is not self._pressed:
            return ()
        self._pressed = None
        self._cut_drag.release()
        self._path_drag.release()
        return (*self._navigator.release(event), *self._placement.release(event))

    def is_click(self, button: Button) -> bool:
        """Whether a release of a button now would end its press, which never became a drag."""
        return button is self._pressed and self._navigator.is_busy and not self._navigator.has_dragged

    def delete(self, selected: AnnotationId | None, annotations: tuple[Annotation, ...]) -> tuple[Intent, ...]:
        """Delete the selected mark."""
        return self._placement.delete(selected, annotations)

    def cancel(self) -> bool:
        """Drop what is in hand; return whether there was anything."""
        was_held = self._is_held
        self._pressed = None
        self._navigator.cancel()
        self._cut_drag.release()
        self._path_drag.release()
        return self._placement.cancel() or was_held

    def drop_mark(self) -> None:
        """Drop the mark in hand, as its slice is shown no more; a drag that navigates goes on."""
        self._placement.cancel()

    def _press_left(self, event: PointerEvent, context: PointerContext) -> tuple[Intent, ...]:
        measuring = TOOLS.get(self.tool)
        if measuring is not None and self._placement.is_busy:
            return self._placement.place(event, measuring)
        path = self._drawn(event, context)
        if path is not None:
            return self._path_drag.press(event, path)
        held = self._held(event, context)
        if held is Navigation.CROSSHAIR:
            return self._point(event, context)
        if held is not None:
            return self._navigator.press(event, held, context.basis, self.profile.ways)
        if self._taken(event, context) is not None:
            return self._placement.grab(event, context.targets) or ()
        if measuring is not None:
            return (SelectAnnotation(None), *self._placement.place(event, measuring, context.targets))
        navigation = self.tool if isinstance(self.tool, Navigation) else self.profile.left
        pressed = self._navigator.press(event, navigation, context.basis, self.profile.ways)
        return (SelectAnnotation(None), *pressed)

    def _drawn(self, event: PointerEvent, context: PointerContext) -> DrawnPath | None:
        """Return the path that a press draws on."""
        return context.path if self.tool == PATH and not event.shift else None

    def _taken(self, event: PointerEvent, context: PointerContext) -> Hit | None:
        """Return the mark that a press takes hold of.

        With a measuring tool a mark that only crosses the picture is passed over, for the lesion that it marks is often
        measured there too; and with Control a new mark begins, at a handle if one is near.
        """
        found = hit(event, context.annotations)
        if found is None or self.tool not in TOOLS:
            return found
        return None if found.is_crossing or event.control else found

    def _point(self, event: PointerEvent, context: PointerContext) -> tuple[Intent, ...]:
        # A crosshair is put on a lesion that bears a mark: it must never drag the mark along.
        grasp = grasp_at(event.position, event.view, context.cuts, context.crosshair)
        if grasp is None:
            return self._navigator.press(event, Navigation.CROSSHAIR, context.basis)
        self._cut_drag.press(event, grasp, context.cuts, context.crosshair)
        return ()

    @property
    def _is_held(self) -> bool:
        return self._navigator.is_busy or self._cut_drag.is_busy or self._path_drag.is_busy

    def _held(self, event: PointerEvent, context: PointerContext) -> Navigation | None:
        """Return what a key held, or the crosshair as a tool, makes of the left button; ``None`` for the tool's own."""
        profile = self.profile
        if event.shift and profile.shift_left is not None:
            return profile.shift_left
        has_layer = context.basis is not None and context.basis.layer is not None
        if event.alt and profile.alt_left is not None and (profile.alt_left is not Navigation.LAYER or has_layer):
            return profile.alt_left
        if self.tool is Navigation.CROSSHAIR:
            return Navigation.CROSSHAIR
        return profile.control_left if event.control and isinstance(self.tool, Navigation) else None
