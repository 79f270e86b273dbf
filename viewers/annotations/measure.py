"""Lengths and angles: pure functions of an annotation and the volume it lies on.

Lengths are in mm in patient space. On an image without patient space they use the spacing that
``viewers.annotations.rulers`` finds, and say which; where there is none they are in pixels. Values are computed, never
kept as truth.
"""

import math

from viewers.annotations.errors import UnlikeAxes
from viewers.annotations.model import Annotation, MeasuredValue, PointLps
from viewers.annotations.rulers import Ruler, ruler_of
from viewers.annotations.values import (
    ANGLE,
    DEGREES,
    LENGTH,
    LONG_AXIS,
    SHORT_AXIS,
    Concept,
    Measured,
    frame_of,
    value_on,
)
from viewers.geometry.frame import Vector3, cross, dot, subtracted
from viewers.geometry.frame import length as size_of
from viewers.image.volume import Volume

# Extents along the axes of an ultrasound region whose units differ, by unit; no standard code names them.
_EXTENTS: dict[str, tuple[str, Concept]] = {
    "mm": ("depth", ("REQ-DEPTH", "99REQUIS", "Extent in depth")),
    "s": ("time", ("REQ-TIME", "99REQUIS", "Extent in time")),
    "cm/s": ("velocity", ("REQ-VELOCITY", "99REQUIS", "Difference of velocity")),
}
_OTHER_EXTENT = ("extent", ("REQ-EXTENT", "99REQUIS", "Extent along an axis"))


def length(annotation: Annotation, volume: Volume) -> Measured:
    """Measure the distance between the two points: mm, or pixels where nothing tells how large a pixel is.

    In an ultrasound region whose axes differ (time across, velocity up) it is the extent along each of them.

    Raises
    ------
    ForeignSpace
        The mark does not lie in the space of ``volume``, nor on one of its frames.
    AcrossRegions
        Its ends lie in different ultrasound regions.
    """
    ruler = ruler_of(annotation, volume, frame_of(annotation, volume))
    start, end = annotation.points_lps
    if ruler.is_plane:
        return Measured((_distance("length", LENGTH, start, end, ruler, volume),))
    across, down, _ = _between(start, end, ruler)
    return Measured(
        tuple(
            value_on(volume, name, abs(extent), (unit.ucum, unit.label), concept, ruler.source)
            for extent, unit in ((across, ruler.unit_x), (down, ruler.unit_y))
            for name, concept in (_EXTENTS.get(unit.ucum, _OTHER_EXTENT),)
        )
    )


def two_axes(annotation: Annotation, volume: Volume) -> Measured:
    """Measure both axes, the longer one first whichever was drawn first; points are the ends of one, then the other.

    Raises
    ------
    ForeignSpace, AcrossRegions
        As ``length``.
    UnlikeAxes
        The axes of the image have different units.
    """
    ruler = _plane_ruler(annotation, volume)
    first, second, third, fourth = annotation.points_lps
    long, short = (first, second), (third, fourth)
    if size_of(_between(*long, ruler)) < size_of(_between(*short, ruler)):
        long, short = short, long
    values = (
        _distance("long_axis", LONG_AXIS, *long, ruler, volume),
        _distance("short_axis", SHORT_AXIS, *short, ruler, volume),
    )
    return Measured(tuple(value for value in values if value.value > 0.0))


def angle(annotation: Annotation, volume: Volume) -> Measured:
    """Measure the angle at the second of three points, 0° to 180°, with pixels as wide as they are.

    Raises
    ------
    ForeignSpace, AcrossRegions, UnlikeAxes
        As ``two_axes``.
    """
    ruler = _plane_ruler(annotation, volume)
    start, vertex, end = annotation.points_lps
    first, second = _between(vertex, start, ruler), _between(vertex, end, ruler)
    if not size_of(first) or not size_of(second):
        return Measured()
    degrees = math.degrees(math.atan2(size_of(cross(first, second)), dot(first, second)))
    return Measured((value_on(volume, "angle", degrees, DEGREES, ANGLE),))


def _plane_ruler(annotation: Annotation, volume: Volume) -> Ruler:
    ruler = ruler_of(annotation, volume, frame_of(annotation, volume))
    if not ruler.is_plane:
        raise UnlikeAxes("a mark on axes with different units")
    return ruler


def _between(start: PointLps, end: PointLps, ruler: Ruler) -> Vector3:
    across, down, through = subtracted(end, start)
    return across * ruler.x, down * ruler.y, through


def _distance(
    name: str, concept: Concept, start: PointLps, end: PointLps, ruler: Ruler, volume: Volume
) -> MeasuredValue:
    unit = (ruler.unit_x.ucum, ruler.unit_x.label)
    return value_on(volume, name, size_of(_between(start, end, ruler)), unit, concept, ruler.source)
