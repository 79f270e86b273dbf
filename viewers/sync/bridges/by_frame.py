"""One frame of reference: the same coordinates are the same place. Source: PS3.3 C.7.4.1.1.1."""

from viewers.geometry.rigid import IDENTITY, RigidTransform
from viewers.state.link_kind import LinkKind
from viewers.sync.bridges.base import BridgeKind, BridgeSpec
from viewers.sync.shown import Shown


def _made(source: Shown, target: Shown) -> RigidTransform | None:
    one, other = source.volume, target.volume
    is_same = one.frame_of_reference is not None and one.frame_of_reference == other.frame_of_reference
    return IDENTITY if is_same else None


FRAME_BRIDGE = BridgeSpec(BridgeKind.FRAME, frozenset(LinkKind), is_approximate=False, made=_made)
