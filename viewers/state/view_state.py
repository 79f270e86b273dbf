"""What each viewport is asked to show: frozen, hashable, without pixels."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import AXIAL, Orientation
from viewers.geometry.rigid import RigidTransform
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.colour_maps import HOT_IRON
from viewers.image.description import VoiFunction, Window
from viewers.image.sampling import Interpolation, Slab
from viewers.state.curved_look import CurvedLook
from viewers.state.document_look import DocumentLook
from viewers.state.volume_look import VolumeLook


class ViewKind(StrEnum):
    """How a volume is shown."""

    STACK = "stack"
    MPR = "mpr"
    VOLUME = "volume"
    CURVED = "curved"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class VolumeReference:
    """Which volume: the series, and which of the volumes that it was split into."""

    series: SeriesUID
    index: int = 0


@dataclass(frozen=True, slots=True)
class FusedLayer:
    """A second volume laid over the first, in colours.

    ``opacity`` is 0 to 1; ``window`` ``None`` is the default one of its own quantity, ``quantity`` empty what its
    values came to be shown in. ``way`` leads from the space of the first volume to that of the second: ``None`` within
    one frame of reference, otherwise found by registration or declared by the reader.
    """

    volume: VolumeReference
    colours: str = HOT_IRON
    opacity: float = 0.5
    window: Window | None = None
    quantity: str = ""
    way: RigidTransform | None = None


class Against(StrEnum):
    """The edge of the viewport that a picture is laid against, as a breast with its chest wall."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def opposite(self) -> "Against":
        """The other edge."""
        return Against.LEFT if self is Against.RIGHT else Against.RIGHT


@dataclass(frozen=True, slots=True)
class ViewState:
    """What one viewport is asked to show.

    ``slice_index`` (from 0) is used by a stack; ``centre_lps``, a point that the plane passes through, by MPR, where
    ``None`` is the middle of the volume. ``zoom`` 1 fits the picture in the viewport. ``pan`` shifts the picture to
    the right and down as displayed, in mm (in image pixels where the image has no space). ``window`` ``None`` is the
    default one. ``inverted`` is the reader's choice, on top of what the image asks for; ``graphics`` shows what its
    sender laid over it; ``quantity`` names what the values are read in, empty for what they came to be shown in.
    ``colours`` is the id of a colour map, empty for the grey that the image asks for; ``fused`` is laid over it.
    ``turned_from`` is the orientation of a plane before the reader turned it, ``step_mm`` how far a notch moves it,
    where ``None`` is from one plane of voxels to the next; ``look`` is that of a volume in 3D, ``curve`` that of a
    curved picture, and ``document`` is what a viewport without a volume shows. The picture is first flipped, then
    turned clockwise by ``rotation_degrees`` (0, 90, 180 or 270). A stack that is laid ``against`` an edge touches it,
    whatever room is left on the other side; texts keep to that side.
    """

    viewport: ViewportId
    kind: ViewKind = ViewKind.STACK
    volume: VolumeReference | None = None
    slice_index: int = 0
    centre_lps: Vector3 | None = None
    orientation: Orientation = AXIAL
    zoom: float = 1.0
    pan: tuple[float, float] = (0.0, 0.0)
    window: Window | None = None
    voi_function: VoiFunction | None = None
    inverted: bool = False
    flipped_horizontally: bool = False
    flipped_vertically: bool = False
    rotation_degrees: int = 0
    interpolation: Interpolation = Interpolation.LINEAR
    slab: Slab | None = None
    graphics: bool = True
    quantity: str = ""
    turned_from: Orientation | None = None
    step_mm: float | None = None
    look: VolumeLook = field(default_factory=VolumeLook)
    curve: CurvedLook = field(default_factory=CurvedLook)
    document: DocumentLook | None = None
    colours: str = ""
    fused: FusedLayer | None = None
    against: Against | None = None

    @property
    def volumes(self) -> tuple[VolumeReference, ...]:
        """Every volume that takes part in the picture."""
        layers = () if self.fused is None else (self.fused.volume,)
        return layers if self.volume is None else (self.volume, *layers)

    def turned(self, degrees: int) -> "ViewState":
        """Return the state turned clockwise by a multiple of 90 degrees."""
        return replace(self, rotation_degrees=(self.rotation_degrees + degrees) % 360)

    def reset(self) -> "ViewState":
        """Return the image as it was first shown, without what the reader did to it since; preset and layer stay."""
        return ViewState(
            self.viewport,
            self.kind,
            self.volume,
            self.slice_index,
            self.centre_lps,
            self.orientation,
            slab=self.slab,
            turned_from=self.turned_from,
            step_mm=self.step_mm,
            look=VolumeLook(self.look.preset),
            curve=CurvedLook(self.curve.points_lps),
            document=None if self.document is None else DocumentLook(self.document.instance),
            fused=self.fused,
            against=self.against,
        )
