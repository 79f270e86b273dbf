"""Area and statistics of regions: modality values over the pixels whose centre lies in the outline.

Padding and what is missing are left out. The area is that of the outline; where the two axes of the image have
different units there is none.
"""

import numpy as np
from numpy.typing import NDArray

from viewers.annotations.errors import ColourPixels, CrossesItself, NoPixels
from viewers.annotations.model import Annotation, MeasuredValue
from viewers.annotations.outline import crossing
from viewers.annotations.region import Outline, Region, ellipse_axes, values_in_space, values_on_frame
from viewers.annotations.rulers import Ruler, ruler_of
from viewers.annotations.values import (
    AREA,
    AREA_UNITS,
    MAXIMUM,
    MEAN,
    MINIMUM,
    STANDARD_DEVIATION,
    Measured,
    frame_of,
    value_on,
)
from viewers.geometry.frame import length
from viewers.image.volume import Volume


def ellipse_statistics(annotation: Annotation, volume: Volume) -> Measured:
    """Measure mean, standard deviation (of the population), minimum and maximum inside an ellipse, and its area.

    An outline that holds no pixel with a value, or pixels of colour, has an area only, and a refusal that says why.

    Raises
    ------
    ForeignSpace, AcrossRegions
        As ``length``.
    """
    return _statistics(ellipse_axes(annotation.points_lps), annotation, volume)


def outline_statistics(annotation: Annotation, volume: Volume) -> Measured:
    """Measure inside an outline of straight pieces what ``ellipse_statistics`` measures inside an ellipse.

    Raises
    ------
    ForeignSpace, AcrossRegions
        As ``length``.
    CrossesItself
        It is not told what is inside.
    """
    frame_of(annotation, volume)
    if crossing(annotation.points_lps) is not None:
        raise CrossesItself("an outline crosses or touches itself")
    return _statistics(Outline(annotation.points_lps), annotation, volume)


def _statistics(region: Region, annotation: Annotation, volume: Volume) -> Measured:
    frame = frame_of(annotation, volume)
    area = _area(region, ruler_of(annotation, volume, frame), volume)
    if volume.voxels.ndim != 3:
        return Measured(area, ColourPixels.key)
    if not length(region.area_vector):
        return Measured(area)
    values = values_in_space(region, volume) if frame is None else values_on_frame(region, frame, volume)
    if not values.size:
        return Measured(area, NoPixels.key)
    return Measured((*_of(values, volume), *area))


def _of(values: NDArray[np.float64], volume: Volume) -> tuple[MeasuredValue, ...]:
    unit = (volume.quantity.ucum, volume.quantity.name)
    return (
        value_on(volume, "mean", float(values.mean()), unit, MEAN),
        value_on(volume, "standard_deviation", float(values.std()), unit, STANDARD_DEVIATION),
        value_on(volume, "minimum", float(values.min()), unit, MINIMUM),
        value_on(volume, "maximum", float(values.max()), unit, MAXIMUM),
    )


def _area(region: Region, ruler: Ruler, volume: Volume) -> tuple[MeasuredValue, ...]:
    unit = AREA_UNITS.get(ruler.unit_x.ucum) if ruler.is_plane else None
    if unit is None:
        return ()
    return (value_on(volume, "area", length(region.area_vector) * ruler.x * ruler.y, unit, AREA, ruler.source),)
