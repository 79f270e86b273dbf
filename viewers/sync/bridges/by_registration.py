"""A rigid motion that a registration found: shift and turn, never exact, since the body is not rigid."""

from viewers.geometry.rigid import RigidTransform
from viewers.state.link_kind import LinkKind
from viewers.sync.bridges.base import BridgeKind, BridgeSpec
from viewers.sync.shown import Shown


def _found_elsewhere(_source: Shown, _target: Shown) -> RigidTransform | None:
    return None


REGISTRATION_BRIDGE = BridgeSpec(
    BridgeKind.REGISTRATION, frozenset(LinkKind), is_approximate=True, made=_found_elsewhere
)
