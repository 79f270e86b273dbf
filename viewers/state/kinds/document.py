"""A document: it has no volume, so nothing of what a volume is asked for is ever asked of it."""

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import AXIAL, Orientation
from viewers.image.description import Window
from viewers.image.errors import NoSpace
from viewers.image.volume import Volume
from viewers.state.kinds.base import Kind
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState


def _resolve(_state: ViewState, _volume: Volume, _size: ViewportSize, _fitted: Window | None) -> ResolvedView:
    raise NoSpace("a document shows no volume")


def _unmoved(state: ViewState, _volume: Volume, _by: float) -> ViewState:
    return state


def _through(state: ViewState, _volume: Volume, _point: Vector3) -> ViewState:
    return state


def _nowhere(_state: ViewState, _volume: Volume) -> None:
    return None


def _orientation(_state: ViewState, _volume: Volume) -> Orientation:
    return AXIAL


DOCUMENT_KIND = Kind(
    id=ViewKind.DOCUMENT,
    resolve=_resolve,
    scrolled=_unmoved,
    scrolled_mm=_unmoved,
    through=_through,
    point=_nowhere,
    orientation=_orientation,
    slice_index=_nowhere,
    links=frozenset(),
    cuts_others=False,
    has_volume=False,
)
