"""A document: it has no volume, so nothing of what a volume is asked for is ever asked of it."""

from viewers.geometry.plane import AXIAL, Orientation
from viewers.image.description import Window
from viewers.image.errors import NoSpace
from viewers.image.volume import Volume
from viewers.state.kinds.base import Kind, nowhere, unmoved
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState


def _resolve(_state: ViewState, _volume: Volume, _size: ViewportSize, _fitted: Window | None) -> ResolvedView:
    raise NoSpace("a document shows no volume")


def _orientation(_state: ViewState, _volume: Volume) -> Orientation:
    return AXIAL


DOCUMENT_KIND = Kind(
    id=ViewKind.DOCUMENT,
    resolve=_resolve,
    scrolled=unmoved,
    scrolled_mm=unmoved,
    through=unmoved,
    point=nowhere,
    orientation=_orientation,
    slice_index=nowhere,
    links=frozenset(),
    cuts_others=False,
    has_volume=False,
)
