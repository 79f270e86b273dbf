"""Ways between the spaces of examinations as plain values, so that a case opens with them again."""

from collections.abc import Mapping
from typing import Any

from viewers.geometry.rigid import RigidTransform, translation
from viewers.identifiers import FrameOfReferenceUID, SeriesUID, ViewportId
from viewers.state.view_state import VolumeReference
from viewers.sync.bridges.base import Bridge, BridgeKind, Space
from viewers.sync.bridging import Bridges


def write_bridges(bridges: Bridges) -> list[dict[str, object]]:
    """Return the ways as JSON takes them."""
    return [
        {
            "kind": one.kind.value,
            "source": _space(one.source),
            "target": _space(one.target),
            "matrix": one.transform.matrix,
            "shared": one.shared,
            "provenance": one.provenance,
        }
        for one in bridges.known
    ]


def read_bridges(content: list[Any]) -> Bridges:
    """Return the ways; raises ``ValueError``, ``KeyError`` or ``TypeError`` for what is none."""
    return Bridges(tuple(_read(one) for one in content))


def from_hand_links(content: list[Any], volumes: Mapping[ViewportId, VolumeReference | None]) -> Bridges:
    """Return what an earlier version kept by viewports; raises as ``read_bridges``."""
    found = Bridges()
    for source, target, (x, y, z) in content:
        here, there = volumes.get(ViewportId(source)), volumes.get(ViewportId(target))
        if here is not None and there is not None:
            shift = translation((float(x), float(y), float(z)))
            found = found.with_(Bridge(BridgeKind.POSITION, Space(here), Space(there), shift))
    return found


def write_reference(reference: VolumeReference | None) -> list[object] | None:
    """Return which volume, as JSON takes it."""
    return None if reference is None else [reference.series, reference.index]


def read_reference(content: Any) -> VolumeReference | None:
    """Return which volume; raises as ``read_bridges``."""
    if content is None:
        return None
    series, index = content
    return VolumeReference(SeriesUID(str(series)), int(index))


def _space(space: Space) -> list[object]:
    return [*(write_reference(space.volume) or ()), space.frame]


def _read_space(content: list[Any]) -> Space:
    series, index, frame = content
    volume = VolumeReference(SeriesUID(str(series)), int(index))
    return Space(volume, None if frame is None else FrameOfReferenceUID(str(frame)))


def _read(content: dict[str, Any]) -> Bridge:
    shared = content["shared"]
    return Bridge(
        BridgeKind(content["kind"]),
        _read_space(content["source"]),
        _read_space(content["target"]),
        RigidTransform.from_matrix([float(value) for value in content["matrix"]]),
        None if shared is None else float(shared),
        str(content["provenance"]),
    )
