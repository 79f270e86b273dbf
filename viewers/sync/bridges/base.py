"""What a way between two spaces is: a rigid motion, how it was found, and what may be carried over it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from viewers.geometry.rigid import RigidTransform
from viewers.identifiers import FrameOfReferenceUID
from viewers.image.volume import Volume
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import VolumeReference
from viewers.sync.shown import Shown


class BridgeKind(StrEnum):
    """How the places of two examinations were found to belong together."""

    FRAME = "frame"
    POSITION = "position"
    POINTS = "points"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Space:
    """Where a volume lies: in its frame of reference together with others, or by itself."""

    volume: VolumeReference
    frame: FrameOfReferenceUID | None = None

    def holds(self, volume: Volume) -> bool:
        """Whether a volume lies in this space."""
        if self.frame is not None and self.frame == volume.frame_of_reference:
            return True
        return self.volume == VolumeReference(volume.series, volume.index)

    def moved(self, volumes: Mapping[VolumeReference, VolumeReference]) -> "Space":
        """Return the space of the same volume, where it has come to lie elsewhere in its series."""
        return replace(self, volume=volumes.get(self.volume, self.volume))


@dataclass(frozen=True, slots=True)
class Bridge:
    """A motion from the space ``source`` to the space ``target``, LPS mm.

    ``shared`` is the part of the body, 0 to 1, that a registration found in both; ``provenance`` says with what and how
    well it was found, for the archive.
    """

    kind: BridgeKind
    source: Space
    target: Space
    transform: RigidTransform
    shared: float | None = None
    provenance: str = ""

    def inverse(self) -> "Bridge":
        """Return the way back."""
        back = self.transform.inverse()
        return Bridge(self.kind, self.target, self.source, back, self.shared, self.provenance)


@dataclass(frozen=True, slots=True)
class BridgeSpec:
    """One kind of way, whole.

    ``carries`` is what may be taken over by it; ``is_approximate`` whether the reader must be told that places are not
    exactly the same. ``made`` finds the motion from what two viewports show now; ``None`` where it cannot be told from
    that, or is found elsewhere.
    """

    id: BridgeKind
    carries: frozenset[LinkKind]
    is_approximate: bool
    made: Callable[[Shown, Shown], RigidTransform | None]


def space_of(volume: Volume) -> Space:
    """Return where a volume lies."""
    return Space(VolumeReference(volume.series, volume.index), volume.frame_of_reference)
