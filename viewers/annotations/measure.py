"""The values of marks: pure functions of an annotation and the volume it lies on, each value with unit and concept.

Lengths and areas are in mm and mm² in patient space. On an image without patient space they use the spacing between
its pixels; where that is unknown too they are in pixels and say so. Statistics are of modality values, over the pixels
whose centre lies in the outline, padding and what is missing excluded. Values are computed, never kept as truth.
"""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.annotations.errors import ForeignSpace
from viewers.annotations.model import Annotation, MeasuredValue
from viewers.annotations.region import EllipseAxes, ellipse_axes, values_in_space, values_on_frame
from viewers.geometry.frame import subtracted
from viewers.image.volume import Volume

Concept = tuple[str, str, str]

# Source: PS3.16 CID 7469 (Length, Area) and CID 7464 (the statistics), SNOMED CT codes.
LENGTH: Concept = ("410668003", "SCT", "Length")
MEAN: Concept = ("373098007", "SCT", "Mean")
STANDARD_DEVIATION: Concept = ("386136009", "SCT", "Standard Deviation")
MINIMUM: Concept = ("255605001", "SCT", "Minimum")
MAXIMUM: Concept = ("56851009", "SCT", "Maximum")
AREA: Concept = ("42798000", "SCT", "Area")

PIXELS_UCUM = "{pixels}"


def nothing(annotation: Annotation, volume: Volume) -> tuple[MeasuredValue, ...]:
    """Measure nothing: for marks that only show."""
    del annotation, volume
    return ()


def length(annotation: Annotation, volume: Volume) -> tuple[MeasuredValue, ...]:
    """Measure the distance between the two points: mm, or pixels where nothing tells how large a pixel is.

    Raises
    ------
    ForeignSpace
        The mark does not lie in the space of ``volume``, nor on one of its frames.
    """
    _frame_of(annotation, volume)
    scale = _scale(annotation, volume)
    between = subtracted(annotation.points_lps[1], annotation.points_lps[0])
    if scale is None:
        return (_value(volume, "length", math.hypot(between[0], between[1]), (PIXELS_UCUM, "px"), LENGTH),)
    in_mm = math.hypot(between[0] * scale[0], between[1] * scale[1], between[2])
    return (_value(volume, "length", in_mm, ("mm", "mm"), LENGTH),)


def ellipse_statistics(annotation: Annotation, volume: Volume) -> tuple[MeasuredValue, ...]:
    """Measure mean, standard deviation (of the population), minimum and maximum inside an ellipse, and its area.

    The area is that of the outline. An outline that holds no pixel, or pixels of colour, has an area only.

    Raises
    ------
    ForeignSpace
        The mark does not lie in the space of ``volume``, nor on one of its frames.
    """
    frame = _frame_of(annotation, volume)
    axes = ellipse_axes(annotation.points_lps)
    area = _area(axes, annotation, volume)
    if volume.voxels.ndim != 3 or not axes.area:
        return (area,)
    values = values_in_space(axes, volume) if frame is None else values_on_frame(axes, frame, volume)
    return (*_statistics(values, volume), area)


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


def _scale(annotation: Annotation, volume: Volume) -> tuple[float, float] | None:
    """Return mm per unit of the annotation's space, along x and y; ``None`` where pixels have no known size."""
    if annotation.frame_of_reference is not None:
        return 1.0, 1.0
    spacing = volume.passport.spacing_kji_mm
    return None if spacing is None else (spacing[2], spacing[1])


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


def _area(axes: EllipseAxes, annotation: Annotation, volume: Volume) -> MeasuredValue:
    scale = _scale(annotation, volume)
    if scale is None:
        return _value(volume, "area", axes.area, (PIXELS_UCUM, "px"), AREA)
    return _value(volume, "area", axes.area * scale[0] * scale[1], ("mm2", "mm²"), AREA)


def _value(volume: Volume, name: str, value: float, unit: tuple[str, str], concept: Concept) -> MeasuredValue:
    return MeasuredValue(
        name=name,
        value=value,
        unit_ucum=unit[0],
        unit_label=unit[1],
        concept=concept,
        on_lossy=volume.lossy,
        on_partial=not volume.is_complete,
    )
