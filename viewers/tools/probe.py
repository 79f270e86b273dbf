"""The value of the image at a point."""

from viewers.annotations.probe import value_at_point
from viewers.tools.base import ToolSpec
from viewers.tools.shapes import Cross, Graphic, GraphicType, Points, Shape, as_drawn, move_one
from viewers.tools.view_plane import ViewPlane


def last_place(anchors: Points, view: ViewPlane) -> Points:
    """Build the point from the place pointed at last."""
    del view
    return (anchors[-1],)


def cross(points: Points) -> tuple[Shape, ...]:
    """Draw a cross that leaves the pixel itself to be seen."""
    return (Cross(points[0]),)


def spot(points: Points) -> tuple[Graphic, ...]:
    """Keep the point."""
    return (Graphic(GraphicType.POINT, points),)


PROBE_TOOL = ToolSpec(
    id="probe",
    anchors=1,
    counts=range(1, 2),
    build=last_place,
    drag=move_one,
    settle=as_drawn,
    shapes=cross,
    graphics=spot,
    measure=value_at_point,
    values=("value", "interpolated_value"),
)
