"""What a tool is: how it is placed, what it draws, how it is measured and written. Tools know no widget.

Shapes are in the space of the annotations (LPS mm, or pixels without patient space); the widget that paints them
brings them to the screen with a ``ViewPlane``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from viewers.annotations.model import Annotation, PointLps
from viewers.annotations.values import Measured
from viewers.image.volume import Volume
from viewers.tools.shapes import Graphic, Points, Shape, as_drawn
from viewers.tools.view_plane import PixelPosition, ViewPlane

# The most points of a mark: what one data element of an SR holds with room to spare. Source: PS3.5 7.1.2.
MOST_POINTS = 2000
# A pointer that moved less than this, in viewport pixels, has clicked and not dragged.
DRAG_THRESHOLD = 4.0


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


class Gesture(Enum):
    """How a mark is placed.

    ``ANCHORS``: its anchors are clicked one after another, or the first two dragged. ``OUTLINE``: drawn round with the
    button held, or corner by corner until a click on the first or a double click.
    """

    ANCHORS = "anchors"
    OUTLINE = "outline"


def every_point(points: Points) -> tuple[int, ...]:
    """Take every point as a handle."""
    return tuple(range(len(points)))


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """One measuring tool, whole.

    ``anchors`` is how many places the reader points at (for an outline the fewest); ``build`` makes all the points of
    a mark from the places pointed at so far, one or more; ``counts`` are the numbers of points that a mark may have.
    ``drag`` moves one handle, an index of the points that ``handles`` gives; ``settle`` brings points into the order
    in which they are kept, once the pointer is released; before that ``finish`` is done once, when a mark is placed.
    ``graphics`` are the shapes as standard objects keep them,
    ``values`` the names of what ``measure`` can find, none for a mark that only shows.
    """

    id: str
    anchors: int
    counts: range
    build: Callable[[Points, ViewPlane], Points]
    drag: Callable[[Points, int, PointLps, ViewPlane], Points]
    settle: Callable[[Points], Points]
    shapes: Callable[[Points], tuple[Shape, ...]]
    graphics: Callable[[Points], tuple[Graphic, ...]]
    measure: Callable[[Annotation, Volume], Measured]
    values: tuple[str, ...]
    finish: Callable[[Points], Points] = as_drawn
    gesture: Gesture = Gesture.ANCHORS
    handles: Callable[[Points], tuple[int, ...]] = every_point
    asks_text: bool = False
