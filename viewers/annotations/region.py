"""The modality values inside an ellipse or an outline, by the pixel-centre rule.

On a slice as acquired the pixels are the slice's own, never interpolated. On any other plane they are a square grid
around the middle of the region, as fine as the finest spacing of the volume, sampled as the reader sees the plane.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from viewers.annotations.model import PointLps
from viewers.annotations.outline import area_vector, inside_rows
from viewers.geometry.frame import Vector3, added, as_vector, cross, dot, length, scaled, subtracted, unit
from viewers.geometry.plane import Orientation, plane_about
from viewers.image.pixels import modality_values
from viewers.image.reslice import sample_valid
from viewers.image.slices import nearest_slice, slice_normal
from viewers.image.volume import Volume

Values = NDArray[np.float64]
Vector2 = tuple[float, float]

# A mark is on an acquired slice when it is this near to it: mm, and sine of the angle between the normals.
_SAME_PLACE_MM = 0.01
_SAME_DIRECTION_SINE = 1e-4
# A centre on the outline is inside on every side of the ellipse, whatever the last bit of its coordinates.
_ON_THE_OUTLINE = 1.0 + 1e-9
# Pixels; as far as the last bits of a corner may lie off the row that it is on.
_NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Box:
    """Whole pixels from (left, top) to (right, bottom), both within."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Pixels in space: the centre of (0, 0), and the steps to the next column and to the next row, at a right angle."""

    origin: PointLps
    across: Vector3
    down: Vector3

    def place(self, point: PointLps) -> Vector2:
        """Return the (column, row) of a point dropped onto the grid."""
        return self.turn(subtracted(point, self.origin))

    def turn(self, vector: Vector3) -> Vector2:
        """Return a vector in columns and rows."""
        across, down = self.across, self.down
        return dot(vector, across) / dot(across, across), dot(vector, down) / dot(down, down)


