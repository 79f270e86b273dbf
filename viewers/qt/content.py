"""What the application gives a viewport to show: one frozen record, so that nothing in the widget must survive it."""

from dataclasses import dataclass

from PySide6.QtCore import Qt

from viewers.annotations.model import Annotation
from viewers.geometry.frame import Vector3
from viewers.graphics.model import Layer
from viewers.graphics.segments import Segment
from viewers.identifiers import AnnotationId
from viewers.image.volume import Volume
from viewers.qt.furniture import ReferenceLine
from viewers.state.resolved import ResolvedView
from viewers.tools.cuts import Cut
from viewers.tools.path_drag import DrawnPath


@dataclass(frozen=True, slots=True, eq=False)
class ViewportContent:
    """A resolved view of a volume, the marks in its space, and the words that go with it.

    ``crosshair_note`` is said beside the shared point; ``identity`` and ``series`` are plain lines for the top corners,
    ``warnings`` further lines in the colour of warnings. ``absent_slices`` have not been received: they are hatched,
    never black. ``revision`` grows whenever the voxels behind the same view have changed. ``is_coarse`` allows half
    resolution while something is being dragged. ``fused`` is the volume of the layer that ``resolved`` has. ``layers``
    and ``segments`` are what others drew: shown, never measured. ``cuts`` are the other planes of the same volume,
    whose lines are the crosshair and can be dragged; ``number`` tells the colour of this one among them.
    ``path`` is that of a curved picture of the same space.
    ``seen_slices`` has a bit for each slice that was on screen, ``key_slices`` are key images.
    """

    volume: Volume
    resolved: ResolvedView
    annotations: tuple[Annotation, ...] = ()
    selected: AnnotationId | None = None
    crosshair_lps: Vector3 | None = None
    crosshair_note: str = ""
    reference_lines: tuple[ReferenceLine, ...] = ()
    identity: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    absent_slices: frozenset[int] = frozenset()
    layers: tuple[Layer, ...] = ()
    segments: tuple[Segment, ...] = ()
    fused: Volume | None = None
    cuts: tuple[Cut, ...] = ()
    number: int | None = None
    path: DrawnPath | None = None
    seen_slices: int = 0
    key_slices: frozenset[int] = frozenset()
    revision: int = 0
    is_coarse: bool = False


@dataclass(frozen=True, slots=True)
class KeyPress:
    """A key pressed over a viewport that is none of the viewport's own; ``is_repeated`` while it is held down."""

    key: int
    modifiers: Qt.KeyboardModifier
    text: str
    is_repeated: bool = False
