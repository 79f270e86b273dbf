"""Dragging the lines of the crosshair: the point, a plane along its normal, a plane about the point, a slab's border.

Everything is reckoned from the press, so that no rounding adds up in a long drag. A click changes nothing.
"""

import math
from dataclasses import dataclass, replace

from viewers.annotations.model import PointLps
from viewers.geometry.frame import added, scaled, subtracted
from viewers.geometry.turning import angle_between, step_along, step_towards, turned
from viewers.image.sampling import Projection, Slab
from viewers.tools.base import DRAG_THRESHOLD, PointerEvent
from viewers.tools.cuts import Cut, Grasp, Grip
from viewers.tools.intents import MoveCrosshair, NavigationIntent, SetSlab, TurnPlane

# A slab is this thick or a multiple of it, mm; what is thinner than the first is none.
SLAB_STEP_MM = 0.5


@dataclass(frozen=True, slots=True)
class _Drag:
    grasp: Grasp
    cuts: tuple[Cut, ...]
    through: PointLps
    pressed: PointerEvent
    begun: bool = False


class CutDrag:
    """The pointer's work on the lines of one viewport."""

    def __init__(self) -> None:
        self._drag: _Drag | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a button is held on a line."""
        return self._drag is not None

    @property
    def has_dragged(self) -> bool:
        """Whether the pointer went past the threshold since the press."""
        return self._drag is not None and self._drag.begun

    def press(self, event: PointerEvent, grasp: Grasp, cuts: tuple[Cut, ...], through: PointLps | None) -> None:
        """Take hold; nothing changes before the pointer has gone past the threshold."""
        self._drag = _Drag(grasp, cuts, event.view.plane.centre_lps if through is None else through, event)

    def move(self, event: PointerEvent) -> tuple[NavigationIntent, ...]:
        """Follow the pointer. Pressed with Control a plane turns alone; else all but this one turn, at right angles."""
        drag = self._drag
        if drag is None:
            return ()
        if not drag.begun:
            if math.dist(drag.pressed.position, event.position) < DRAG_THRESHOLD:
                return ()
            self._drag = drag = replace(drag, begun=True)
        line = drag.grasp.line
        if line is None:
            way = subtracted(event.point, drag.pressed.point)
            return (MoveCrosshair(added(drag.through, way)),)
        match drag.grasp.grip:
            case Grip.TURN:
                return _turned(drag, line.cut, event)
            case Grip.THICKEN:
                return (SetSlab(line.cut.viewport, _slab(line.cut, event.point)),)
            case _:
                return _moved(drag, line.cut, event)

    def release(self) -> None:
        """Let go."""
        self._drag = None


def _turned(drag: _Drag, cut: Cut, event: PointerEvent) -> tuple[NavigationIntent, ...]:
    axis = event.view.plane.normal
    before, after = (subtracted(point, drag.through) for point in (drag.pressed.point, event.point))
    radians = angle_between(before, after, axis)
    along = (cut,) if drag.pressed.control else drag.cuts
    return tuple(TurnPlane(one.viewport, turned(one.plane.orientation, axis, radians)) for one in along)


def _moved(drag: _Drag, cut: Cut, event: PointerEvent) -> tuple[NavigationIntent, ...]:
    """Move the shared point so that the plane follows the pointer and the other planes stay where they are."""
    shown = event.view.plane
    others = (one.plane for one in drag.cuts if one.viewport != cut.viewport)
    ways = (step_along(shown, cut.plane, other) for other in others)
    step = next((way for way in ways if way is not None), None) or step_towards(shown, cut.plane)
    if step is None:
        return ()
    away = cut.plane.distance_mm(event.point) - cut.plane.distance_mm(drag.pressed.point)
    return (MoveCrosshair(added(drag.through, scaled(step, away))),)


def _slab(cut: Cut, point: PointLps) -> Slab | None:
    thickness_mm = round(2.0 * abs(cut.plane.distance_mm(point)) / SLAB_STEP_MM) * SLAB_STEP_MM
    projection = Projection.MAXIMUM if cut.slab is None else cut.slab.projection
    return Slab(thickness_mm, projection) if thickness_mm >= SLAB_STEP_MM else None
