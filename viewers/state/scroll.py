"""Going through a volume: how far one notch of the wheel moves a plane, and which slice that is."""

import math
from dataclasses import replace

import numpy as np

from viewers.geometry.frame import Vector3, added, as_vector, scaled
from viewers.geometry.plane import ImagePlane
from viewers.image.slices import corners_lps
from viewers.image.volume import Volume
from viewers.state.view_state import ViewKind, ViewState


def step_mm(volume: Volume, normal: Vector3) -> float:
    """Return the distance along ``normal`` from one plane of voxels to the next, of those it crosses most often."""
    per_mm = np.linalg.inv(volume.affine[:3, :3]) @ np.array(normal)
    return 1.0 / float(np.abs(per_mm).max())


def slices_through(volume: Volume, normal: Vector3) -> int:
    """Return how many steps along ``normal`` the volume is thick."""
    extent = float(np.ptp(corners_lps(volume) @ np.array(normal)))
    return max(1, round(extent / step_mm(volume, normal)))


def slice_of_plane(volume: Volume, plane: ImagePlane) -> int:
    """Return which of the steps, from 0, the plane lies in, limited to the volume."""
    along = corners_lps(volume) @ np.array(plane.normal)
    position = float(np.array(plane.origin_lps) @ np.array(plane.normal))
    index = math.floor((position - float(along.min())) / step_mm(volume, plane.normal))
    return min(max(index, 0), slices_through(volume, plane.normal) - 1)


def scrolled(state: ViewState, volume: Volume, notches: int) -> ViewState:
    """Return the state ``notches`` slices or steps further, never outside the volume."""
    if state.kind is ViewKind.STACK:
        last = volume.voxels.shape[0] - 1
        return replace(state, slice_index=min(max(state.slice_index + notches, 0), last))
    corners = corners_lps(volume)
    normal = state.orientation.normal
    middle = as_vector((corners.min(axis=0) + corners.max(axis=0)) / 2)
    start = state.centre_lps or middle
    along = corners @ np.array(normal)
    step = step_mm(volume, normal)
    position = float(np.array(start) @ np.array(normal))
    wanted = min(max(position + notches * step, float(along.min()) + step / 2), float(along.max()) - step / 2)
    return replace(state, centre_lps=added(start, scaled(normal, wanted - position)))
