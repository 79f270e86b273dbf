"""The length between two points."""

from viewers.annotations.measure import length
from viewers.tools.base import ToolSpec
from viewers.tools.shapes import Points, Segment, Shape, as_drawn, move_one, one_line, two_ends


def segment(points: Points) -> tuple[Shape, ...]:
    """Draw the line that is measured."""
    return (Segment(points[0], points[1]),)


LENGTH_TOOL = ToolSpec(
    id="length",
    anchors=2,
    counts=range(2, 3),
    build=two_ends,
    drag=move_one,
    settle=as_drawn,
    shapes=segment,
    graphics=one_line,
    measure=length,
    values=("length", "depth", "time", "velocity", "extent"),
)
