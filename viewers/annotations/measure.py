"""The values of marks: pure functions of an annotation and the volume it lies on, each value with unit and concept.

Lengths and areas are in mm and mm² in patient space. On an image without patient space they use the spacing that
``viewers.annotations.rulers`` finds, and say which; where there is none they are in pixels. Statistics are of modality
values, over the pixels whose centre lies in the outline, padding and what is missing excluded. Values are computed,
never kept as truth.
"""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.annotations.errors import ForeignSpace
from viewers.annotations.model import Annotation, MeasuredValue
from viewers.annotations.region import EllipseAxes, ellipse_axes, values_in_space, values_on_frame
from viewers.annotations.rulers import Ruler, ruler_of
from viewers.geometry.frame import subtracted
from viewers.image.description import SpacingSource
from viewers.image.regions import PIXEL
from viewers.image.volume import Volume

Concept = tuple[str, str, str]

# Source: PS3.16 CID 7469 (Length, Area) and CID 7464 (the statistics), SNOMED CT codes.
LENGTH: Concept = ("410668003", "SCT", "Length")
MEAN: Concept = ("373098007", "SCT", "Mean")
STANDARD_DEVIATION: Concept = ("386136009", "SCT", "Standard Deviation")
MINIMUM: Concept = ("255605001", "SCT", "Minimum")
MAXIMUM: Concept = ("56851009", "SCT", "Maximum")
AREA: Concept = ("42798000", "SCT", "Area")

# Extents along the axes of an ultrasound region whose units differ, by unit; no standard code names them.
_EXTENTS: dict[str, tuple[str, Concept]] = {
    "mm": ("depth", ("REQ-DEPTH", "99REQUIS", "Extent in depth")),
    "s": ("time", ("REQ-TIME", "99REQUIS", "Extent in time")),
    "cm/s": ("velocity", ("REQ-VELOCITY", "99REQUIS", "Difference of velocity")),
}
# The unit of an area by that of a length.
_AREAS = {"mm": ("mm2", "mm²"), PIXEL.ucum: (PIXEL.ucum, PIXEL.label)}
_OTHER_EXTENT = ("extent", ("REQ-EXTENT", "99REQUIS", "Extent along an axis"))


def nothing(annotation: Annotation, volume: Volume) -> tuple[MeasuredValue, ...]:
    """Measure nothing: for marks that only show."""
    del annotation, volume
    return ()


def length(annotation: Annotation, volume: Volume) -> tuple[MeasuredValue, ...]:
    """Measure the distance between the two points: mm, or pixels where nothing tells how large a pixel is.

    In an ultrasound region whose axes differ (time across, velocity up) it is the extent along each of them.

    Raises
    ------
    ForeignSpace
        The mark does not lie in the space of ``volume``, nor on one of its frames.
    AcrossRegions
        Its ends lie in different ultrasound regions.
    """
    ruler = ruler_of(annotation, volume, _frame_of(annotation, volume))
    between = subtracted(annotation.points_lps[1], annotation.points_lps[0])
    across, down = between[0] * ruler.x, between[1] * ruler.y
    if ruler.is_plane:
        value = math.hypot(across, down, between[2])
        unit = (ruler.unit_x.ucum, ruler.unit_x.label)
        return (_value(volume, "length", value, unit, LENGTH, ruler.source),)
    return tuple(
        _value(volume, name, abs(extent), (unit.ucum, unit.label), concept, ruler.source)
        for extent, unit in ((across, ruler.unit_x), (down, ruler.unit_y))
        for name, concept in (_EXTENTS.get(unit.ucum, _OTHER_EXTENT),)
    )


def ellipse_statistics(annotation: Annotation, volume: Volume) -> tuple[MeasuredValue, ...]:
    """Measure mean, standard deviation (of the population), minimum and maximum inside an ellipse, and its area.

    The area is that of the outline; where the two axes have different units there is none. An outline that holds no
    pixel, or pixels of colour, has an area only.

    Raises
    ------
    ForeignSpace, AcrossRegions
        As ``length``.
    """
    frame = _frame_of(annotation, volume)
    axes = ellipse_axes(annotation.points_lps)
    area = _area(axes, ruler_of(annotation, volume, frame), volume)
    if volume.voxels.ndim != 3 or not axes.area:
        return area
    values = values_in_space(axes, volume) if frame is None else values_on_frame(axes, frame, volume)
    return (*_statistics(values, volume), *area)


def _frame_of(annotation: Annotation, volume: Volume) -> int | None:
    """Return the slice that a mark in pixels lies on, ``None`` for one in patient space; refuse a foreign one."""
    if annotation.frame_of_reference is not None:
        if annotation.frame_of_reference != volume.frame_of_reference:
            raise ForeignSpace("an annotation in another frame of reference")
        return None
    for k, source in enumerate(volume.sources):
        if (source.instance, source.frame_index) == (annotation.instance, annotation.frame_index):
            return k
    raise ForeignSpace("an annotation in pixels of a frame that is not in the volume")


def _statistics(values: NDArray[np.float64], volume: Volume) -> tuple[MeasuredValue, ...]:
    if not values.size:
        return ()
    unit = (volume.quantity.ucum, volume.quantity.name)
    return (
        _value(volume, "mean", float(values.mean()), unit, MEAN),
        _value(volume, "standard_deviation", float(values.std()), unit, STANDARD_DEVIATION),
        _value(volume, "minimum", float(values.min()), unit, MINIMUM),
        _value(volume, "maximum", float(values.max()), unit, MAXIMUM),
    )


def _area(axes: EllipseAxes, ruler: Ruler, volume: Volume) -> tuple[MeasuredValue, ...]:
    if not ruler.is_plane:
        return ()
    unit = _AREAS.get(ruler.unit_x.ucum)
    if unit is None:
        return ()
    return (_value(volume, "area", axes.area * ruler.x * ruler.y, unit, AREA, ruler.source),)


def _value(
    volume: Volume,
    name: str,
    value: float,
    unit: tuple[str, str],
    concept: Concept,
    spacing: SpacingSource = SpacingSource.NONE,
) -> MeasuredValue:
    return MeasuredValue(
        name=name,
        value=value,
        unit_ucum=unit[0],
        unit_label=unit[1],
        concept=concept,
        on_lossy=volume.lossy,
        on_partial=not volume.is_complete,
        on_reduced=volume.is_reduced,
        spacing=spacing,
    )
