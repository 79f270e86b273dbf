"""What every measure gives: values with unit and concept, and the words for what could not be measured."""

from dataclasses import dataclass

from viewers.annotations.errors import ForeignSpace
from viewers.annotations.model import Annotation, MeasuredValue
from viewers.image.description import SpacingSource
from viewers.image.regions import PIXEL
from viewers.image.volume import Volume

Concept = tuple[str, str, str]

# Source: PS3.16 CID 7469 and CID 7470 (sizes), CID 12304 (angle), CID 7464 (the statistics), SNOMED CT codes.
LENGTH: Concept = ("410668003", "SCT", "Length")
LONG_AXIS: Concept = ("103339001", "SCT", "Long axis")
SHORT_AXIS: Concept = ("103340004", "SCT", "Short axis")
ANGLE: Concept = ("1483009", "SCT", "Angle")
AREA: Concept = ("42798000", "SCT", "Area")
MEAN: Concept = ("373098007", "SCT", "Mean")
STANDARD_DEVIATION: Concept = ("386136009", "SCT", "Standard Deviation")
MINIMUM: Concept = ("255605001", "SCT", "Minimum")
MAXIMUM: Concept = ("56851009", "SCT", "Maximum")

# The unit of an area by that of a length.
AREA_UNITS = {"mm": ("mm2", "mm²"), PIXEL.ucum: (PIXEL.ucum, PIXEL.label)}
DEGREES = ("deg", "°")


@dataclass(frozen=True, slots=True)
class Measured:
    """The values of a mark; ``refusal`` is the key of the error that says what has no value, empty where all have."""

    values: tuple[MeasuredValue, ...] = ()
    refusal: str = ""


def nothing(annotation: Annotation, volume: Volume) -> Measured:
    """Measure nothing: for marks that only show."""
    del annotation, volume
    return Measured()


def frame_of(annotation: Annotation, volume: Volume) -> int | None:
    """Return the slice that a mark in pixels lies on, ``None`` for one in patient space.

    Raises
    ------
    ForeignSpace
        The mark does not lie in the space of ``volume``, nor on one of its frames.
    """
    if annotation.frame_of_reference is not None:
        if annotation.frame_of_reference != volume.frame_of_reference:
            raise ForeignSpace("an annotation in another frame of reference")
        return None
    k = slice_of(annotation, volume)
    if k is None:
        raise ForeignSpace("an annotation in pixels of a frame that is not in the volume")
    return k


def slice_of(annotation: Annotation, volume: Volume) -> int | None:
    """Return the slice of the volume that a mark was made on, ``None`` where the volume does not hold it."""
    for k, source in enumerate(volume.sources):
        if (source.instance, source.frame_index) == (annotation.instance, annotation.frame_index):
            return k
    return None


def value_on(
    volume: Volume,
    name: str,
    value: float,
    unit: tuple[str, str],
    concept: Concept,
    spacing: SpacingSource = SpacingSource.NONE,
) -> MeasuredValue:
    """Return a value with what its pixels were; ``unit`` is UCUM and what is printed."""
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
