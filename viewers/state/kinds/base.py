"""What a kind of viewport is: how its state becomes a picture, how it is gone through, and what it shares with others.

A kind is pure. What it is painted with is the widgets' affair: a kind that the plane painter cannot paint has a pane
of its own in the table of panes of the application.
"""

from collections.abc import Callable
from dataclasses import dataclass

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import Orientation
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.state.link_kind import LinkKind
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of viewport, whole.

    ``resolve`` may raise ``NoSpace``. ``scrolled`` goes on by slices or steps and ``scrolled_mm`` by mm along the
    normal, never outside the volume. ``through`` is the state that shows a point of the volume's space, ``point`` the
    point that it shows and ``orientation`` the plane that it lies in; ``point`` is ``None`` where nothing in
    particular is shown, or where the volume has no space. ``slice_index`` is that of the slice shown as it was
    acquired, else ``None``. ``links`` is what it may take over from other viewports, and they from it;
    ``cuts_others`` is whether its picture is a plane that cuts those of other viewports, ``is_cut`` whether it is one
    through the volume that can be turned and thickened; ``is_slab`` whether it can be thickened at all. A kind that
    has no volume is never resolved.
    """

    id: ViewKind
    resolve: Callable[[ViewState, Volume, ViewportSize, Window | None], ResolvedView]
    scrolled: Callable[[ViewState, Volume, int], ViewState]
    scrolled_mm: Callable[[ViewState, Volume, float], ViewState]
    through: Callable[[ViewState, Volume, Vector3], ViewState]
    point: Callable[[ViewState, Volume], Vector3 | None]
    orientation: Callable[[ViewState, Volume], Orientation]
    slice_index: Callable[[ViewState, Volume], int | None]
    links: frozenset[LinkKind]
    cuts_others: bool = True
    is_cut: bool = False
    is_slab: bool = False
    has_volume: bool = True


def unmoved(state: ViewState, _volume: Volume, _by: float | Vector3) -> ViewState:
    """Return the state as it is: of a kind that goes nowhere by that."""
    return state


def nowhere(_state: ViewState, _volume: Volume) -> None:
    """Return no point, or no slice: of a kind that shows none in particular."""
