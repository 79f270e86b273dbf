"""Marks on one frame: patient space to the frame's pixels, as presentation states and SR coordinates count them.

Both count from the top left corner of the top left pixel, so that the centre of that pixel is (0.5, 0.5).
Source: PS3.3 C.10.5.1.2, C.18.6.1.1.
"""

from dataclasses import dataclass, replace

from viewers.annotations.model import Annotation, MeasuredValue, PointLps
from viewers.image.description import FrameDescription, FrameGeometry
from viewers.tools.registry import tool_of
from viewers.tools.shapes import GraphicType
from workstation.report.context import StoredHeader

PixelPoint = tuple[float, float]

# Without a stated thickness a mark belongs to a frame when it lies this near to its plane.
_HALF_THICKNESS_MM = 0.5


@dataclass(frozen=True, slots=True)
class PixelGraphic:
    """One shape in pixels of a frame; ``points`` are (column, row), ``values`` the names of those measured on it."""

    type: GraphicType
    points: tuple[PixelPoint, ...]
    values: tuple[str, ...] = ()

    @property
    def data(self) -> list[float]:
        """The points as one list: column, row, column, row."""
        return [value for point in self.points for value in point]

    def bears(self, value: MeasuredValue) -> bool:
        """Whether a value of the mark was measured on this shape."""
        return not self.values or value.name in self.values


def graphics(annotation: Annotation, stored: StoredHeader) -> tuple[PixelGraphic, ...]:
    """Return the shapes of a mark on its frame; none where the mark does not lie in the frame's plane.

    Raises
    ------
    UnknownTool, WrongPointCount
        The mark is not of a tool of the table.
    """
    return tuple(
        PixelGraphic(one.type, points, one.values)
        for one in tool_of(annotation).graphics(annotation.points_lps)
        if (points := pixel_points(replace(annotation, points_lps=one.points), stored))
    )


def pixel_points(annotation: Annotation, stored: StoredHeader) -> tuple[PixelPoint, ...]:
    """Return the points of a mark in pixels of its frame; none where they leave its plane or its space."""
    if annotation.frame_index >= stored.frames:
        return ()
    frame = stored.frame(annotation.frame_index)
    if annotation.frame_of_reference is None:
        return tuple((x + 0.5, y + 0.5) for x, y, _ in annotation.points_lps)
    if frame.geometry is None or annotation.frame_of_reference != frame.frame_of_reference:
        return ()
    half = max((frame.thickness_mm or 0.0) / 2, _HALF_THICKNESS_MM)
    placed = [_place(point, frame, frame.geometry) for point in annotation.points_lps]
    if any(one is None or abs(one[2]) > half for one in placed):
        return ()
    return tuple((one[0], one[1]) for one in placed if one is not None)


def _place(point: PointLps, frame: FrameDescription, geometry: FrameGeometry) -> PointLps | None:
    """Return column and row in pixels, and the distance from the plane in mm."""
    if not frame.column_spacing_mm or not frame.row_spacing_mm:
        return None
    across, down = geometry.row_direction, geometry.column_direction
    normal = (
        across[1] * down[2] - across[2] * down[1],
        across[2] * down[0] - across[0] * down[2],
        across[0] * down[1] - across[1] * down[0],
    )
    offset = tuple(a - b for a, b in zip(point, geometry.position_lps, strict=True))
    along = [sum(a * b for a, b in zip(offset, axis, strict=True)) for axis in (across, down, normal)]
    return along[0] / frame.column_spacing_mm + 0.5, along[1] / frame.row_spacing_mm + 0.5, along[2]
