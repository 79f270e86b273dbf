"""The images shown now belong together, and so do those as many mm further along: nothing is said of places in them.

Only of planes that lie alike: across each other there is no common way along.
"""

from viewers.geometry.frame import dot, scaled, subtracted
from viewers.geometry.rigid import RigidTransform, translation
from viewers.state.link_kind import LinkKind
from viewers.sync.bridges.base import BridgeKind, BridgeSpec
from viewers.sync.shown import ALIKE_COSINE, Shown


def _made(source: Shown, target: Shown) -> RigidTransform | None:
    here, there, normal = source.point, target.point, source.orientation.normal
    if here is None or there is None or abs(dot(normal, target.orientation.normal)) < ALIKE_COSINE:
        return None
    return translation(scaled(normal, dot(subtracted(there, here), normal)))


POSITION_BRIDGE = BridgeSpec(
    BridgeKind.POSITION, frozenset({LinkKind.POSITION, LinkKind.ZOOM_PAN}), is_approximate=True, made=_made
)
