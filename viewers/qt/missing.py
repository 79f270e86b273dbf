"""Where a picture shows no acquired pixels although the series should have some, as polygons on the screen."""

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from viewers.geometry.frame import FloatArray, Vector3, as_vector, dot
from viewers.geometry.plane import ImagePlane
from viewers.image.slices import positions_mm, slice_normal
from viewers.image.volume import Volume

Position = tuple[float, float]
Polygon = tuple[Position, ...]
Interval = tuple[float, float]


def missing_polygons(volume: Volume, plane: ImagePlane, absent: Collection[int] = ()) -> tuple[Polygon, ...]:
    """Return the parts of ``plane`` that lie in gaps of the volume or next to slices that have not come.

    Corners are pixel coordinates of ``plane``. Empty where the volume has no place in the patient.
    """
    if not volume.is_spatial or not (absent or bool(volume.gap_after.any())):
        return ()
    outline = _volume_outline(volume, plane)
    normal = as_vector(slice_normal(volume))
    first = dot(as_vector(volume.slice_origins_lps[0]), normal)
    polygons = (
        _between(outline, plane, normal, (first + low, first + high)) for low, high in _intervals(volume, absent)
    )
    return tuple(polygon for polygon in polygons if len(polygon) > 2)


def _intervals(volume: Volume, absent: Collection[int]) -> Iterator[Interval]:
    """Return the stretches along the normal, mm from the first slice, that no acquired slice answers for."""
    along = [float(position) for position in positions_mm(volume)]
    last = len(along) - 1
    for k in range(last):
        if volume.gap_after[k]:
            yield along[k], along[k + 1]
    half = abs(along[1] - along[0]) / 2 if last else 0.5
    for k in absent:
        before = along[k - 1] if k > 0 else along[k] - half
        after = along[k + 1] if k < last else along[k] + half
        yield before, after


def _volume_outline(volume: Volume, plane: ImagePlane) -> Polygon:
    """Return the part of the picture within the in-plane borders of the slices, half a voxel beyond outer centres."""
    right, bottom = plane.width - 0.5, plane.height - 0.5
    polygon: Polygon = ((-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom))
    for axis, count in ((0, volume.voxels.shape[2]), (1, volume.voxels.shape[1])):
        step: FloatArray = volume.affine[:3, axis]
        direction = as_vector(step / np.linalg.norm(step))
        spacing = float(np.linalg.norm(step))
        start = dot(as_vector(volume.slice_origins_lps[0]), direction)
        polygon = _between(polygon, plane, direction, (start - spacing / 2, start + (count - 0.5) * spacing))
    return polygon


def _between(polygon: Polygon, plane: ImagePlane, direction: Vector3, limits: Interval) -> Polygon:
    """Return the part of a polygon whose points have a coordinate along ``direction`` within ``limits``."""
    along = [dot(plane.pixel_to_lps(*corner), direction) for corner in polygon]
    polygon, along = _clip(polygon, along, limits[0], 1.0)
    return _clip(polygon, along, limits[1], -1.0)[0]


def _clip(
    polygon: Sequence[Position], along: Sequence[float], limit: float, sign: float
) -> tuple[Polygon, list[float]]:
    """Cut a polygon at ``limit`` and keep the side towards ``sign`` (Sutherland and Hodgman)."""
    kept: list[tuple[Position, float]] = []
    corners = list(zip(polygon, along, strict=True))
    for (corner, value), (following, next_value) in zip(corners, corners[1:] + corners[:1], strict=True):
        inside, next_inside = (value - limit) * sign >= 0.0, (next_value - limit) * sign >= 0.0
        if inside:
            kept.append((corner, value))
        if inside != next_inside:
            part = (limit - value) / (next_value - value)
            x = corner[0] + part * (following[0] - corner[0])
            y = corner[1] + part * (following[1] - corner[1])
            kept.append(((x, y), limit))
    return tuple(corner for corner, _ in kept), [value for _, value in kept]


def middle(polygon: Iterable[Position]) -> Position:
    """Return the mean of the corners."""
    corners = np.array(list(polygon))
    return float(corners[:, 0].mean()), float(corners[:, 1].mean())
