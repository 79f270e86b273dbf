"""A window fitted to what lies in a box that the reader drew on the picture."""

import math

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import ImagePlane
from viewers.image.description import NARROWEST, Window
from viewers.image.errors import RegionRefused
from viewers.image.pixels import modality_values
from viewers.image.reslice import sample_plane, sample_valid
from viewers.image.volume import Volume
from viewers.state.framing import own_plane
from viewers.state.resolved import ResolvedView

# What lies outside is drowned or burnt: one part in a hundred at each end.
_PERCENT = (1.0, 99.0)


def region_window(volume: Volume, resolved: ResolvedView, first: Vector3, second: Vector3) -> Window:
    """Return the window from the 1st to the 99th percentile of what is shown between two corners of a box.

    Padding, and what lies outside the volume, takes no part.

    Raises
    ------
    RegionRefused
        The picture is in colour, or the box holds no value.
    """
    if volume.voxels.ndim != 3:
        raise RegionRefused("a window of colour")
    values = _values(volume, resolved, first, second)
    known = values[np.isfinite(values)]
    if known.size == 0:
        raise RegionRefused("a window of a box without values")
    low, high = (float(value) for value in np.percentile(known, _PERCENT))
    return Window((low + high) / 2, max(high - low, NARROWEST[resolved.voi_function]))


def _values(volume: Volume, resolved: ResolvedView, first: Vector3, second: Vector3) -> NDArray[np.float32]:
    k = resolved.slice_index
    if k is None:
        part = _part(resolved.plane, first, second)
        return sample_valid(volume, part) if resolved.slab is None else sample_plane(volume, part, resolved.slab)
    own = own_plane(volume, k)
    (left, right), (top, bottom) = _box(own, first, second)
    return modality_values(volume, volume.voxels[k, top : bottom + 1, left : right + 1])


def _part(plane: ImagePlane, first: Vector3, second: Vector3) -> ImagePlane:
    (left, right), (top, bottom) = _box(plane, first, second)
    size = (max(1, right - left + 1), max(1, bottom - top + 1))
    return ImagePlane(
        plane.pixel_to_lps(left, top),
        plane.row_direction,
        plane.column_direction,
        plane.spacing_mm,
        *size,
        plane.aspect,
    )


def _box(plane: ImagePlane, first: Vector3, second: Vector3) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the first and last column, and row, whose pixel centres lie in the box."""
    corners = (plane.lps_to_pixel(first), plane.lps_to_pixel(second))
    columns, rows = (sorted(corner[axis] for corner in corners) for axis in (0, 1))
    limits = (plane.width - 1, plane.height - 1)
    return (
        (max(0, math.ceil(columns[0])), min(limits[0], math.floor(columns[1]))),
        (max(0, math.ceil(rows[0])), min(limits[1], math.floor(rows[1]))),
    )
