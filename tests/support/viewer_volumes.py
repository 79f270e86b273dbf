"""Volumes with known answers for the viewer tests."""

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import FloatArray, index_to_lps
from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.description import SpacingSource, Window
from viewers.image.quantity_kinds import Quantity
from viewers.image.volume import GeometryPassport, SliceSource, Volume

SPACE = FrameOfReferenceUID("1.2.826.0.1.3680043.10.1")
SERIES = SeriesUID("1.2.826.0.1.3680043.10.2")
HU = Quantity("HU", "[hnsf'U]")


def spatial_volume(
    voxels: NDArray[np.int16],
    affine: FloatArray,
    padding: tuple[int, int] | None = None,
    lossy: bool = False,
    expected: int | None = None,
) -> Volume:
    """A CT whose voxels are HU, ``voxels`` [k, j, i] placed by ``affine``."""
    count = voxels.shape[0]
    steps = np.linalg.norm(affine[:3, :3], axis=0)
    origins = index_to_lps(affine, np.array([(0, 0, k) for k in range(count)]))
    passport = GeometryPassport(
        frame_of_reference=SPACE,
        shape_kji=(voxels.shape[0], voxels.shape[1], voxels.shape[2]),
        spacing_kji_mm=(float(steps[2]), float(steps[1]), float(steps[0])),
        spacing_source=SpacingSource.PIXEL_SPACING,
        tilt_degrees=0.0,
        findings=(),
    )
    return Volume(
        series=SERIES,
        index=0,
        modality="CT",
        voxels=voxels,
        slope=1.0,
        intercept=0.0,
        quantity=HU,
        affine=affine,
        is_spatial=True,
        slice_origins_lps=origins,
        gap_after=np.zeros(count - 1, dtype=np.bool_),
        sources=tuple(SliceSource(InstanceUID(f"{SERIES}.{k + 1}"), 0) for k in range(count)),
        passport=passport,
        photometric="MONOCHROME2",
        padding_range=padding,
        windows=(Window(40.0, 400.0),),
        lossy=lossy,
        expected_slices=expected,
    )


def flat_volume(pixels: NDArray[np.int16], spacing: tuple[float, float] | None) -> Volume:
    """A radiograph without patient space; ``spacing`` is (between rows, between columns) in mm, or unknown."""
    shape = (1, pixels.shape[0], pixels.shape[1])
    passport = GeometryPassport(
        frame_of_reference=None,
        shape_kji=shape,
        spacing_kji_mm=None if spacing is None else (1.0, *spacing),
        spacing_source=SpacingSource.NONE if spacing is None else SpacingSource.IMAGER,
        tilt_degrees=0.0,
        findings=(),
    )
    return Volume(
        series=SERIES,
        index=0,
        modality="DX",
        voxels=pixels.reshape(shape),
        slope=1.0,
        intercept=0.0,
        quantity=Quantity("1", "1"),
        affine=np.eye(4),
        is_spatial=False,
        slice_origins_lps=np.zeros((1, 3)),
        gap_after=np.zeros(0, dtype=np.bool_),
        sources=(SliceSource(InstanceUID(f"{SERIES}.1"), 0),),
        passport=passport,
        photometric="MONOCHROME2",
        windows=(Window(500.0, 1000.0),),
    )


def oblique_affine() -> FloatArray:
    """Axes turned about two axes, spacing 0.7 × 0.9 × 2.5 mm, away from the origin."""
    about_z = np.array([[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, 0.96, -0.28], [0.0, 0.28, 0.96]])
    affine = np.eye(4)
    affine[:3, :3] = about_z @ about_x @ np.diag([0.7, 0.9, 2.5])
    affine[:3, 3] = (-120.0, -80.0, 400.0)
    return affine


def straight_affine(spacing_ijk: tuple[float, float, float] = (0.8, 0.8, 2.0)) -> FloatArray:
    """An axial volume along the axes of the patient."""
    affine = np.diag([*spacing_ijk, 1.0])
    affine[:3, 3] = (-50.0, -60.0, -30.0)
    return affine


def ramp(shape_kji: tuple[int, int, int], per_ijk: tuple[int, int, int]) -> NDArray[np.int16]:
    """Voxels whose value is a linear function of the index: 0 at the first voxel."""
    k, j, i = np.indices(shape_kji)
    return (per_ijk[0] * i + per_ijk[1] * j + per_ijk[2] * k).astype(np.int16)
