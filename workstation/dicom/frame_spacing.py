"""How large a pixel is, and which attribute says so.

In a projection the size at the detector is not the size in the patient. It is only called calibrated where the header
says by what, or where two attributes differ. Source: PS3.3 10.7, C.8.11.3 and the DICOM correction proposal CP 586.
"""

from dataclasses import dataclass
from math import isfinite

from viewers.image.description import SpacingSource
from viewers.image.regions import RulerUnit, UltrasoundRegion, unit_of
from workstation.dicom.functional_groups import FrameHeader
from workstation.dicom.header import Header

_PROJECTIONS = frozenset({"CR", "DX", "IO", "MG", "PX", "RF", "RG", "XA", "XC"})
_CALIBRATIONS = {"GEOMETRY": SpacingSource.GEOMETRY, "FIDUCIAL": SpacingSource.FIDUCIAL}
# Spacings whose ratio differs from 1 by less are one.
_SAME = 1e-3

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FrameSpacing:
    """Distances between rows and between columns, mm, and how far they can be believed.

    ``pixel_aspect`` is the height of a pixel divided by its width, also where its size is unknown; ``calibration`` is
    the header's own description of how the size was found.
    """

    rows_columns_mm: Pair | None
    source: SpacingSource
    pixel_aspect: float = 1.0
    calibration: str = ""


def spacing_of(frame: FrameHeader) -> FrameSpacing:
    """Return the spacing of a frame and its origin."""
    top = frame.top
    aspect = _pair(top.numbers("PixelAspectRatio"))
    pixel = _pair(frame.numbers("PixelMeasuresSequence", "PixelSpacing"))
    imager = _pair(top.numbers("ImagerPixelSpacing"))
    nominal = _pair(top.numbers("NominalScannedPixelSpacing"))
    if pixel is not None:
        found, source = _calibrated(top, pixel, imager)
    elif imager is not None:
        found, source = _at_detector(top, imager)
    elif nominal is not None:
        found, source = nominal, SpacingSource.NOMINAL_SCANNED
    else:
        return FrameSpacing(None, SpacingSource.NONE, aspect[0] / aspect[1] if aspect else 1.0)
    return FrameSpacing(found, source, found[0] / found[1], top.text("PixelSpacingCalibrationDescription"))


def _calibrated(top: Header, pixel: Pair, imager: Pair | None) -> tuple[Pair, SpacingSource]:
    stated = _CALIBRATIONS.get(top.text("PixelSpacingCalibrationType"))
    if stated is not None:
        return pixel, stated
    if imager is not None:
        return _at_detector(top, imager) if _same(pixel, imager) else (pixel, SpacingSource.CALIBRATION_UNSTATED)
    is_projection = top.text("Modality") in _PROJECTIONS and not top.has("ImageOrientationPatient")
    return pixel, SpacingSource.UNCALIBRATED if is_projection else SpacingSource.PIXEL_SPACING


def _at_detector(top: Header, imager: Pair) -> tuple[Pair, SpacingSource]:
    """Divide by the estimated magnification where it is stated. Source: PS3.3 C.8.11.7, (0018,1114)."""
    factor = top.number("EstimatedRadiographicMagnificationFactor")
    if factor is None or factor <= 0.0:
        return imager, SpacingSource.IMAGER
    return (imager[0] / factor, imager[1] / factor), SpacingSource.MAGNIFICATION


def _same(one: Pair, other: Pair) -> bool:
    return all(abs(a / b - 1.0) < _SAME for a, b in zip(one, other, strict=True))


def _pair(values: tuple[float, ...]) -> Pair | None:
    if len(values) != 2 or not all(isfinite(value) and value > 0.0 for value in values):
        return None
    return values[0], values[1]


def regions_of(frame: FrameHeader) -> tuple[UltrasoundRegion, ...]:
    """Return the ultrasound regions of a frame, its own before those of the whole object."""
    items = frame.own.items("SequenceOfUltrasoundRegions") or frame.top.items("SequenceOfUltrasoundRegions")
    return tuple(region for item in items if (region := _region(item)) is not None)


def _region(item: Header) -> UltrasoundRegion | None:
    corners = [
        item.integer(f"RegionLocation{name}{axis}0" if name == "Min" else f"RegionLocation{name}{axis}1")
        for name in ("Min", "Max")
        for axis in ("X", "Y")
    ]
    left, top, right, bottom = corners
    if left is None or top is None or right is None or bottom is None or right < left or bottom < top:
        return None
    unit_x, delta_x = _axis(item, "X")
    unit_y, delta_y = _axis(item, "Y")
    return UltrasoundRegion(
        left,
        top,
        right,
        bottom,
        unit_x,
        unit_y,
        delta_x,
        delta_y,
        bool((item.integer("RegionFlags") or 0) & 1),
    )


def _axis(item: Header, axis: str) -> tuple[RulerUnit | None, float]:
    unit = unit_of(item.integer(f"PhysicalUnits{axis}Direction"))
    delta = item.number(f"PhysicalDelta{axis}")
    if unit is None or delta is None or delta == 0.0:
        return None, 0.0
    return unit, delta * unit.factor
