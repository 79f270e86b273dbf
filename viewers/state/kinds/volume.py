"""The whole volume in 3D. Its plane is the one through the middle that the camera faces at first."""

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import Orientation
from viewers.image.volume import Volume
from viewers.state.kinds.base import Kind
from viewers.state.kinds.mpr import resolve_plane
from viewers.state.view_state import ViewKind, ViewState


def _unmoved(state: ViewState, _volume: Volume, _by: float) -> ViewState:
    return state


def _through(state: ViewState, _volume: Volume, _point: Vector3) -> ViewState:
    return state


def _nowhere(_state: ViewState, _volume: Volume) -> None:
    return None


def _orientation(state: ViewState, _volume: Volume) -> Orientation:
    return state.orientation


VOLUME_KIND = Kind(
    id=ViewKind.VOLUME,
    resolve=resolve_plane,
    scrolled=_unmoved,
    scrolled_mm=_unmoved,
    through=_through,
    point=_nowhere,
    orientation=_orientation,
    slice_index=_nowhere,
    links=frozenset(),
    cuts_others=False,
)
