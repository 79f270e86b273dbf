"""The table of the ways between spaces."""

from collections.abc import Mapping
from types import MappingProxyType

from viewers.sync.bridges.base import BridgeKind, BridgeSpec
from viewers.sync.bridges.by_frame import FRAME_BRIDGE
from viewers.sync.bridges.by_points import POINTS_BRIDGE
from viewers.sync.bridges.by_position import POSITION_BRIDGE
from viewers.sync.bridges.by_registration import REGISTRATION_BRIDGE

BRIDGES: Mapping[BridgeKind, BridgeSpec] = MappingProxyType(
    {spec.id: spec for spec in (FRAME_BRIDGE, POSITION_BRIDGE, POINTS_BRIDGE, REGISTRATION_BRIDGE)}
)
