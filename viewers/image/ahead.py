"""Slices put together while others are still coming, so that the volume is there with the last of them.

Where a slice belongs is known for sure only when all are there. Until then its number is believed: slices that are
numbered from 1 along their stack, in either direction, lie in their places already. Whether they do is looked at in
the end, slice by slice; where they do not, nothing but time is lost.
"""

import threading

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID
from viewers.image.description import FrameDescription
from viewers.image.grouping import normal_of
from viewers.image.memory import RESERVE_BYTES, free_memory_bytes
from viewers.image.plan import VolumePlan
from viewers.image.volume import VoxelArray

# Two slices tell the direction of their numbers.
_TELLING = 2


class SlicesAhead:
    """The slices of one series, in one array; what does not fit is left to the usual way. Thread safe."""

    def __init__(self) -> None:
        self._first: list[tuple[FrameDescription, NDArray[np.generic]]] = []
        self._voxels: VoxelArray | None = None
        self._lying: dict[int, InstanceUID] = {}
        self._step = 1
        self._is_over = False
        self._lock = threading.Lock()

    def put(self, frame: FrameDescription, pixels: NDArray[np.generic], count: int | None) -> None:
        """Put the stored values of a frame in its presumed place among ``count``, ``None`` before that is known."""
        with self._lock:
            if self._is_over:
                return
            self._first.append((frame, pixels))
            if self._voxels is None and len(self._first) == _TELLING:
                self._begin(count)
            if self._voxels is not None:
                for one in self._first:
                    self._place(self._voxels, *one)
                self._first.clear()

    def voxels_of(self, planned: VolumePlan) -> VoxelArray | None:
        """Return the voxels of a planned volume, if all its slices lie in their places; they are not written to again.

        Shape and type are those of the plan.
        """
        with self._lock:
            voxels = self._voxels
            if voxels is None or planned.reduction > 1 or planned.storage.is_modality_value:
                return None
            if voxels.shape != planned.shape or voxels.dtype != planned.storage.dtype:
                return None
            if any(self._lying.get(k) != frame.instance or frame.frame_index for k, frame in enumerate(planned.frames)):
                return None
            self._is_over = True
            return voxels

    def _begin(self, count: int | None) -> None:
        (one, _), (other, pixels) = self._first
        step = _direction(one, other)
        if not step or count is None or count < _TELLING or not _has_room(2 * pixels.nbytes * count):
            self._give_up()
            return
        try:
            self._voxels = np.empty((count, *pixels.shape), pixels.dtype)
        except MemoryError:
            self._give_up()
        self._step = step

    def _place(self, voxels: VoxelArray, frame: FrameDescription, pixels: NDArray[np.generic]) -> None:
        number = frame.instance_number
        k = -1 if number is None else number - 1 if self._step > 0 else len(voxels) - number
        fits = pixels.shape == voxels.shape[1:] and pixels.dtype == voxels.dtype
        if not fits or not 0 <= k < len(voxels) or k in self._lying:
            self._give_up()
            return
        voxels[k] = pixels
        self._lying[k] = frame.instance

    def _give_up(self) -> None:
        self._voxels, self._is_over = None, True
        self._first.clear()
        self._lying.clear()


def _has_room(size_bytes: int) -> bool:
    free = free_memory_bytes()
    return free is None or free > size_bytes + RESERVE_BYTES


def _direction(one: FrameDescription, other: FrameDescription) -> int:
    """Return 1 where numbers grow along the normal of two slices, -1 where they shrink, 0 where that is not told."""
    if one.geometry is None or other.geometry is None or one.instance_number is None or other.instance_number is None:
        return 0
    along = float(np.dot(np.subtract(other.geometry.position_lps, one.geometry.position_lps), normal_of(one)))
    return int(np.sign(along * (other.instance_number - one.instance_number)))
