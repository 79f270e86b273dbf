"""Records of what others drew: shapes in the space that they were drawn in, gathered in layers that can be hidden."""

from dataclasses import dataclass, field
from enum import StrEnum

from viewers.geometry.frame import Vector3
from viewers.identifiers import FrameOfReferenceUID, InstanceUID

Colour = tuple[int, int, int]


class Figure(StrEnum):
    """What the points of a shape are: each for itself, a line, or an outline that ends where it began."""

    POINTS = "points"
    LINE = "line"
    OUTLINE = "outline"


@dataclass(frozen=True, slots=True)
class ImagePlace:
    """The frames of one image: points are (column, row, 0) in its pixels, whole numbers at pixel centres.

    ``frames`` count from 0; none are all of them.
    """

    instance: InstanceUID
    frames: tuple[int, ...] = ()

    def holds(self, instance: InstanceUID, frame_index: int) -> bool:
        """Whether a frame is meant."""
        return self.instance == instance and (not self.frames or frame_index in self.frames)


@dataclass(frozen=True, slots=True)
class SpacePlace:
    """A frame of reference: points are LPS millimetres."""

    frame_of_reference: FrameOfReferenceUID


Place = ImagePlace | SpacePlace


@dataclass(frozen=True, slots=True)
class Drawing:
    """One shape with its words; ``label`` stands beside its first point.

    ``is_filled`` fills an outline. A drawing without points is a text at ``label_at``.
    """

    places: tuple[Place, ...]
    figure: Figure
    points: tuple[Vector3, ...]
    label: tuple[str, ...] = ()
    label_at: Vector3 | None = None
    is_filled: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """Drawings that are shown or hidden together, in one colour, with the name of who made them.

    ``id`` is unique in a case. A ``stack_only`` layer belongs to images as they are, not to planes cut through them.
    """

    id: str
    name: str
    colour: Colour
    drawings: tuple[Drawing, ...] = field(repr=False)
    stack_only: bool = False
