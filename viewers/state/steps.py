"""How far apart the planes of a volume lie in any direction, and which of them a plane is."""

import math

import numpy as np

from viewers.geometry.frame import Vector3
from viewers.image.slices import corners_lps
from viewers.image.volume import Volume


def step_mm(volume: Volume, normal: Vector3) -> float:
    """Return the distance along ``normal`` from one plane of voxels to the next, of those it crosses most often."""
    per_mm = np.linalg.inv(volume.affine[:3, :3]) @ np.array(normal)
    return 1.0 / float(np.abs(per_mm).max())


def slices_through(volume: Volume, normal: Vector3) -> int:
    """Return how many steps along ``normal`` the volume is thick."""
    extent = float(np.ptp(corners_lps(volume) @ np.array(normal)))
    return max(1, round(extent / step_mm(volume, normal)))


def slice_of_plane(volume: Volume, point: Vector3, normal: Vector3) -> int:
    """Return in which step along ``normal``, from 0, the plane through ``point`` lies, limited to the volume."""
    along = corners_lps(volume) @ np.array(normal)
    position = float(np.array(point) @ np.array(normal))
    index = math.floor((position - float(along.min())) / step_mm(volume, normal))
    return min(max(index, 0), slices_through(volume, normal) - 1)
