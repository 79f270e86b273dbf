"""A view as the tools see it: the plane on the screen, what marks made on it belong to, which marks lie in it."""

import math
from dataclasses import dataclass

from viewers.annotations.model import Annotation, PointLps
from viewers.geometry.frame import added, dot, subtracted
from viewers.geometry.plane import ImagePlane
from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID

PixelPosition = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ViewTarget:
    """What a mark made on a view belongs to: the frame under it, and the space it lies in.

    ``frame_of_reference`` is ``None`` where the image has no patient space; its points are then pixels of the frame.
    """

    series: SeriesUID
    instance: InstanceUID
    frame_index: int
    frame_of_reference: FrameOfReferenceUID | None


@dataclass(frozen=True, slots=True)
class ViewPlane:
    """A plane as it lies on the screen: its pixel coordinates are positions in the viewport.

    A mark belongs to the picture when each of its points is within ``half_thickness_mm`` of the plane.
    """

    target: ViewTarget
    plane: ImagePlane
    half_thickness_mm: float

    def to_space(self, position: PixelPosition) -> PointLps:
        """Return the point under a viewport position."""
        return self.plane.pixel_to_lps(*position)

    def to_view(self, point: PointLps) -> PixelPosition:
        """Return the viewport position of a point, dropped onto the plane along its normal."""
        return self.plane.lps_to_pixel(point)

    def put(self, point: PointLps, position: PixelPosition) -> PointLps:
        """Return a point moved in the plane to a viewport position; it keeps its distance from the plane."""
        return added(point, subtracted(self.to_space(position), self.to_space(self.to_view(point))))

    def vector_to_view(self, vector: PointLps) -> PixelPosition:
        """Return a vector of the space as steps to the right and downwards, in viewport pixels."""
        plane = self.plane
        return (
            dot(vector, plane.row_direction) / plane.spacing_mm,
            dot(vector, plane.column_direction) / (plane.spacing_mm * plane.aspect),
        )

    def pixels_apart(self, first: PointLps, second: PointLps) -> float:
        """Return how far apart two points are on the screen, in viewport pixels."""
        return math.dist(self.to_view(first), self.to_view(second))

    def shows(self, annotation: Annotation) -> bool:
        """Whether a mark lies in the picture: same space, and every point within half a thickness of the plane."""
        if annotation.frame_of_reference != self.target.frame_of_reference:
            return False
        if annotation.frame_of_reference is None:
            return (self.target.instance, self.target.frame_index) == (annotation.instance, annotation.frame_index)
        return all(self.is_near(point) for point in annotation.points_lps)

    def is_near(self, point: PointLps) -> bool:
        """Whether a point lies within half a thickness of the plane."""
        return abs(self.plane.distance_mm(point)) <= self.half_thickness_mm