PIXELS = Grid((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


class Region(Protocol):
    """A flat region in the space of an annotation."""

    @property
    def middle(self) -> PointLps:
        """A point about which it lies."""
        ...

    @property
    def area_vector(self) -> Vector3:
        """Its normal, as long as its area."""
        ...

    @property
    def along(self) -> Vector3:
        """A direction in its plane."""
        ...

    def bounds(self, grid: Grid) -> tuple[float, float, float, float]:
        """Return the extent (left, top, right, bottom) on a grid."""
        ...

    def inside(self, grid: Grid, box: Box) -> NDArray[np.bool_]:
        """Return which pixel centres of ``box`` lie in it or on its outline, shape (rows, columns)."""
        ...


@dataclass(frozen=True, slots=True)
class EllipseAxes:
    """An ellipse by its centre and two half axes, vectors in the space of the annotation."""

    centre: PointLps
    first: PointLps
    second: PointLps

    @property
    def middle(self) -> PointLps:
        """The centre."""
        return self.centre

    @property
    def area_vector(self) -> Vector3:
        """The normal, as long as the area."""
        return scaled(cross(self.first, self.second), math.pi)

    @property
    def along(self) -> Vector3:
        """The first axis."""
        return self.first

    def bounds(self, grid: Grid) -> tuple[float, float, float, float]:
        """Return the extent (left, top, right, bottom) on a grid."""
        (x, y), first, second = grid.place(self.centre), grid.turn(self.first), grid.turn(self.second)
        reach = (math.hypot(first[0], second[0]), math.hypot(first[1], second[1]))
        return x - reach[0], y - reach[1], x + reach[0], y + reach[1]

    def inside(self, grid: Grid, box: Box) -> NDArray[np.bool_]:
        """Return which pixel centres of ``box`` lie in it or on its outline, shape (rows, columns)."""
        (x, y), first, second = grid.place(self.centre), grid.turn(self.first), grid.turn(self.second)
        across = np.arange(box.left, box.right + 1) - x
        down = np.arange(box.top, box.bottom + 1)[:, np.newaxis] - y
        determinant = first[0] * second[1] - first[1] * second[0]
        along_first = (across * second[1] - down * second[0]) / determinant
        along_second = (down * first[0] - across * first[1]) / determinant
        return np.asarray(along_first**2 + along_second**2 <= _ON_THE_OUTLINE)


@dataclass(frozen=True, slots=True)
class Outline:
    """A flat outline of straight pieces; the last point meets the first."""

    points: tuple[PointLps, ...]

    @property
    def middle(self) -> PointLps:
        """The middle of the corners."""
        total = self.points[0]
        for point in self.points[1:]:
            total = added(total, point)
        return scaled(total, 1.0 / len(self.points))

    @property
    def area_vector(self) -> Vector3:
        """The normal, as long as the area."""
        return area_vector(self.points)

    @property
    def along(self) -> Vector3:
        """From the middle to the corner furthest away."""
        return max((subtracted(point, self.middle) for point in self.points), key=length)

    def bounds(self, grid: Grid) -> tuple[float, float, float, float]:
        """Return the extent (left, top, right, bottom) on a grid."""
        columns, rows = zip(*(grid.place(point) for point in self.points), strict=True)
        return min(columns), min(rows), max(columns), max(rows)

    def inside(self, grid: Grid, box: Box) -> NDArray[np.bool_]:
        """Return which pixel centres of ``box`` lie in it or on its outline, shape (rows, columns)."""
        corners = np.array([grid.place(point) for point in self.points]) - (box.left, box.top)
        return inside_rows(corners, (box.bottom - box.top + 1, box.right - box.left + 1))


def ellipse_axes(points: tuple[PointLps, ...]) -> EllipseAxes:
    """Return the axes of the ellipse whose points are the ends of one axis, then of the other."""
    centre = scaled(added(added(points[0], points[1]), added(points[2], points[3])), 0.25)
    first = scaled(subtracted(points[1], points[0]), 0.5)
    second = scaled(subtracted(points[3], points[2]), 0.5)
    return EllipseAxes(centre, first, second)


def values_on_frame(region: Region, k: int, volume: Volume) -> Values:
    """Return the modality values of slice ``k`` inside a region given in (column, row, 0); shape (n,)."""
    return _on_slice(k, region, PIXELS, volume)


def values_in_space(region: Region, volume: Volume) -> Values:
    """Return the modality values inside a region given in LPS mm; shape (n,).

    Padding, gaps and what lies outside the volume are left out.
    """
    k = acquired_slice(volume, region.middle, region.area_vector)
    return _on_plane(region, volume) if k is None else _on_slice(k, region, slice_grid(volume, k), volume)


def slice_grid(volume: Volume, k: int) -> Grid:
    """Return the pixels of slice ``k`` in patient space."""
    columns, rows = as_vector(volume.affine[:3, 0]), as_vector(volume.affine[:3, 1])
    return Grid(as_vector(volume.slice_origins_lps[k]), columns, rows)


def acquired_slice(volume: Volume, point: PointLps, normal: Vector3 | None = None) -> int | None:
    """Return the slice in whose plane a point lies, ``None`` between slices or where the normal is another."""
    across = as_vector(slice_normal(volume))
    if normal is not None and length(cross(unit(normal), across)) > _SAME_DIRECTION_SINE:
        return None
    k = nearest_slice(volume, point)
    away = dot(subtracted(point, as_vector(volume.slice_origins_lps[k])), across)
    return k if abs(away) <= _SAME_PLACE_MM else None


def _on_slice(k: int, region: Region, grid: Grid, volume: Volume) -> Values:
    rows, columns = volume.voxels.shape[1:3]
    left, top, right, bottom = region.bounds(grid)
    box = Box(
        max(0, math.ceil(left - _NEAR)),
        max(0, math.ceil(top - _NEAR)),
        min(columns - 1, math.floor(right + _NEAR)),
        min(rows - 1, math.floor(bottom + _NEAR)),
    )
    if box.right < box.left or box.bottom < box.top:
        return np.empty(0)
    inside = region.inside(grid, box)
    stored = volume.voxels[k, box.top : box.bottom + 1, box.left : box.right + 1]
    return _finite(modality_values(volume, stored[inside]))


def _on_plane(region: Region, volume: Volume) -> Values:
    row_direction = unit(region.along)
    orientation = Orientation(row_direction, cross(unit(region.area_vector), row_direction))
    spacing = min(float(np.linalg.norm(volume.affine[:3, axis])) for axis in range(3))
    around = Grid(region.middle, scaled(row_direction, spacing), scaled(orientation.column_direction, spacing))
    reach = math.ceil(max(abs(bound) for bound in region.bounds(around)))
    size = 2 * reach + 1
    inside = region.inside(around, Box(-reach, -reach, reach, reach))
    return _finite(sample_valid(volume, plane_about(region.middle, orientation, spacing, size, size))[inside])


def _finite(values: NDArray[np.floating]) -> Values:
    return np.asarray(values[np.isfinite(values)], dtype=np.float64)
