"""The regular grid on which a volume is shown in 3D: its own where its slices are regular, else one laid over them."""

from dataclasses import dataclass

import numpy as np

from viewers.geometry.frame import FloatArray, as_vector
from viewers.geometry.plane import ImagePlane
from viewers.image.slices import column_direction, corners_lps, evened, is_regular, row_direction, slice_normal
from viewers.image.volume import Volume


@dataclass(frozen=True, slots=True, eq=False)
class SceneGrid:
    """``affine``, shape (4, 4), brings (i, j, k) to LPS mm; its axes are square to each other."""

    affine: FloatArray
    shape_kji: tuple[int, int, int]
    is_own: bool

    @property
    def spacing_ijk_mm(self) -> FloatArray:
        """The length of one step along each axis, shape (3,)."""
        return np.asarray(np.linalg.norm(self.affine[:3, :3], axis=0))

    def plane(self, k: float, steps: tuple[int, int]) -> ImagePlane:
        """Return slice ``k`` as a picture of every n-th row and column; ``steps`` are (j, i)."""
        j, i = steps
        across, down, _ = self.spacing_ijk_mm.tolist()
        axes = self.affine[:3, :3] / self.spacing_ijk_mm
        _, rows, columns = self.shape_kji
        return ImagePlane(
            as_vector(self.affine[:3, 3] + self.affine[:3, 2] * k),
            as_vector(axes[:, 0]),
            as_vector(axes[:, 1]),
            across * i,
            -(-columns // i),
            -(-rows // j),
            (down * j) / (across * i),
        )


def scene_grid(volume: Volume) -> SceneGrid:
    """Return the grid of a volume in patient space; slices that nobody sees to be uneven are on their own."""
    volume = evened(volume)
    shape = volume.voxels.shape
    if is_regular(volume):
        return SceneGrid(volume.affine, (shape[0], shape[1], shape[2]), is_own=True)
    across, down = np.linalg.norm(volume.affine[:3, 0]), np.linalg.norm(volume.affine[:3, 1])
    normal = slice_normal(volume)
    through = abs(float(volume.affine[:3, 2] @ normal))
    axes = np.array([row_direction(volume), column_direction(volume), as_vector(normal)])
    steps = np.array([float(across), float(down), through])
    along = corners_lps(volume) @ axes.T
    counts = np.maximum(1, np.rint(np.ptp(along, axis=0) / steps)).astype(int)
    affine = np.eye(4)
    affine[:3, :3] = axes.T * steps
    affine[:3, 3] = axes.T @ (along.min(axis=0) + steps / 2)
    return SceneGrid(affine, (int(counts[2]), int(counts[1]), int(counts[0])), is_own=False)
