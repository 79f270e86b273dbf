"""A header to the description of each of its frames: place, size, values, windows, and what separates volumes."""

from math import isfinite

from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.description import (
    ConcatenationPart,
    FrameDescription,
    PixelFormat,
    SpacingSource,
)
from workstation.dicom.describe_acquisition import acquisition
from workstation.dicom.describe_real_world import real_world
from workstation.dicom.describe_shutter import shutter
from workstation.dicom.describe_suv import describe_uptake
from workstation.dicom.describe_timing import timings
from workstation.dicom.describe_values import (
    compression,
    is_lossy,
    modality_table,
    presentation_table,
    rescale,
    rescale_type,
    voi_function,
    windows,
)
from workstation.dicom.frame_places import places_of
from workstation.dicom.frame_spacing import regions_of, spacing_of
from workstation.dicom.functional_groups import FrameHeader, frame_headers
from workstation.dicom.header import Header
from workstation.dicom.split_keys import split_key

_PALETTE = "PALETTE COLOR"
_MAX_FRAMES = 1_000_000


def describe_frames(header: Header, transfer_syntax: str) -> tuple[FrameDescription, ...]:
    """Return one description for each frame, in the order of the object; none for an object without pixels.

    Source: PS3.3 C.7.6.2, C.7.6.3, C.7.6.16, C.11.1 and C.11.2.
    """
    pixels = _pixel_format(header)
    if pixels is None or not 0 <= (header.integer("NumberOfFrames") or 1) <= _MAX_FRAMES:
        return ()
    padding = _padding(header, pixels)
    lossy, losses = is_lossy(header, transfer_syntax), compression(header)
    uptake = describe_uptake(header)
    # Slices of no named space lie in one of their series: what is drawn there is in mm, and on no other series.
    reference = header.uid("FrameOfReferenceUID") or header.uid("SeriesInstanceUID")
    place, concatenation = places_of(header), _concatenation(header)
    stated = FrameOfReferenceUID(header.uid("FrameOfReferenceUID")) if header.has("FrameOfReferenceUID") else None
    frames = []
    durations = timings(header, header.integer("NumberOfFrames") or 1)
    for index, frame in enumerate(frame_headers(header)):
        geometry = place(frame, index)
        spacing, regions = spacing_of(frame), regions_of(frame)
        # Regions have scales of their own, and the picture as a whole has none.
        size = None if regions else spacing.rows_columns_mm
        slope, intercept = rescale(frame)
        table = modality_table(frame, pixels)
        image_type, apart = _image_type(frame), split_key(frame, index)
        thickness_mm = _positive(frame.number("PixelMeasuresSequence", "SliceThickness"))
        frames.append(
            FrameDescription(
                series=SeriesUID(header.uid("SeriesInstanceUID")),
                instance=InstanceUID(header.uid("SOPInstanceUID")),
                frame_index=index,
                instance_number=header.integer("InstanceNumber"),
                modality=header.text("Modality"),
                format=pixels,
                frame_of_reference=FrameOfReferenceUID(reference) if reference and geometry else stated,
                geometry=geometry,
                row_spacing_mm=size[0] if size else None,
                column_spacing_mm=size[1] if size else None,
                spacing_source=SpacingSource.ULTRASOUND if regions else spacing.source,
                pixel_aspect=spacing.pixel_aspect,
                calibration=spacing.calibration,
                regions=regions,
                thickness_mm=thickness_mm,
                rescale_slope=slope,
                rescale_intercept=intercept,
                rescale_type=rescale_type(frame),
                units=header.text("Units") or None,
                padding_value=padding[0],
                padding_limit=padding[1],
                windows=windows(frame, pixels),
                voi_function=voi_function(frame),
                inverse_shape=header.text("PresentationLUTShape") == "INVERSE",
                image_type=image_type,
                lossy=lossy,
                split_key=apart,
                concatenation=concatenation,
                modality_table=table,
                presentation=presentation_table(frame),
                shutter=shutter(frame),
                compression=losses,
                conversions=uptake.conversions or real_world(frame, (slope, intercept), table is not None),
                timing=durations[index],
                withheld=uptake.withheld,
                acquisition=acquisition(frame, image_type, dict(apart), thickness_mm),
            )
        )
    return tuple(frames)


def _pixel_format(header: Header) -> PixelFormat | None:
    """Return how the decoded values lie: colour of any kind is decoded to RGB, a palette to eight bits."""
    rows, columns, allocated = header.integer("Rows"), header.integer("Columns"), header.integer("BitsAllocated")
    if not rows or not columns or not allocated:
        return None
    photometric = header.text("PhotometricInterpretation")
    samples = header.integer("SamplesPerPixel") or 1
    stored = header.integer("BitsStored") or allocated
    signed = header.integer("PixelRepresentation") == 1
    if photometric == _PALETTE:
        return PixelFormat(rows, columns, 3, 8, 8, False, "RGB")
    return PixelFormat(rows, columns, samples, allocated, stored, signed, "RGB" if samples == 3 else photometric)


def _concatenation(header: Header) -> ConcatenationPart | None:
    uid, number = header.uid("ConcatenationUID"), header.integer("InConcatenationNumber")
    if not uid or number is None:
        return None
    return ConcatenationPart(uid, number, header.integer("InConcatenationTotalNumber"))


def _padding(header: Header, pixels: PixelFormat) -> tuple[int | None, int | None]:
    """Return the padding value and limit with the sign of the pixels, whatever VR they were sent in."""
    if pixels.samples != 1:
        return None, None
    value = _as_stored(header.integer("PixelPaddingValue"), pixels)
    limit = _as_stored(header.integer("PixelPaddingRangeLimit"), pixels)
    return value, limit if value is not None else None


def _as_stored(value: int | None, pixels: PixelFormat) -> int | None:
    if value is None:
        return None
    turn = 1 << pixels.bits_allocated
    if pixels.signed and value >= turn // 2:
        return value - turn
    return value + turn if not pixels.signed and value < 0 else value


def _positive(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) and value > 0 else None


def _image_type(frame: FrameHeader) -> tuple[str, ...]:
    for group in ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence"):
        found = frame.group(group).texts("FrameType")
        if found:
            return found
    return frame.top.texts("ImageType")
