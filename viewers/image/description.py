"""What one received frame says about itself: the input of assembling and of the pixel pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.acquisition import Acquisition
from viewers.image.compression import Compression
from viewers.image.lookup import LookupTable
from viewers.image.quantity_kinds import Conversion, Quantity, Withheld
from viewers.image.regions import UltrasoundRegion
from viewers.image.shutter import Shutter
from viewers.image.timing import FrameTiming

Vector3 = tuple[float, float, float]


class VoiFunction(StrEnum):
    """How a window maps to display values. Source: PS3.3 C.11.2.1.3."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


NARROWEST: Mapping[VoiFunction, float] = MappingProxyType(
    {VoiFunction.LINEAR: 1.0, VoiFunction.LINEAR_EXACT: 1e-6, VoiFunction.SIGMOID: 1e-6}
)
"""The least width of a window. Source: PS3.3 C.11.2.1.2.1, C.11.2.1.3: at least 1 where linear, else more than 0."""


class SpacingSource(StrEnum):
    """Which attribute the in-plane spacing came from."""

    PIXEL_SPACING = "PixelSpacing"
    GEOMETRY = "PixelSpacing, GEOMETRY"
    FIDUCIAL = "PixelSpacing, FIDUCIAL"
    CALIBRATION_UNSTATED = "PixelSpacing, not ImagerPixelSpacing"
    UNCALIBRATED = "PixelSpacing, uncalibrated projection"
    MAGNIFICATION = "EstimatedRadiographicMagnificationFactor"
    IMAGER = "ImagerPixelSpacing"
    NOMINAL_SCANNED = "NominalScannedPixelSpacing"
    ULTRASOUND = "SequenceOfUltrasoundRegions"
    USER = "user calibration"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Window:
    """A window in modality values (HU for CT): centre and width, with the sender's words for it.

    Where the sender gave a table instead, ``table`` maps modality values to display values, and centre and width are
    those of its inputs. Source: PS3.3 C.11.2.1.
    """

    centre: float
    width: float
    table: LookupTable | None = None
    explanation: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """How stored values lie in the decoded array."""

    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    photometric: str


@dataclass(frozen=True, slots=True)
class FrameGeometry:
    """Where a frame lies in its frame of reference.

    ``position_lps`` is the centre of the first (top left) pixel, mm; ``row_direction`` is the unit vector along which
    the column index grows, ``column_direction`` the one along which the row index grows.

    Source: PS3.3 C.7.6.2.1.1.
    """

    position_lps: Vector3
    row_direction: Vector3
    column_direction: Vector3


@dataclass(frozen=True, slots=True)
class ConcatenationPart:
    """Which part of one image, sent as several objects, a frame came in; ``number`` counts from 1.

    Source: PS3.3 C.7.6.16.2.2.4.
    """

    uid: str
    number: int
    total: int | None


@dataclass(frozen=True, slots=True)
class FrameDescription:
    """Everything about one frame that assembling and display need, without its pixels.

    ``row_spacing_mm`` is the distance between rows, ``column_spacing_mm`` between columns (PS3.3 10.7.1.3);
    ``pixel_aspect`` is the height of a pixel divided by its width, known even where its size is not;
    ``split_key`` holds what separates frames of one series into different volumes (echo, b-value, phase, image type).
    ``modality_table`` takes the place of the rescale. ``conversions`` are of modality values, the preferred one first;
    ``quantity`` is what the values are once one of them was applied.
    """

    series: SeriesUID
    instance: InstanceUID
    frame_index: int
    instance_number: int | None
    modality: str
    format: PixelFormat
    frame_of_reference: FrameOfReferenceUID | None = None
    geometry: FrameGeometry | None = None
    row_spacing_mm: float | None = None
    column_spacing_mm: float | None = None
    spacing_source: SpacingSource = SpacingSource.NONE
    thickness_mm: float | None = None
    rescale_slope: float = 1.0
    rescale_intercept: float = 0.0
    rescale_type: str | None = None
    units: str | None = None
    padding_value: int | None = None
    padding_limit: int | None = None
    windows: tuple[Window, ...] = ()
    voi_function: VoiFunction = VoiFunction.LINEAR
    inverse_shape: bool = False
    image_type: tuple[str, ...] = ()
    lossy: bool = False
    split_key: tuple[tuple[str, str], ...] = field(default=())
    concatenation: ConcatenationPart | None = None
    pixel_aspect: float = 1.0
    calibration: str = ""
    regions: tuple[UltrasoundRegion, ...] = ()
    modality_table: LookupTable | None = None
    presentation: LookupTable | None = None
    shutter: Shutter | None = None
    compression: Compression = field(default_factory=Compression)
    conversions: tuple[Conversion, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    quantity: Quantity | None = None
    acquisition: Acquisition = field(default_factory=Acquisition)
    timing: FrameTiming | None = None
