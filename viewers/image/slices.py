"""Where the slices of a volume truly lie, as the samplers need it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from viewers.geometry.frame import FloatArray, Vector3, as_vector, cross, dot, lps_to_index, scaled, unit
from viewers.geometry.plane import ImagePlane, Orientation, box_corners_lps
from viewers.identifiers import InstanceUID
from viewers.image.volume import Volume

# A slice may lie this far, mm, from where the affine puts it and still be called regular.
_REGULAR_MM = 0.001
# In a picture, which is never measured, one may lie this far away: the share of the distance of slices, and mm, below
# which no reader is told that they are uneven. Positions are often written to a hundredth of a mm.
_SEEN_SHARE, _SEEN_MM = 0.01, 0.05
# Index coordinates and steps this near to a whole number are it.
_WHOLE = 1e-10
# A picture that nowhere strays further, in voxels, from whole coordinates of one axis lies on voxel centres: positions
# are written in decimals, and their last digit must not blend a slice with its neighbour.
_ON_CENTRES = 2e-5


def row_direction(volume: Volume) -> Vector3:
    """Return the unit vector along which the column index of the volume grows."""
    return unit(as_vector(volume.affine[:3, 0]))


def column_direction(volume: Volume) -> Vector3:
    """Return the unit vector along which the row index of the volume grows."""
    return unit(as_vector(volume.affine[:3, 1]))


def slice_normal(volume: Volume) -> FloatArray:
    """Return the unit normal of the slices, towards increasing slice index, shape (3,)."""
    # Asked for many times a frame: the product of two tuples takes a tenth of the time of numpy's.
    normal = unit(cross(as_vector(volume.affine[:3, 0]), as_vector(volume.affine[:3, 1])))
    towards = 1.0 if dot(normal, as_vector(volume.affine[:3, 2])) >= 0.0 else -1.0
    return np.array(scaled(normal, towards))


def positions_mm(volume: Volume) -> FloatArray:
    """Return where each slice lies along the normal, mm from the first one, shape (k,)."""
    along: FloatArray = (volume.slice_origins_lps - volume.slice_origins_lps[0]) @ slice_normal(volume)
    return along


def is_regular(volume: Volume) -> bool:
    """Whether the affine alone says where every slice is: no gap, no tilt, even distances."""
    if bool(volume.gap_after.any()):
        return False
    steps = np.arange(len(volume.slice_origins_lps))[:, None] * volume.affine[:3, 2]
    off = volume.slice_origins_lps - (volume.affine[:3, 3] + steps)
    step = volume.affine[:3, 2]
    leaning = step - slice_normal(volume) * float(step @ slice_normal(volume))
    return bool(np.abs(off).max() <= _REGULAR_MM and np.linalg.norm(leaning) * len(off) <= _REGULAR_MM * 2)


def evened(volume: Volume) -> Volume:
    """Return the volume with its slices where the affine puts them, if nobody could see the difference; else itself.

    For pictures only: even slices are drawn several times faster. What is measured keeps the true positions.
    """
    if bool(volume.gap_after.any()) or is_regular(volume):
        return volume
    even = volume.affine[:3, 3] + np.arange(len(volume.slice_origins_lps))[:, None] * volume.affine[:3, 2]
    distance = float(np.linalg.norm(volume.affine[:3, 2]))
    limit = min(_SEEN_SHARE * distance, _SEEN_MM)
    if float(np.linalg.norm(volume.slice_origins_lps - even, axis=1).max()) > limit:
        return volume
    found = replace(volume, slice_origins_lps=even)
    # Slices of a tilted gantry may be even and still lean.
    return found if is_regular(found) else volume


@dataclass(frozen=True, slots=True, eq=False)
class SliceTable:
    """The slices of an irregular volume: ``rows`` as the irregular kernels take them, and both half ends in mm."""

    rows: FloatArray
    ends: tuple[float, float]


def slice_table(volume: Volume) -> SliceTable:
    """Return position, displacement and gap of each slice."""
    along = positions_mm(volume)
    away = volume.slice_origins_lps - volume.slice_origins_lps[0]
    i_step, j_step = volume.affine[:3, 0], volume.affine[:3, 1]
    rows = np.zeros((len(along), 4))
    rows[:, 0] = along
    rows[:, 1] = away @ i_step / float(i_step @ i_step)
    rows[:, 2] = away @ j_step / float(j_step @ j_step)
    rows[: len(volume.gap_after), 3] = volume.gap_after
    nominal = abs(float(volume.affine[:3, 2] @ slice_normal(volume)))
    steps = np.where(volume.gap_after[: len(along) - 1], nominal, np.diff(along)) if len(along) > 1 else [nominal]
    return SliceTable(rows, (float(steps[0]) / 2, float(steps[-1]) / 2))


def irregular_frame(volume: Volume) -> FloatArray:
    """Return the affine of (column, row, mm along the normal) from the first slice, whatever the other slices do."""
    affine = np.array(volume.affine)
    affine[:3, 2] = slice_normal(volume)
    affine[:3, 3] = volume.slice_origins_lps[0]
    return affine


def slice_plane(volume: Volume, k: int) -> ImagePlane:
    """Return slice ``k`` as a picture whose pixels are its voxels."""
    spacing = float(np.linalg.norm(volume.affine[:3, 0]))
    aspect = float(np.linalg.norm(volume.affine[:3, 1])) / spacing
    origin = as_vector(volume.slice_origins_lps[k])
    height, width = volume.voxels.shape[1], volume.voxels.shape[2]
    return ImagePlane(origin, row_direction(volume), column_direction(volume), spacing, width, height, aspect)


def acquired_orientation(volume: Volume) -> Orientation:
    """Return how the slices themselves are turned."""
    return Orientation(row_direction(volume), column_direction(volume))


def corners_lps(volume: Volume) -> FloatArray:
    """Return the outer corners of the first and last slice as they truly lie, shape (8, 3)."""
    k, j, i = volume.voxels.shape[:3]
    table = slice_table(volume)
    normal = slice_normal(volume)
    flat = np.array(volume.affine)
    found = []
    for index, beyond in ((0, -table.ends[0]), (k - 1, table.ends[1])):
        flat[:3, 3] = volume.slice_origins_lps[index] + normal * beyond
        flat[:3, 2] = 0.0
        found.append(box_corners_lps(flat, (1, j, i))[::2])
    return np.concatenate(found)


def middle_of(volume: Volume) -> Vector3:
    """Return the middle of the box about a volume, LPS mm."""
    corners = corners_lps(volume)
    return as_vector((corners.min(axis=0) + corners.max(axis=0)) / 2)


def lacks_slices(volume: Volume, first_mm: float, last_mm: float) -> bool:
    """Whether slices are missing anywhere between two places along the normal, mm from the first slice."""
    along = positions_mm(volume)
    before, after = along[:-1][volume.gap_after], along[1:][volume.gap_after]
    return bool(((before < last_mm) & (after > first_mm)).any())


def nearest_slice(volume: Volume, point_lps: Vector3) -> int:
    """Return the index of the slice nearest to a point, along the normal."""
    position = float((np.array(point_lps) - volume.slice_origins_lps[0]) @ slice_normal(volume))
    return int(np.argmin(np.abs(positions_mm(volume) - position)))


def walk_of(plane: ImagePlane, affine: FloatArray, stray: float = 0.0) -> FloatArray:
    """Return the start, column step and row step of a picture in the index space of ``affine``, shape (3, 3).

    A picture that nowhere strays further than ``stray`` voxels from whole coordinates of one axis is laid on them.
    """
    linear = np.eye(4)
    linear[:3, :3] = affine[:3, :3]
    steps = lps_to_index(linear, np.array([plane.column_step_mm, plane.row_step_mm]))
    walk: FloatArray = np.vstack([lps_to_index(affine, np.array([plane.origin_lps])), steps])
    whole = np.rint(walk)
    off = np.abs(walk - whole)
    strays = off[0] + off[1] * plane.width + off[2] * plane.height
    # A picture laid on voxel centres must meet them exactly, not a rounding error beside them.
    return np.where((off < _WHOLE) | (strays < stray), whole, walk)


def regular_walk(volume: Volume, plane: ImagePlane) -> FloatArray:
    """Return the walk of a picture through a regular volume: on its voxel centres wherever the header means them."""
    return walk_of(plane, volume.affine, _ON_CENTRES)


def slices_of(volume: Volume, images: Iterable[tuple[InstanceUID, int]]) -> frozenset[int]:
    """Return the slices that images, given by instance and frame, are in a volume."""
    wanted = set(images)
    if not wanted:
        return frozenset()
    return frozenset(k for k, one in enumerate(volume.sources) if (one.instance, one.frame_index) in wanted)
