"""Going through a volume, slice by slice or by a distance; each kind of viewport knows how."""

from viewers.image.volume import Volume
from viewers.state.kinds.registry import KINDS
from viewers.state.view_state import ViewState


def scrolled(state: ViewState, volume: Volume, notches: int) -> ViewState:
    """Return the state ``notches`` slices or steps further, never outside the volume."""
    return KINDS[state.kind].scrolled(state, volume, notches)


def scrolled_mm(state: ViewState, volume: Volume, mm: float) -> ViewState:
    """Return the state ``mm`` further along the normal, never outside the volume; a stack moves one slice at least."""
    return KINDS[state.kind].scrolled_mm(state, volume, mm)
