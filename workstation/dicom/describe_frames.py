"""A header to the description of each of its frames: place, size, values, windows, and what separates volumes."""

from math import isfinite

from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.description import (
    ConcatenationPart,
    FrameDescription,
    PixelFormat,
    SpacingSource,
    VoiFunction,
    Window,
)
from workstation.dicom.frame_places import places_of
from workstation.dicom.frame_spacing import regions_of, spacing_of
from workstation.dicom.functional_groups import FrameHeader, frame_headers
from workstation.dicom.header import Header
from workstation.dicom.split_keys import split_key

# JPEG baseline and extended, near-lossless JPEG-LS, JPEG 2000 and HTJ2K that may lose, video. Source: PS3.5 A.4.
_LOSSY_SYNTAXES = frozenset({f"1.2.840.10008.1.2.4.{number}" for number in (50, 51, 81, 91, 93, *range(100, 109), 203)})
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
    lossy = header.text("LossyImageCompression") == "01" or transfer_syntax in _LOSSY_SYNTAXES
    reference = header.uid("FrameOfReferenceUID")
    place, concatenation = places_of(header), _concatenation(header)
    frames = []
    for index, frame in enumerate(frame_headers(header)):
        spacing, regions = spacing_of(frame), regions_of(frame)
        # Regions have scales of their own, and the picture as a whole has none.
        size = None if regions else spacing.rows_columns_mm
        slope = frame.number("PixelValueTransformationSequence", "RescaleSlope")
        frames.append(
            FrameDescription(
                series=SeriesUID(header.uid("SeriesInstanceUID")),
                instance=InstanceUID(header.uid("SOPInstanceUID")),
                frame_index=index,
                instance_number=header.integer("InstanceNumber"),
                modality=header.text("Modality"),
                format=pixels,
                frame_of_reference=FrameOfReferenceUID(reference) if reference else None,
                geometry=place(frame, index),
                row_spacing_mm=size[0] if size else None,
                column_spacing_mm=size[1] if size else None,
                spacing_source=SpacingSource.ULTRASOUND if regions else spacing.source,
                pixel_aspect=spacing.pixel_aspect,
                calibration=spacing.calibration,
                regions=regions,
                thickness_mm=_positive(frame.number("PixelMeasuresSequence", "SliceThickness")),
                rescale_slope=1.0 if slope is None else slope,
                rescale_intercept=frame.number("PixelValueTransformationSequence", "RescaleIntercept") or 0.0,
                rescale_type=frame.text("PixelValueTransformationSequence", "RescaleType") or None,
                units=header.text("Units") or None,
                padding_value=padding[0],
                padding_limit=padding[1],
                windows=_windows(frame),
                voi_function=_voi_function(frame),
                inverse_shape=header.text("PresentationLUTShape") == "INVERSE",
                image_type=_image_type(frame),
                lossy=lossy,
                split_key=split_key(frame, index),
                concatenation=concatenation,
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


def _windows(frame: FrameHeader) -> tuple[Window, ...]:
    centres = frame.numbers("FrameVOILUTSequence", "WindowCenter")
    widths = frame.numbers("FrameVOILUTSequence", "WindowWidth")
    return tuple(Window(centre, width) for centre, width in zip(centres, widths, strict=False) if width > 0)


def _voi_function(frame: FrameHeader) -> VoiFunction:
    try:
        return VoiFunction(frame.text("FrameVOILUTSequence", "VOILUTFunction"))
    except ValueError:
        return VoiFunction.LINEAR


def _image_type(frame: FrameHeader) -> tuple[str, ...]:
    for group in ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence"):
        found = frame.group(group).texts("FrameType")
        if found:
            return found
    return frame.top.texts("ImageType")
