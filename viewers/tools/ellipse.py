"""The statistics inside an ellipse.

The four points are the ends of the two axes, major axis first, as DICOM keeps an ellipse, so that the mark knows its
own plane. Source: PS3.3 C.18.9.1.2 (Graphic Type ELLIPSE).
"""

from viewers.annotations.model import PointLps
from viewers.annotations.region import ellipse_axes
from viewers.annotations.statistics import ellipse_statistics
from viewers.geometry.frame import added, cross, length, scaled, subtracted, unit
from viewers.tools.base import ToolSpec
from viewers.tools.shapes import Ellipse, Graphic, GraphicType, Points, Shape
from viewers.tools.view_plane import ViewPlane


def inscribed(anchors: Points, view: ViewPlane) -> Points:
    """Build the ellipse inscribed in the box whose opposite corners were pointed at, upright on the view."""
    left, top = view.to_view(anchors[0])
    right, bottom = view.to_view(anchors[-1])
    x, y = (left + right) / 2, (top + bottom) / 2
    ends = ((left, y), (right, y), (x, top), (x, bottom))
    return tuple(view.to_space(position) for position in ends)


def drag_axis(points: Points, handle: int, point: PointLps, view: ViewPlane) -> Points:
    """Draw one end of an axis to ``point``: the centre stays, the other axis turns with it and keeps its length.

    An ellipse without area keeps its points: it has no plane in which to turn.
    """
    del view
    axes = ellipse_axes(points)
    centre, first, second = axes.centre, axes.first, axes.second
    normal = cross(first, second)
    moved = subtracted(point, centre) if handle % 2 else subtracted(centre, point)
    if not length(normal) or not length(moved):
        return points
    normal = unit(normal)
    if handle < 2:
        return _ends(centre, moved, scaled(unit(cross(normal, moved)), length(second)))
    return _ends(centre, scaled(unit(cross(moved, normal)), length(first)), moved)


def major_first(points: Points) -> Points:
    """Put the longer axis first."""
    axes = ellipse_axes(points)
    return points if length(axes.first) >= length(axes.second) else (*points[2:], *points[:2])


def outline(points: Points) -> tuple[Shape, ...]:
    """Draw the ellipse."""
    axes = ellipse_axes(points)
    return (Ellipse(axes.centre, axes.first, axes.second),)


def round_graphic(points: Points) -> tuple[Graphic, ...]:
    """Keep the ends of both axes."""
    return (Graphic(GraphicType.ELLIPSE, points),)


def _ends(centre: PointLps, first: PointLps, second: PointLps) -> Points:
    return subtracted(centre, first), added(centre, first), subtracted(centre, second), added(centre, second)


ELLIPSE_TOOL = ToolSpec(
    id="ellipse",
    anchors=2,
    counts=range(4, 5),
    build=inscribed,
    drag=drag_axis,
    settle=major_first,
    shapes=outline,
    graphics=round_graphic,
    measure=ellipse_statistics,
    values=("mean", "standard_deviation", "minimum", "maximum", "area"),
)
