"""The length between two points."""

from viewers.annotations.measure import LENGTH, length
from viewers.tools.base import Points, Segment, Shape, ToolSpec, as_drawn, move_one, two_points


def segment(points: Points) -> tuple[Shape, ...]:
    """Draw the line that is measured."""
    return (Segment(points[0], points[1]),)


LENGTH_TOOL = ToolSpec(
    id="length",
    point_count=2,
    build=two_points,
    drag=move_one,
    settle=as_drawn,
    shapes=segment,
    measure=length,
    concept=LENGTH,
)
