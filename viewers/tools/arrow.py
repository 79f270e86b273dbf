"""An arrow with words: it shows and measures nothing. The first point is the tip."""

from viewers.annotations.values import nothing
from viewers.tools.base import ToolSpec
from viewers.tools.shapes import ArrowHead, Points, Segment, Shape, as_drawn, move_one, one_line, two_ends


def arrow(points: Points) -> tuple[Shape, ...]:
    """Draw the shaft and the head."""
    return Segment(points[1], points[0]), ArrowHead(tip=points[0], origin=points[1])


ARROW_TOOL = ToolSpec(
    id="arrow",
    anchors=2,
    counts=range(2, 3),
    build=two_ends,
    drag=move_one,
    settle=as_drawn,
    shapes=arrow,
    graphics=one_line,
    measure=nothing,
    values=(),
    asks_text=True,
)
