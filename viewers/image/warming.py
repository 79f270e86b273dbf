"""The compiled loops, compiled before the first picture asks for them."""

import numpy as np

from viewers.geometry.centreline import centreline
from viewers.geometry.plane import AXIAL, plane_about
from viewers.identifiers import SeriesUID
from viewers.image.coloured import layer_colours, sample_coloured
from viewers.image.curved import StraightGrid, sample_straightened
from viewers.image.description import SpacingSource, VoiFunction, Window
from viewers.image.quantity_kinds import Quantity
from viewers.image.reslice import sample_plane, sample_window
from viewers.image.sampling import Projection, Slab
from viewers.image.volume import GeometryPassport, Volume, VoxelArray

_SHAPE = (3, 3, 3)
_PLANE = plane_about((1.0, 1.0, 1.0), AXIAL, 1.0, 2, 2)
_WINDOW = Window(0.0, 100.0)
_SLAB = Slab(1.0, Projection.MAXIMUM)
_CURVE = ((1.0, 1.0, 0.0), (1.0, 1.0, 2.0))


def warm_up() -> None:
    """Compile the loops for the usual types of voxel. Takes seconds the first time, so call it on another thread."""
    blanks: tuple[VoxelArray, ...] = (
        np.zeros(_SHAPE, np.int16),
        np.zeros(_SHAPE, np.uint16),
        np.zeros(_SHAPE, np.float32),
    )
    line = centreline(_CURVE)
    for voxels in blanks:
        volume = _blank(voxels, False)
        for one in (volume, _blank(voxels, True)):
            sample_plane(one, _PLANE)
            sample_window(one, _PLANE, _WINDOW)
        sample_window(volume, _PLANE, _WINDOW, slab=_SLAB)
        if line is not None:
            sample_straightened(volume, line, StraightGrid(0.0, 0.0, 1.0, 2, 2))
    sample_coloured(_blank(blanks[0], False), _PLANE, _WINDOW, VoiFunction.LINEAR, layer_colours("grey", 0.5))


def _blank(voxels: VoxelArray, gap: bool) -> Volume:
    return Volume(
        series=SeriesUID(""),
        index=0,
        modality="",
        voxels=voxels,
        slope=1.0,
        intercept=0.0,
        quantity=Quantity("", "1"),
        affine=np.eye(4),
        is_spatial=True,
        slice_origins_lps=np.array([(0.0, 0.0, float(k)) for k in range(_SHAPE[0])]),
        gap_after=np.array([gap, False]),
        sources=(),
        passport=GeometryPassport(None, _SHAPE, (1.0, 1.0, 1.0), SpacingSource.NONE, 0.0, ()),
        photometric="MONOCHROME2",
    )
