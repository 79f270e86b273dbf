"""How a volume is looked at in 3D: preset, camera, the part that is kept. Plain numbers, no VTK."""

from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from viewers.geometry.frame import FloatArray, Vector3, index_to_lps
from viewers.state.camera import VolumeCamera
from viewers.state.scene_grid import SceneGrid

# The thinnest part of a volume that a box may keep.
_THINNEST = 0.02


class Face(Enum):
    """A face of a clipping box: its axis (0 columns, 1 rows, 2 slices), and whether it is that of the higher index."""

    COLUMNS_LOW = (0, False)
    COLUMNS_HIGH = (0, True)
    ROWS_LOW = (1, False)
    ROWS_HIGH = (1, True)
    SLICES_LOW = (2, False)
    SLICES_HIGH = (2, True)


@dataclass(frozen=True, slots=True)
class ClippingBox:
    """The part of a volume that is shown, along its columns, rows and slices: 0 is one outer face, 1 the opposite."""

    low: Vector3 = (0.0, 0.0, 0.0)
    high: Vector3 = (1.0, 1.0, 1.0)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is cut off."""
        return self == ClippingBox()

    def at(self, face: Face) -> float:
        """Return where a face is."""
        axis, is_high = face.value
        return self.high[axis] if is_high else self.low[axis]

    def moved(self, face: Face, to: float) -> "ClippingBox":
        """Return the box with one face elsewhere, within the volume and never beyond the opposite face."""
        axis, is_high = face.value
        if is_high:
            return replace(self, high=_with(self.high, axis, min(1.0, max(to, self.low[axis] + _THINNEST))))
        return replace(self, low=_with(self.low, axis, max(0.0, min(to, self.high[axis] - _THINNEST))))

    def bounds_ijk(self, shape_kji: tuple[int, int, int]) -> tuple[tuple[float, float], ...]:
        """Return (low, high) along i, j, k in index coordinates; half a voxel beyond the outer centres when whole."""
        counts = shape_kji[::-1]
        return tuple(
            (low * count - 0.5, high * count - 0.5)
            for low, high, count in zip(self.low, self.high, counts, strict=True)
        )

    def corners_lps(self, grid: SceneGrid) -> FloatArray:
        """Return the eight corners, shape (8, 3); the bits 1, 2 and 4 of the number say high along i, j and k."""
        bounds = self.bounds_ijk(grid.shape_kji)
        places = [[bounds[axis][number >> axis & 1] for axis in range(3)] for number in range(8)]
        return index_to_lps(grid.affine, np.array(places))


@dataclass(frozen=True, slots=True)
class VolumeLook:
    """What the reader asks of a volume in 3D; ``preset`` empty is the one of the modality."""

    preset: str = ""
    camera: VolumeCamera = field(default_factory=VolumeCamera)
    box: ClippingBox = field(default_factory=ClippingBox)
    is_box_shown: bool = False
    is_shaded: bool = True


def _with(vector: Vector3, axis: int, value: float) -> Vector3:
    changed = list(vector)
    changed[axis] = value
    return (changed[0], changed[1], changed[2])
