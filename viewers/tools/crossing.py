"""Where a mark meets a picture that it does not lie in: its handles near the plane, and where its lines cross it."""

import itertools

from viewers.annotations.model import Annotation
from viewers.geometry.frame import added, scaled, subtracted
from viewers.tools.registry import TOOLS
from viewers.tools.shapes import Points, path_of
from viewers.tools.view_plane import ViewPlane


def crossings(annotation: Annotation, view: ViewPlane) -> Points:
    """Return the points where a mark meets the picture; none for one that lies in it, or in another space."""
    space = annotation.frame_of_reference
    if space is None or space != view.target.frame_of_reference or view.shows(annotation):
        return ()
    tool, points = TOOLS[annotation.tool], annotation.points_lps
    near = [points[index] for index in tool.handles(points) if view.is_near(points[index])]
    for shape in tool.shapes(points):
        away = [(point, view.plane.distance_mm(point)) for point in path_of(shape)]
        for (start, before), (end, after) in itertools.pairwise(away):
            if (before < 0.0) != (after < 0.0):
                near.append(added(start, scaled(subtracted(end, start), before / (before - after))))
    return tuple(near)
