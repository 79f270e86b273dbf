"""The angle at the second of three points."""

from viewers.annotations.measure import angle
from viewers.tools.base import ToolSpec
from viewers.tools.shapes import Path, Points, Shape, as_drawn, move_one, one_line
from viewers.tools.view_plane import ViewPlane


def three_points(anchors: Points, view: ViewPlane) -> Points:
    """Build both legs; what is not yet pointed at lies on the last place."""
    del view
    return (*anchors, anchors[-1], anchors[-1])[:3]


def legs(points: Points) -> tuple[Shape, ...]:
    """Draw both legs as one line."""
    return (Path(points),)


ANGLE_TOOL = ToolSpec(
    id="angle",
    anchors=3,
    counts=range(3, 4),
    build=three_points,
    drag=move_one,
    settle=as_drawn,
    shapes=legs,
    graphics=one_line,
    measure=angle,
    values=("angle",),
)
