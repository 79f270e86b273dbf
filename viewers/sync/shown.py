"""What a viewport shows, as the links see it."""

from dataclasses import dataclass

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import Orientation
from viewers.image.volume import Volume
from viewers.state.kinds.registry import KINDS
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewState

# Directions whose cosine is below this (about 20 degrees) do not lie alike: they are not scrolled or framed together.
ALIKE_COSINE = 0.94


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A viewport's state, the volume in it, its size where it has one, and whose body it is.

    ``subject`` is an opaque name: pictures of two subjects are never linked, whatever their headers share.
    """

    state: ViewState
    volume: Volume
    size: ViewportSize | None = None
    subject: str = ""

    @property
    def point(self) -> Vector3 | None:
        """The point shown, LPS mm, where the picture has a place."""
        return KINDS[self.state.kind].point(self.state, self.volume)

    @property
    def orientation(self) -> Orientation:
        """How the plane shown lies, before it is flipped or turned for display."""
        return KINDS[self.state.kind].orientation(self.state, self.volume)
