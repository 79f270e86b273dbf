"""The reader pointed at one place in both examinations: everything is shifted by what lies between."""

from viewers.geometry.frame import subtracted
from viewers.geometry.rigid import RigidTransform, translation
from viewers.state.link_kind import LinkKind
from viewers.sync.bridges.base import BridgeKind, BridgeSpec
from viewers.sync.shown import Shown


def _made(source: Shown, target: Shown) -> RigidTransform | None:
    if source.state.centre_lps is None or target.state.centre_lps is None:
        return None
    here, there = source.point, target.point
    return None if here is None or there is None else translation(subtracted(there, here))


POINTS_BRIDGE = BridgeSpec(BridgeKind.POINTS, frozenset(LinkKind), is_approximate=True, made=_made)
