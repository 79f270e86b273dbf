"""An arrow with words: it shows and measures nothing. The first point is the tip."""

from viewers.annotations.measure import nothing
from viewers.tools.base import ArrowHead, Points, Segment, Shape, ToolSpec, as_drawn, move_one, two_points


def arrow(points: Points) -> tuple[Shape, ...]:
    """Draw the shaft and the head."""
    return Segment(points[1], points[0]), ArrowHead(tip=points[0], origin=points[1])


ARROW_TOOL = ToolSpec(
    id="arrow",
    point_count=2,
    build=two_points,
    drag=move_one,
    settle=as_drawn,
    shapes=arrow,
    measure=nothing,
    concept=None,
    asks_text=True,
)
