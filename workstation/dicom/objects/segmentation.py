"""Segmentations: each segment as a mask in patient space, its frames placed by their positions.

Source: PS3.3 A.51, C.8.20; the label map form: PS3.3 A.92.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import Vector3, cross
from viewers.graphics.errors import GraphicsError, SegmentsUnplaced
from viewers.graphics.segments import Segment, Segmentation, SegmentFrame, build_segment, closest_mm
from viewers.identifiers import FrameOfReferenceUID
from workstation.dicom.code import code_of
from workstation.dicom.functional_groups import FrameHeader, frame_headers
from workstation.dicom.header import Header
from workstation.dicom.objects.model import Block, Contents, Grid, Phrase, ReadObject, Text
from workstation.dicom.objects.provenance import author_of, colour_from_lab, colour_of, date_of, reference_of
from workstation.dicom.objects.report import about

_FULL = 255


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one frame lies."""

    position: Vector3
    row: Vector3
    column: Vector3
    spacing: tuple[float, float]
    step_mm: float | None
    thickness_mm: float | None


def read_segmentation(header: Header, contents: Contents) -> ReadObject:
    """Return a segmentation; one that does not say where it lies is listed, and refused in words."""
    refused: Text | None = None
    segmentation: Segmentation | None = None
    space = header.uid("FrameOfReferenceUID")
    try:
        if not space:
            raise SegmentsUnplaced("no frame of reference")
        segments = _segments(header, contents.pixels())
        segmentation = Segmentation(FrameOfReferenceUID(space), segments)
    except GraphicsError as error:
        refused = Phrase(f"errors.{error.key}")
    return ReadObject(
        reference=reference_of(header),
        kind="segmentation",
        title=header.text("ContentLabel") or header.text("SeriesDescription"),
        author=author_of(header),
        date=date_of(header),
        blocks=(*about(header), *_table(header, segmentation)),
        segmentation=segmentation,
        refused=refused,
    )


def volume_text(ml: float) -> str:
    """Return a volume in ml with two decimals, or two digits where it is small: what is there is never nought."""
    return f"{ml:.2f}" if ml >= 1.0 or ml == 0.0 else f"{ml:#.2g}"


def _table(header: Header, segmentation: Segmentation | None) -> tuple[Block, ...]:
    volumes = {} if segmentation is None else {one.id: one.ml for one in segmentation.segments}
    rows: list[tuple[Text, ...]] = []
    for item in header.items("SegmentSequence"):
        ml = volumes.get(_identifier(header, item.integer("SegmentNumber")))
        what = code_of(item.item("SegmentedPropertyTypeCodeSequence")).meaning
        how = " ".join(part for part in (item.text("SegmentAlgorithmType"), item.text("SegmentAlgorithmName")) if part)
        rows.append((_name(item), what, how, "" if ml is None else volume_text(ml)))
    keys = ("segment", "property", "algorithm", "volume")
    return (Grid(tuple(Phrase(f"objects.segments.{key}") for key in keys), tuple(rows)),)


def _segments(header: Header, pixels: NDArray[np.generic]) -> tuple[Segment, ...]:
    places = [_place(frame) for frame in frame_headers(header)]
    if not places or len(places) != len(pixels) or pixels.ndim != 3:
        raise SegmentsUnplaced("frames without a place")
    is_fractional = header.text("SegmentationType") == "FRACTIONAL"
    depth_mm, has_gaps = _depth(places)
    numbers = _frame_numbers(header)
    found = []
    for item in header.items("SegmentSequence"):
        number = item.integer("SegmentNumber")
        frames = [
            _frame(place, values)
            for place, owner, stored in zip(places, numbers, pixels, strict=True)
            if (values := _mask(header, stored, owner, number)) is not None
        ]
        if not frames:
            continue
        identifier = _identifier(header, number)
        colour = colour_from_lab(item.numbers("RecommendedDisplayCIELabValue")) or colour_of(identifier, number or 0)
        found.append(
            build_segment(
                identifier, _name(item), colour, frames, depth_mm, is_fractional=is_fractional, has_gaps=has_gaps
            )
        )
    return tuple(found)


def _depth(places: list[_Place]) -> tuple[float | None, bool]:
    """Return how deep a frame is, and whether nobody says what lies between frames that are further apart.

    The spacing of the slices is optional; without it slices thinner than the closest frames lie apart may be slices
    with gaps, or every so many of slices that touch.
    """
    first = places[0]
    if first.step_mm is not None:
        return first.step_mm, False
    closest = closest_mm([place.position for place in places], cross(first.row, first.column))
    if closest is None or first.thickness_mm is None or round(closest / first.thickness_mm) <= 1:
        return closest or first.thickness_mm, False
    return first.thickness_mm, True


def _mask(
    header: Header, stored: NDArray[np.generic], owner: int | None, number: int | None
) -> NDArray[np.uint8] | None:
    """Return the mask of one segment in one frame, 0 to 255; ``None`` where the frame is another's."""
    kind = header.text("SegmentationType")
    if kind == "LABELMAP":
        mask: NDArray[np.uint8] = (stored == (number or 0)).astype(np.uint8) * np.uint8(_FULL)
        return mask if mask.any() else None
    if owner != number:
        return None
    if kind == "FRACTIONAL":
        most = header.integer("MaximumFractionalValue") or _FULL
        share = np.clip(stored.astype(np.float32) / most, 0.0, 1.0)
        return np.asarray(np.round(share * _FULL), dtype=np.uint8)
    inside: NDArray[np.uint8] = (stored != 0).astype(np.uint8) * np.uint8(_FULL)
    return inside


def _frame_numbers(header: Header) -> tuple[int | None, ...]:
    return tuple(
        frame.group("SegmentIdentificationSequence").integer("ReferencedSegmentNumber")
        for frame in frame_headers(header)
    )


def _place(frame: FrameHeader) -> _Place:
    position = frame.group("PlanePositionSequence").numbers("ImagePositionPatient")
    turned = frame.group("PlaneOrientationSequence").numbers("ImageOrientationPatient")
    measures = frame.group("PixelMeasuresSequence")
    spacing = measures.numbers("PixelSpacing")
    if len(position) != 3 or len(turned) != 6 or len(spacing) != 2 or min(spacing) <= 0.0:
        raise SegmentsUnplaced("a frame without position, orientation or spacing")
    return _Place(
        (position[0], position[1], position[2]),
        (turned[0], turned[1], turned[2]),
        (turned[3], turned[4], turned[5]),
        (spacing[0], spacing[1]),
        measures.number("SpacingBetweenSlices") or None,
        measures.number("SliceThickness") or None,
    )


def _frame(place: _Place, values: NDArray[np.uint8]) -> SegmentFrame:
    return SegmentFrame(values, place.position, place.row, place.column, *place.spacing)


def _identifier(header: Header, number: int | None) -> str:
    return f"{header.uid('SOPInstanceUID')}/{number}"


def _name(item: Header) -> str:
    what = code_of(item.item("SegmentedPropertyTypeCodeSequence")).meaning
    return item.text("SegmentLabel") or what or str(item.integer("SegmentNumber") or "")
