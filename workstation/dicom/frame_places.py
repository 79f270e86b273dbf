"""Where each frame of an object lies, by whichever of its ways the object tells it.

Enhanced objects have a place for each frame, or one that all share; RT dose counts offsets along the normal; nuclear
medicine counts slices; other multi-frame images have one place at most, which is not that of each of their frames.
"""

from collections.abc import Callable
from math import isfinite, sqrt

from viewers.geometry.frame import added, cross, scaled
from viewers.image.description import FrameGeometry, Vector3
from workstation.dicom.functional_groups import FrameHeader
from workstation.dicom.header import Header

# What is further from a unit vector than decimal strings round is no direction.
_UNIT_TOLERANCE = 0.05

Place = Callable[[FrameHeader, int], FrameGeometry | None]


def places_of(header: Header) -> Place:
    """Return what tells the place of a frame from its header and its index.

    Source: PS3.3 C.8.8.3.2: dose offsets begin at 0, or at the coordinate of the position itself.
    """
    if (header.integer("NumberOfFrames") or 1) == 1 or header.has("PerFrameFunctionalGroupsSequence"):
        return lambda frame, _: _own_place(frame)
    first = _first_place(header)
    offsets = header.numbers("GridFrameOffsetVector") or _slice_offsets(header)
    if first is None or not offsets:
        return lambda _, __: None
    start = header.numbers("GridFrameOffsetVector")[:1] or (0.0,)
    return lambda _, index: _moved(first, offsets[index] - start[0]) if index < len(offsets) else None


def _slice_offsets(header: Header) -> tuple[float, ...]:
    """Return the offsets of reconstructed nuclear medicine. Source: PS3.3 C.8.4.8.1 and C.8.4.15."""
    spacing = header.number("SpacingBetweenSlices")
    numbers = header.numbers("SliceVector")
    if spacing is None or not numbers or len(set(numbers)) != len(numbers):
        return ()
    return tuple((number - 1) * spacing for number in numbers)


def _first_place(header: Header) -> FrameGeometry | None:
    detector = header.item("DetectorInformationSequence")
    return geometry_of(
        header.numbers("ImagePositionPatient") or detector.numbers("ImagePositionPatient"),
        header.numbers("ImageOrientationPatient") or detector.numbers("ImageOrientationPatient"),
    )


def _moved(first: FrameGeometry, offset_mm: float) -> FrameGeometry:
    normal = cross(first.row_direction, first.column_direction)
    return FrameGeometry(
        added(first.position_lps, scaled(normal, offset_mm)), first.row_direction, first.column_direction
    )


def _own_place(frame: FrameHeader) -> FrameGeometry | None:
    return geometry_of(
        frame.numbers("PlanePositionSequence", "ImagePositionPatient"),
        frame.numbers("PlaneOrientationSequence", "ImageOrientationPatient"),
    )


def geometry_of(position: tuple[float, ...], cosines: tuple[float, ...]) -> FrameGeometry | None:
    """Return a place from its two attributes, ``None`` where either says nothing. Source: PS3.3 C.7.6.2.1.1."""
    if len(position) != 3 or len(cosines) != 6:
        return None
    row, column = _unit(cosines[:3]), _unit(cosines[3:])
    return FrameGeometry((position[0], position[1], position[2]), row, column) if row and column else None


def _unit(values: tuple[float, ...]) -> Vector3 | None:
    """Return the direction with length one: decimal strings round it."""
    size = sqrt(sum(value * value for value in values))
    if not isfinite(size) or abs(size - 1.0) > _UNIT_TOLERANCE:
        return None
    return (values[0] / size, values[1] / size, values[2] / size)
