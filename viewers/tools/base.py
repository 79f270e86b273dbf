"""What a tool is: how many points it takes, what it draws and how it is measured. Tools know no widget.

Shapes are in the space of the annotations (LPS mm, or pixels without patient space); the widget that paints them
brings them to the screen with a ``ViewPlane``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from viewers.annotations.model import Annotation, MeasuredValue, PointLps
from viewers.image.volume import Volume
from viewers.tools.view_plane import PixelPosition, ViewPlane

Points = tuple[PointLps, ...]


class Button(Enum):
    """Which mouse button a pointer event is about."""

    NONE = "none"
    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """Where the pointer is, in viewport pixels, and on which plane."""

    position: PixelPosition
    view: ViewPlane
    button: Button = Button.NONE
    shift: bool = False
    control: bool = False
    alt: bool = False

    @property
    def point(self) -> PointLps:
        """The point of the space under the pointer."""
        return self.view.to_space(self.position)


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line between two points."""

    start: PointLps
    end: PointLps


@dataclass(frozen=True, slots=True)
class Ellipse:
    """The ellipse ``centre + cos(t) first + sin(t) second``; the half axes are vectors."""

    centre: PointLps
    first: PointLps
    second: PointLps


@dataclass(frozen=True, slots=True)
class ArrowHead:
    """The head of an arrow: its tip, and a point from which it comes. Its size is the painter's, in pixels."""

    tip: PointLps
    origin: PointLps


Shape = Segment | Ellipse | ArrowHead


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """One measuring tool, whole.

    ``build`` makes the points from where the drag began and where it is; ``drag`` moves one handle; ``settle`` brings
    points into the order in which they are kept, once the pointer is released. ``concept`` names in an SR what the
    tool measures first, as (value, scheme, meaning); it is ``None`` where it measures nothing.
    """

    id: str
    point_count: int
    build: Callable[[PointLps, PointLps, ViewPlane], Points]
    drag: Callable[[Points, int, PointLps], Points]
    settle: Callable[[Points], Points]
    shapes: Callable[[Points], tuple[Shape, ...]]
    measure: Callable[[Annotation, Volume], tuple[MeasuredValue, ...]]
    concept: tuple[str, str, str] | None
    asks_text: bool = False


def two_points(start: PointLps, end: PointLps, view: ViewPlane) -> Points:
    """Build the points of a tool that keeps where its drag began and ended."""
    del view
    return start, end


def move_one(points: Points, handle: int, point: PointLps) -> Points:
    """Drag one handle and leave the others."""
    return (*points[:handle], point, *points[handle + 1 :])


def as_drawn(points: Points) -> Points:
    """Keep the points as they were drawn."""
    return points
