"""What one viewport takes over from another: pure functions, one per kind of link.

A place is taken over only within one frame of reference, or with an offset that the reader set by hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from viewers.geometry.frame import Vector3, added, dot
from viewers.geometry.plane import Orientation
from viewers.image.volume import Volume
from viewers.state.kinds.registry import KINDS
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import ViewState
from viewers.sync.errors import DifferentQuantities, DifferentSpaces

# Planes whose normals are further apart than this cosine (about 20 degrees) do not scroll together.
_ALONG_COSINE = 0.94


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A viewport's state and the volume in it."""

    state: ViewState
    volume: Volume


@dataclass(frozen=True, slots=True)
class ManualOffset:
    """Where a place of the source lies in the target: ``lps_mm`` is added to it. Set by the reader, shown as such."""

    lps_mm: Vector3


Rule = Callable[[Shown, Shown, ManualOffset | None], ViewState]


def follow_crosshair(source: Shown, target: Shown, offset: ManualOffset | None) -> ViewState:
    """Return the target's state through the point that the source shows.

    Raises
    ------
    DifferentSpaces
        The volumes do not share a frame of reference and there is no offset.
    """
    return _at(target, shared_point(source, target, offset))


def follow_position(source: Shown, target: Shown, offset: ManualOffset | None) -> ViewState:
    """Return the target's state scrolled to the source's plane; unchanged where the planes are not parallel.

    Raises
    ------
    DifferentSpaces
        The volumes do not share a frame of reference and there is no offset.
    """
    point = shared_point(source, target, offset)
    cosine = dot(_orientation(source).normal, _orientation(target).normal)
    return _at(target, point) if abs(cosine) >= _ALONG_COSINE else target.state


def follow_window(source: Shown, target: Shown, _offset: ManualOffset | None) -> ViewState:
    """Return the target's state with the source's window and inversion; a place takes no part in it.

    Views of one volume read it in one quantity.

    Raises
    ------
    DifferentQuantities
        The values are not of one kind and unit.
    """
    is_one = source.state.volume is not None and source.state.volume == target.state.volume
    kinds = [(shown.volume.quantity, shown.volume.modality) for shown in (source, target)]
    if not is_one and kinds[0] != kinds[1]:
        raise DifferentQuantities("window between different quantities")
    return replace(
        target.state,
        window=source.state.window,
        voi_function=source.state.voi_function,
        inverted=source.state.inverted,
        quantity=source.state.quantity if is_one else target.state.quantity,
    )


def follow_zoom_pan(source: Shown, target: Shown, offset: ManualOffset | None) -> ViewState:
    """Return the target's state with the source's zoom and pan.

    Raises
    ------
    DifferentSpaces
        The volumes do not share a frame of reference and there is no offset.
    """
    require_one_space(source, target, offset)
    return replace(target.state, zoom=source.state.zoom, pan=source.state.pan)


RULES: Mapping[LinkKind, Rule] = MappingProxyType(
    {
        LinkKind.CROSSHAIR: follow_crosshair,
        LinkKind.POSITION: follow_position,
        LinkKind.WINDOW: follow_window,
        LinkKind.ZOOM_PAN: follow_zoom_pan,
    }
)


def require_one_space(source: Shown, target: Shown, offset: ManualOffset | None) -> None:
    """Refuse to compare places of two spaces.

    Raises
    ------
    DifferentSpaces
        The volumes do not share a frame of reference and there is no offset.
    """
    one, other = source.volume, target.volume
    same = one.frame_of_reference is not None and one.frame_of_reference == other.frame_of_reference
    if not (one.is_spatial and other.is_spatial and (same or offset is not None)):
        raise DifferentSpaces("link between frames of reference")


def shared_point(source: Shown, target: Shown, offset: ManualOffset | None) -> Vector3:
    """Return the point that the source shows, in the space of the target.

    Raises
    ------
    DifferentSpaces
        The volumes do not share a frame of reference and there is no offset.
    """
    require_one_space(source, target, offset)
    point = KINDS[source.state.kind].point(source.state, source.volume)
    if point is None:
        raise DifferentSpaces("link from a view without a place")
    return point if offset is None else added(point, offset.lps_mm)


def _orientation(shown: Shown) -> Orientation:
    return KINDS[shown.state.kind].orientation(shown.state, shown.volume)


def _at(target: Shown, point: Vector3) -> ViewState:
    return KINDS[target.state.kind].through(target.state, target.volume, point)
