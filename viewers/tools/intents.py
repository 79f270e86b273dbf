"""What the reader asked for with the pointer: frozen records. The application applies them and keeps their inverses.

Each intent on marks has an inverse, and ``apply`` gives the marks after it; a viewport never changes a mark itself.
The intents of navigation are absolute where drift would matter (window, crosshair) and relative elsewhere.
"""

from dataclasses import dataclass

from viewers.annotations.model import Annotation, PointLps
from viewers.geometry.plane import Orientation
from viewers.identifiers import AnnotationId, ViewportId
from viewers.image.description import Window
from viewers.image.sampling import Slab
from viewers.state.curved_look import CurvedLook
from viewers.state.volume_look import VolumeLook
from viewers.tools.view_plane import PixelPosition


@dataclass(frozen=True, slots=True)
class AddAnnotation:
    """Keep a new mark."""

    annotation: Annotation


@dataclass(frozen=True, slots=True)
class DeleteAnnotation:
    """Remove a mark."""

    annotation: Annotation


@dataclass(frozen=True, slots=True)
class MoveHandle:
    """Replace a mark by itself with other points."""

    before: Annotation
    after: Annotation


@dataclass(frozen=True, slots=True)
class SetText:
    """Replace a mark by itself with another text."""

    before: Annotation
    after: Annotation


@dataclass(frozen=True, slots=True)
class SelectAnnotation:
    """Select a mark, or none."""

    annotation: AnnotationId | None


@dataclass(frozen=True, slots=True)
class SetWindow:
    """Show with this window, in modality values."""

    window: Window


@dataclass(frozen=True, slots=True)
class WindowByRegion:
    """Fit the window to what is shown in a box, given by two of its corners."""

    first: PointLps
    second: PointLps


@dataclass(frozen=True, slots=True)
class PanBy:
    """Move the picture by viewport pixels, to the right and downwards."""

    right: float
    down: float


@dataclass(frozen=True, slots=True)
class ZoomBy:
    """Multiply the zoom by ``factor`` and keep the point under ``anchor`` where it is."""

    factor: float
    anchor: PixelPosition


@dataclass(frozen=True, slots=True)
class ScrollBy:
    """Go on by slices, towards the end of the stack where positive."""

    slices: int


@dataclass(frozen=True, slots=True)
class ScrollTo:
    """Go to a slice of the stack, or to a step of the way through the volume, from 0."""

    slice: int


@dataclass(frozen=True, slots=True)
class MoveCrosshair:
    """Put the shared crosshair on a point, in LPS mm."""

    point: PointLps


@dataclass(frozen=True, slots=True)
class SetLook:
    """Look at the volume in 3D like this."""

    look: VolumeLook


@dataclass(frozen=True, slots=True)
class TurnPlane:
    """Turn the plane of ``viewport``, which another one may have been dragged in, as ``orientation`` is displayed."""

    viewport: ViewportId
    orientation: Orientation


@dataclass(frozen=True, slots=True)
class SetSlab:
    """Show so thick a slab in ``viewport``, or its plane alone."""

    viewport: ViewportId
    slab: Slab | None


@dataclass(frozen=True, slots=True)
class SetCurve:
    """Show in ``viewport`` this path, which other viewports draw, in this way."""

    viewport: ViewportId
    curve: CurvedLook


MarkIntent = AddAnnotation | DeleteAnnotation | MoveHandle | SetText


@dataclass(frozen=True, slots=True)
class SetLayer:
    """Show the layer over the picture with this window, in its own values, and this opacity, 0 to 1."""

    window: Window
    opacity: float


NavigationIntent = (
    SetWindow
    | WindowByRegion
    | SetLayer
    | PanBy
    | ZoomBy
    | ScrollBy
    | ScrollTo
    | MoveCrosshair
    | TurnPlane
    | SetSlab
    | SetLook
    | SetCurve
)
Intent = MarkIntent | SelectAnnotation | NavigationIntent


def target(intent: NavigationIntent, viewport: ViewportId) -> ViewportId:
    """Return the viewport that an intent, said in ``viewport``, is about."""
    return intent.viewport if isinstance(intent, TurnPlane | SetSlab | SetCurve) else viewport


def inverse(intent: MarkIntent) -> MarkIntent:
    """Return the intent that undoes ``intent``."""
    match intent:
        case AddAnnotation(annotation):
            return DeleteAnnotation(annotation)
        case DeleteAnnotation(annotation):
            return AddAnnotation(annotation)
        case MoveHandle(before, after):
            return MoveHandle(before=after, after=before)
        case SetText(before, after):
            return SetText(before=after, after=before)


def apply(intent: MarkIntent, annotations: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
    """Return the marks after ``intent``; a mark that is replaced keeps its place in the list."""
    match intent:
        case AddAnnotation(annotation):
            return (*annotations, annotation)
        case DeleteAnnotation(annotation):
            return tuple(one for one in annotations if one.id != annotation.id)
        case MoveHandle(before, after) | SetText(before, after):
            return tuple(after if one.id == before.id else one for one in annotations)
