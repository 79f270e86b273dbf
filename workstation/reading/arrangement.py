"""How a case is hung: which viewports there are and what each shows. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, Orientation
from viewers.identifiers import FrameOfReferenceUID, ViewportId
from viewers.state.layout import Layout, grid
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from workstation.reading.protocols.hanging import HungStep


class Arrangement(StrEnum):
    """The arrangements that a reader can choose."""

    STACK = "stack"
    MPR = "mpr"
    COMPARE = "compare"
    PROTOCOL = "protocol"


_MPR_PANES: tuple[tuple[ViewportId, ViewKind, Orientation], ...] = (
    (ViewportId("v1"), ViewKind.MPR, AXIAL),
    (ViewportId("v2"), ViewKind.MPR, CORONAL),
    (ViewportId("v3"), ViewKind.MPR, SAGITTAL),
    (ViewportId("v4"), ViewKind.VOLUME, CORONAL),
)


@dataclass(frozen=True, slots=True)
class Crosshair:
    """The shared point, LPS mm, the frame of reference that it means something in, and the volume it was shown in."""

    point_lps: Vector3
    space: FrameOfReferenceUID | None
    volume: VolumeReference | None = None


@dataclass(frozen=True, slots=True)
class Hung:
    """A layout and the states of its viewports; a viewport without a state is empty. ``step`` is of a protocol."""

    arrangement: Arrangement
    layout: Layout
    states: tuple[ViewState, ...]
    step: HungStep | None = None


def hang(
    arrangement: Arrangement,
    current: VolumeReference | None,
    prior: VolumeReference | None,
    *,
    middle_slices: dict[VolumeReference, int],
    centre_lps: Vector3 | None = None,
) -> Hung:
    """Return how ``current`` and ``prior`` are shown; stacks begin in their middle, planes pass ``centre_lps``."""
    if arrangement is Arrangement.MPR:
        states = [
            ViewState(pane, kind, current, orientation=orientation, centre_lps=centre_lps)
            for pane, kind, orientation in _MPR_PANES
        ]
        return Hung(arrangement, grid(2, 2), tuple(states) if current else ())
    columns = 2 if arrangement is Arrangement.COMPARE else 1
    shown = [current, prior][:columns]
    layout = grid(1, columns)
    states = [
        ViewState(pane, ViewKind.STACK, reference, middle_slices.get(reference, 0))
        for pane, reference in zip(layout.viewports, shown, strict=True)
        if reference is not None
    ]
    return Hung(arrangement, layout, tuple(states))
