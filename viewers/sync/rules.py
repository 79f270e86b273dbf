"""What one viewport takes over from another: pure functions, one per kind of link.

Nothing is taken over between pictures of unconfirmed identity. A place is taken over only along a way between the
spaces: one frame of reference, or what the reader or a registration joined.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from viewers.geometry.frame import Vector3, dot
from viewers.geometry.rigid import RigidTransform
from viewers.state.kinds.registry import KINDS
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import ViewState
from viewers.sync.bridging import Bridges, require_one_subject
from viewers.sync.errors import DifferentQuantities, DifferentSpaces
from viewers.sync.framing import framed_alike
from viewers.sync.shown import ALIKE_COSINE, Shown

Rule = Callable[[Shown, Shown, Bridges], ViewState]


def follow_crosshair(source: Shown, target: Shown, bridges: Bridges) -> ViewState:
    """Return the target's state through the point that the source shows.

    Raises
    ------
    IdentityUnconfirmed, DifferentSpaces
        As ``Bridges.between``.
    """
    return _at(target, _carried(source, bridges.between(source, target, LinkKind.CROSSHAIR).transform))


def follow_position(source: Shown, target: Shown, bridges: Bridges) -> ViewState:
    """Return the target's state scrolled to the source's plane; unchanged where the planes are not parallel.

    Raises
    ------
    IdentityUnconfirmed, DifferentSpaces
        As ``Bridges.between``.
    """
    way = bridges.between(source, target, LinkKind.POSITION).transform
    cosine = dot(way.direction(source.orientation.normal), target.orientation.normal)
    return _at(target, _carried(source, way)) if abs(cosine) >= ALIKE_COSINE else target.state


def follow_orientation(source: Shown, target: Shown, bridges: Bridges) -> ViewState:
    """Return the target's state in the source's plane, turned alike; unchanged where it is no plane that can be turned.

    Raises
    ------
    IdentityUnconfirmed, DifferentSpaces
        As ``Bridges.between``.
    """
    way = bridges.between(source, target, LinkKind.ORIENTATION).transform
    if not KINDS[target.state.kind].is_cut:
        return target.state
    turned = replace(
        target.state,
        orientation=way.orientation(source.orientation),
        flipped_horizontally=source.state.flipped_horizontally,
        flipped_vertically=source.state.flipped_vertically,
        rotation_degrees=source.state.rotation_degrees,
    )
    return _at(replace(target, state=turned), _carried(source, way))


def follow_window(source: Shown, target: Shown, _bridges: Bridges) -> ViewState:
    """Return the target's state with the source's window and inversion; a place takes no part in it.

    Views of one volume read it in one quantity.

    Raises
    ------
    IdentityUnconfirmed
        They are not provably of one person.
    DifferentQuantities
        The values are not of one kind and unit.
    """
    require_one_subject(source, target)
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


def follow_zoom_pan(source: Shown, target: Shown, bridges: Bridges) -> ViewState:
    """Return the target's state at the source's scale, and about the same place where that is known.

    Raises
    ------
    IdentityUnconfirmed
        They are not provably of one person.
    """
    require_one_subject(source, target)
    try:
        way: RigidTransform | None = bridges.between(source, target, LinkKind.ZOOM_PAN).transform
    except DifferentSpaces:
        way = None
    return framed_alike(source, target, way)


RULES: Mapping[LinkKind, Rule] = MappingProxyType(
    {
        LinkKind.CROSSHAIR: follow_crosshair,
        LinkKind.ORIENTATION: follow_orientation,
        LinkKind.POSITION: follow_position,
        LinkKind.WINDOW: follow_window,
        LinkKind.ZOOM_PAN: follow_zoom_pan,
    }
)


def _carried(source: Shown, way: RigidTransform) -> Vector3:
    point = source.point
    if point is None:
        raise DifferentSpaces("link from a view without a place")
    return way.point(point)


def _at(target: Shown, point: Vector3) -> ViewState:
    return KINDS[target.state.kind].through(target.state, target.volume, point)
