"""Flat pictures in patient space: where each pixel of a picture lies, and how two pictures meet."""

from dataclasses import dataclass, replace

import numpy as np

from viewers.geometry.frame import (
    FloatArray,
    Vector3,
    added,
    as_vector,
    cross,
    dot,
    index_to_lps,
    length,
    scaled,
    subtracted,
    unit,
)

# Two planes whose normals differ by less than this sine are taken as parallel: they meet nowhere useful.
_PARALLEL_SINE = 1e-6


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a picture is turned: unit vectors along which the column index and the row index grow."""

    row_direction: Vector3
    column_direction: Vector3

    @property
    def normal(self) -> Vector3:
        """The unit normal, row direction × column direction."""
        return unit(cross(self.row_direction, self.column_direction))


# Radiological display: the patient's right on the reader's left, the front or the head up.
AXIAL = Orientation((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
CORONAL = Orientation((1.0, 0.0, 0.0), (0.0, 0.0, -1.0))
SAGITTAL = Orientation((0.0, 1.0, 0.0), (0.0, 0.0, -1.0))


@dataclass(frozen=True, slots=True)
class ImagePlane:
    """A picture of ``width`` × ``height`` pixels lying in space.

    ``origin_lps`` is the centre of the first (top left) pixel, mm. ``spacing_mm`` is the distance between columns;
    the distance between rows is ``spacing_mm`` × ``aspect`` (1 except for the native pixels of a frame that are not
    square). Pixel coordinates are (column, row), whole numbers at pixel centres. Where an image has no patient space
    the same record is used in the space (column, row, 0) of its own pixels.
    """

    origin_lps: Vector3
    row_direction: Vector3
    column_direction: Vector3
    spacing_mm: float
    width: int
    height: int
    aspect: float = 1.0

    @property
    def normal(self) -> Vector3:
        """The unit normal, row direction × column direction."""
        return unit(cross(self.row_direction, self.column_direction))

    @property
    def orientation(self) -> Orientation:
        """How the picture is turned."""
        return Orientation(self.row_direction, self.column_direction)

    @property
    def column_step_mm(self) -> Vector3:
        """The vector, mm, from one column to the next."""
        return scaled(self.row_direction, self.spacing_mm)

    @property
    def row_step_mm(self) -> Vector3:
        """The vector, mm, from one row to the next."""
        return scaled(self.column_direction, self.spacing_mm * self.aspect)

    @property
    def centre_lps(self) -> Vector3:
        """The middle of the picture."""
        return self.pixel_to_lps((self.width - 1) / 2, (self.height - 1) / 2)

    def pixel_to_lps(self, column: float, row: float) -> Vector3:
        """Return where the pixel coordinate lies."""
        in_row = scaled(self.row_direction, self.spacing_mm * column)
        in_column = scaled(self.column_direction, self.spacing_mm * self.aspect * row)
        return added(self.origin_lps, added(in_row, in_column))

    def lps_to_pixel(self, point_lps: Vector3) -> tuple[float, float]:
        """Return the (column, row) of the point's projection on the plane along the normal."""
        away = subtracted(point_lps, self.origin_lps)
        return (
            dot(away, self.row_direction) / self.spacing_mm,
            dot(away, self.column_direction) / (self.spacing_mm * self.aspect),
        )

    def distance_mm(self, point_lps: Vector3) -> float:
        """Return the signed distance of a point from the plane, along the normal."""
        return dot(subtracted(point_lps, self.origin_lps), self.normal)

    def moved(self, distance_mm: float) -> "ImagePlane":
        """Return the parallel picture ``distance_mm`` further along the normal."""
        return replace(self, origin_lps=added(self.origin_lps, scaled(self.normal, distance_mm)))


def plane_about(
    centre_lps: Vector3, orientation: Orientation, spacing_mm: float, width: int, height: int, aspect: float = 1.0
) -> ImagePlane:
    """Return the picture whose middle is ``centre_lps``."""
    to_left = scaled(orientation.row_direction, -spacing_mm * (width - 1) / 2)
    to_top = scaled(orientation.column_direction, -spacing_mm * aspect * (height - 1) / 2)
    origin = added(centre_lps, added(to_left, to_top))
    return ImagePlane(
        origin, orientation.row_direction, orientation.column_direction, spacing_mm, width, height, aspect
    )


def box_corners_lps(affine: FloatArray, shape_kji: tuple[int, int, int]) -> FloatArray:
    """Return the eight outer corners of a grid, shape (8, 3): half a voxel beyond the outer centres."""
    k, j, i = shape_kji
    index = [(x, y, z) for x in (-0.5, i - 0.5) for y in (-0.5, j - 0.5) for z in (-0.5, k - 0.5)]
    return index_to_lps(affine, np.array(index))


def plane_through(
    point_lps: Vector3, orientation: Orientation, corners_lps: FloatArray, spacing_mm: float
) -> ImagePlane:
    """Return the picture through ``point_lps`` that covers all ``corners_lps`` (shape (n, 3)) and no more."""
    middle = as_vector((corners_lps.min(axis=0) + corners_lps.max(axis=0)) / 2)
    across, down = (corners_lps @ np.array(d) for d in (orientation.row_direction, orientation.column_direction))
    width = max(1, round(float(np.ptp(across)) / spacing_mm))
    height = max(1, round(float(np.ptp(down)) / spacing_mm))
    normal = orientation.normal
    centre = added(middle, scaled(normal, dot(subtracted(point_lps, middle), normal)))
    return plane_about(centre, orientation, spacing_mm, width, height)


def intersection(shown: ImagePlane, other: ImagePlane) -> tuple[Vector3, Vector3] | None:
    """Return the reference line: the two ends, on ``shown``, of where the picture ``other`` cuts it.

    ``None`` where the planes are parallel or the picture ``other`` ends before it reaches ``shown``. The line is
    limited to the extent of ``other``; the viewport clips it to its own.
    """
    if length(cross(shown.normal, other.normal)) < _PARALLEL_SINE:
        return None
    left, top, right, bottom = -0.5, -0.5, other.width - 0.5, other.height - 0.5
    corners = [
        other.pixel_to_lps(column, row) for column, row in ((left, top), (right, top), (right, bottom), (left, bottom))
    ]
    ends: list[Vector3] = []
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        before, after = shown.distance_mm(start), shown.distance_mm(end)
        if (before < 0.0) != (after < 0.0):
            ends.append(added(start, scaled(subtracted(end, start), before / (before - after))))
    return (ends[0], ends[1]) if len(ends) == 2 else None
