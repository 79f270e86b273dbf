"""The modality values inside an ellipse, by the pixel-centre rule.

On a slice as acquired the pixels are the slice's own, never interpolated. On any other plane they are a square grid
around the centre of the ellipse, as fine as the finest spacing of the volume, sampled as the reader sees the plane.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.annotations.model import PointLps
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


@dataclass(frozen=True, slots=True)
class EllipseAxes:
    """An ellipse by its centre and two half axes, vectors in the space of the annotation."""

    centre: PointLps
    first: PointLps
    second: PointLps

    @property
    def area(self) -> float:
        """The area of the outline, in the square of the space's unit."""
        return math.pi * length(cross(self.first, self.second))


def ellipse_axes(points: tuple[PointLps, ...]) -> EllipseAxes:
    """Return the axes of the ellipse whose points are the ends of one axis, then of the other."""
    centre = scaled(added(added(points[0], points[1]), added(points[2], points[3])), 0.25)
    first = scaled(subtracted(points[1], points[0]), 0.5)
    second = scaled(subtracted(points[3], points[2]), 0.5)
    return EllipseAxes(centre, first, second)


def values_on_frame(axes: EllipseAxes, k: int, volume: Volume) -> Values:
    """Return the modality values of slice ``k`` inside an ellipse given in (column, row, 0); shape (n,)."""
    return _on_slice(k, _flat(axes.centre), _flat(axes.first), _flat(axes.second), volume)


def values_in_space(axes: EllipseAxes, volume: Volume) -> Values:
    """Return the modality values inside an ellipse given in LPS mm; shape (n,).

    Padding, gaps and what lies outside the volume are left out.
    """
    k = _acquired_slice(axes, volume)
    if k is None:
        return _on_plane(axes, volume)
    centre = subtracted(axes.centre, as_vector(volume.slice_origins_lps[k]))
    columns, rows = as_vector(volume.affine[:3, 0]), as_vector(volume.affine[:3, 1])

    def in_pixels(vector: Vector3) -> Vector2:
        return dot(vector, columns) / dot(columns, columns), dot(vector, rows) / dot(rows, rows)

    return _on_slice(k, in_pixels(centre), in_pixels(axes.first), in_pixels(axes.second), volume)


def _acquired_slice(axes: EllipseAxes, volume: Volume) -> int | None:
    normal = unit(cross(axes.first, axes.second))
    across = as_vector(slice_normal(volume))
    if length(cross(normal, across)) > _SAME_DIRECTION_SINE:
        return None
    k = nearest_slice(volume, axes.centre)
    away = dot(subtracted(axes.centre, as_vector(volume.slice_origins_lps[k])), across)
    return k if abs(away) <= _SAME_PLACE_MM else None


def _on_slice(k: int, centre: Vector2, first: Vector2, second: Vector2, volume: Volume) -> Values:
    rows, columns = volume.voxels.shape[1:3]
    reach = (math.hypot(first[0], second[0]), math.hypot(first[1], second[1]))
    left, right = max(0, math.ceil(centre[0] - reach[0])), min(columns - 1, math.floor(centre[0] + reach[0]))
    top, bottom = max(0, math.ceil(centre[1] - reach[1])), min(rows - 1, math.floor(centre[1] + reach[1]))
    if right < left or bottom < top:
        return np.empty(0)
    across = np.arange(left, right + 1) - centre[0]
    down = np.arange(top, bottom + 1)[:, np.newaxis] - centre[1]
    inside = _inside(across, down, first, second)
    return _finite(modality_values(volume, volume.voxels[k, top : bottom + 1, left : right + 1][inside]))


def _on_plane(axes: EllipseAxes, volume: Volume) -> Values:
    row_direction = unit(axes.first)
    normal = unit(cross(axes.first, axes.second))
    orientation = Orientation(row_direction, cross(normal, row_direction))
    spacing = min(float(np.linalg.norm(volume.affine[:3, axis])) for axis in range(3))
    first = (length(axes.first) / spacing, 0.0)
    second = tuple(dot(axes.second, one) / spacing for one in (row_direction, orientation.column_direction))
    reach = math.ceil(max(first[0], math.hypot(*second)))
    grid = np.arange(-reach, reach + 1, dtype=np.float64)
    inside = _inside(grid, grid[:, np.newaxis], first, (second[0], second[1]))
    size = 2 * reach + 1
    return _finite(sample_valid(volume, plane_about(axes.centre, orientation, spacing, size, size))[inside])


def _inside(
    across: NDArray[np.floating], down: NDArray[np.floating], first: Vector2, second: Vector2
) -> NDArray[np.bool_]:
    """Return which pixel centres, at offsets from the centre of the ellipse, lie in it or on its outline."""
    determinant = first[0] * second[1] - first[1] * second[0]
    along_first = (across * second[1] - down * second[0]) / determinant
    along_second = (down * first[0] - across * first[1]) / determinant
    return np.asarray(along_first**2 + along_second**2 <= _ON_THE_OUTLINE)


def _finite(values: NDArray[np.floating]) -> Values:
    return np.asarray(values[np.isfinite(values)], dtype=np.float64)


def _flat(vector: PointLps) -> Vector2:
    return vector[0], vector[1]
