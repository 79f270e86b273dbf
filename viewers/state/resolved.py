"""What a viewport shows once the state asked for has met the image: frozen, hashable, compared to draw only changes."""

from dataclasses import dataclass
from enum import StrEnum

from viewers.geometry.orientation import EdgeLetters
from viewers.geometry.plane import ImagePlane
from viewers.identifiers import ViewportId
from viewers.image.curved import StraightGrid
from viewers.image.description import SpacingSource, VoiFunction, Window
from viewers.image.quantity_kinds import Quantity
from viewers.image.sampling import Interpolation, Slab
from viewers.image.volume import GeometryPassport
from viewers.state.curved_look import CurvedLook
from viewers.state.view_state import Against, ViewKind, VolumeReference
from viewers.state.volume_look import VolumeLook

# (a, b, c, d, e, f): x' = a x + b y + c, y' = d x + e y + f.
Transform = tuple[float, float, float, float, float, float]


class Mark(StrEnum):
    """A warning that stays on the picture; its words are the translation ``viewport.mark.<value>``."""

    LOSSY = "lossy"
    INCOMPLETE = "incomplete"
    PARTIAL = "partial"
    GAP = "gap"
    GAP_AT_SOURCE = "gap_at_source"
    UNEVEN_SPACING = "uneven_spacing"
    APART = "apart"
    TILT = "tilt"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    REDUCED = "reduced"
    IMAGES_ONLY = "images_only"
    NO_GEOMETRY = "no_geometry"
    NOT_CALIBRATED = "not_calibrated"
    AT_DETECTOR = "at_detector"
    ON_FILM = "on_film"
    MAGNIFICATION = "magnification"
    CALIBRATED = "calibrated"
    CALIBRATED_GEOMETRY = "calibrated_geometry"
    CALIBRATED_FIDUCIAL = "calibrated_fiducial"
    ULTRASOUND_REGIONS = "ultrasound_regions"
    USER_CALIBRATED = "user_calibrated"
    LAID_APPROXIMATELY = "laid_approximately"


@dataclass(frozen=True, slots=True)
class ViewportSize:
    """Width and height of a viewport in device pixels, at least 1."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Corners:
    """The facts told in the corners. ``slice_number`` counts from 1.

    ``position_mm`` is how far the middle of the picture lies from the origin of the patient space along the axis that
    the picture crosses, on the side ``position_side`` (``H`` for the head); ``None`` and empty without a space.
    """

    slice_number: int
    slice_count: int
    position_mm: float | None
    position_side: str
    zoom_percent: float
    thickness_mm: float | None


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar of a round length."""

    length_mm: float
    length_pixels: float


@dataclass(frozen=True, slots=True)
class ResolvedLayer:
    """A second volume as it is laid over the picture: sampled on ``plane``, windowed in its own quantity, coloured."""

    volume: VolumeReference
    modality: str
    plane: ImagePlane
    window: Window
    voi_function: VoiFunction
    colours: str
    opacity: float
    quantity: Quantity
    marks: tuple[Mark, ...]
    passport: GeometryPassport


@dataclass(frozen=True, slots=True)
class CurvedView:
    """The path of a curved picture, and how it is laid on the viewport: ``None`` until two points are drawn."""

    curve: CurvedLook
    grid: StraightGrid | None


@dataclass(frozen=True, slots=True)
class ResolvedView:
    """A picture, fully decided.

    ``plane`` has one pixel per viewport pixel, whole numbers at pixel centres: a pointer at (x, y) of the widget is at
    pixel (x - 0.5, y - 0.5). Without patient space it lies in the space (column, row, 0) of the image. A stack shows
    slice ``slice_index`` as it is, placed by ``image_to_viewport`` from (column, row) of the slice to pixels of the
    viewport; MPR samples ``plane``. ``inverted`` holds what the image asks for and what the reader asked for;
    ``colours`` is the id of a colour map, empty for grey.
    ``against`` is the edge that the picture is laid against.
    A volume in 3D lies over ``plane`` as its ``look`` sees it, which no other kind has.
    The plane of a curved picture lies in a space of its own, (mm along the path, mm away from it, 0).
    """

    viewport: ViewportId
    kind: ViewKind
    volume: VolumeReference
    plane: ImagePlane
    slice_index: int | None
    image_to_viewport: Transform | None
    window: Window
    voi_function: VoiFunction
    inverted: bool
    interpolation: Interpolation
    slab: Slab | None
    quantity: Quantity
    corners: Corners
    edges: EdgeLetters | None
    scale_bar: ScaleBar | None
    marks: tuple[Mark, ...]
    spacing_source: SpacingSource
    passport: GeometryPassport
    graphics: bool = True
    colours: str = ""
    fused: ResolvedLayer | None = None
    look: VolumeLook | None = None
    curved: CurvedView | None = None
    against: Against | None = None
