"""The lines of the crosshair: where the other planes of the volume cut the picture, and by what each is taken hold of.

Painter and pointer ask the same functions, so that what is drawn is what can be grasped. Positions are viewport pixels.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from viewers.annotations.model import PointLps
from viewers.geometry.frame import cross, scaled
from viewers.geometry.plane import ImagePlane
from viewers.geometry.turning import foot_on, step_towards
from viewers.identifiers import ViewportId
from viewers.image.sampling import Slab
from viewers.tools.view_plane import PixelPosition, ViewPlane

# How near the pointer must come, in viewport pixels: to the point, to a handle, to a line.
_CENTRE_REACH = 10.0
_HANDLE_REACH = 9.0
_LINE_REACH = 6.0
# Where handles stand on the way from the point to the edge of the picture, and from where on a line turns.
_THICKEN_AT = 0.4
_TURN_AT = 0.72
_TURNS_FROM = 0.6
# A side shorter than this, in viewport pixels, has no room for handles.
_SHORTEST_SIDE = 60.0


class Grip(Enum):
    """What a drag does that begins on a line."""

    CENTRE = "centre"
    MOVE = "move"
    TURN = "turn"
    THICKEN = "thicken"


@dataclass(frozen=True, slots=True)
class Cut:
    """Another viewport's plane through the same volume, as displayed there; ``number`` tells its colour."""

    viewport: ViewportId
    plane: ImagePlane
    slab: Slab | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Handle:
    """A place to take hold of."""

    grip: Grip
    position: PixelPosition


@dataclass(frozen=True, slots=True)
class CutLine:
    """A line on the screen: through ``foot``, the place nearest to the point, along the unit vector ``along``.

    ``before`` and ``after`` are how far it runs until the picture ends, in pixels along it; ``margin`` is the step
    from the line to the border of the slab.
    """

    cut: Cut
    foot: PixelPosition
    along: PixelPosition
    before: float
    after: float
    margin: PixelPosition

    def at(self, away: float, margins: float = 0.0) -> PixelPosition:
        """Return the position ``away`` pixels along the line, moved by so many margins."""
        return (
            self.foot[0] + away * self.along[0] + margins * self.margin[0],
            self.foot[1] + away * self.along[1] + margins * self.margin[1],
        )

    def handles(self) -> Iterator[Handle]:
        """Return what the line is taken hold of by, on each side that has room."""
        for side in (self.before, self.after):
            if abs(side) < _SHORTEST_SIDE or not self.before < 0.0 < self.after:
                continue
            yield Handle(Grip.TURN, self.at(_TURN_AT * side))
            for margins in (-1.0, 1.0) if self.cut.slab is not None else (0.0,):
                yield Handle(Grip.THICKEN, self.at(_THICKEN_AT * side, margins))

    def grip_at(self, position: PixelPosition) -> Grip | None:
        """Return what a press on the line itself would do; ``None`` away from it."""
        right, down = position[0] - self.foot[0], position[1] - self.foot[1]
        along = right * self.along[0] + down * self.along[1]
        if abs(down * self.along[0] - right * self.along[1]) > _LINE_REACH:
            return None
        side = self.after if along > 0 else self.before
        return Grip.TURN if self.before < 0.0 < self.after and along / side > _TURNS_FROM else Grip.MOVE


@dataclass(frozen=True, slots=True)
class Grasp:
    """What lies under the pointer: a line and what to do with it, or the point where they meet."""

    grip: Grip
    line: CutLine | None


def cut_lines(view: ViewPlane, cuts: tuple[Cut, ...], through: PointLps | None) -> tuple[CutLine, ...]:
    """Return the lines of ``cuts`` on a picture, measured from the point that they share."""
    lines = (_line(view, cut, view.plane.centre_lps if through is None else through) for cut in cuts)
    return tuple(line for line in lines if line is not None)


def grasp_at(position: PixelPosition, view: ViewPlane, cuts: tuple[Cut, ...], through: PointLps | None) -> Grasp | None:
    """Return what a press would take hold of: the point first, then a handle, then a line."""
    if not cuts:
        return None
    if through is not None and math.dist(view.to_view(through), position) <= _CENTRE_REACH:
        return Grasp(Grip.CENTRE, None)
    lines = cut_lines(view, cuts, through)
    for line in lines:
        for handle in line.handles():
            if math.dist(handle.position, position) <= _HANDLE_REACH:
                return Grasp(handle.grip, line)
    found = ((line, line.grip_at(position)) for line in lines)
    return next((Grasp(grip, line) for line, grip in found if grip is not None), None)


def _line(view: ViewPlane, cut: Cut, through: PointLps) -> CutLine | None:
    foot, step = foot_on(view.plane, cut.plane, through), step_towards(view.plane, cut.plane)
    if foot is None or step is None:
        return None
    right, down = view.vector_to_view(cross(view.plane.normal, cut.plane.normal))
    size = math.hypot(right, down)
    along, position = (right / size, down / size), view.to_view(foot)
    ends = _within(position, along, (view.plane.width, view.plane.height))
    if ends is None:
        return None
    half_mm = 0.0 if cut.slab is None else cut.slab.thickness_mm / 2
    return CutLine(cut, position, along, *ends, view.vector_to_view(scaled(step, half_mm)))


def _within(position: PixelPosition, along: PixelPosition, size: tuple[int, int]) -> tuple[float, float] | None:
    """Return between which distances along it a line lies in the picture (Liang and Barsky); ``None`` for nowhere."""
    first, last = -math.inf, math.inf
    for start, way, limit in zip(position, along, size, strict=True):
        if abs(way) < 1e-12:
            if not 0.0 <= start <= limit:
                return None
            continue
        ends = sorted((-start / way, (limit - start) / way))
        first, last = max(first, ends[0]), min(last, ends[1])
    return (first, last) if first < last else None
