"""A volume as an even grid of values from 0 to 1, sampled where its slices truly lie: tilted, uneven or gapped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import Vector3, added, as_vector, scaled
from viewers.geometry.plane import ImagePlane
from viewers.image.reslice import sample_valid
from viewers.image.slices import positions_mm, slice_normal, slice_plane
from viewers.image.volume import Volume
from workstation.registration.errors import NotRegistrable, RegistrationCancelled

# As fine as it pays for: beyond it a motion is not found more exactly, only more slowly.
_ACROSS = 192.0
_LEAST_MM = 1.0
_LEAST_SLICES = 8
_CT_HU = (-1000.0, 400.0)
_PERCENTILES = (0.5, 99.5)


@dataclass(frozen=True, slots=True, eq=False)
class VolumeGrid:
    """``values`` has shape (k, j, i), float32, NaN where the volume has none; ``spacing_mm`` is (i, j, k).

    ``directions`` are the unit vectors, LPS, along which i, j and k grow.
    """

    values: NDArray[np.float32]
    spacing_mm: Vector3
    origin_lps: Vector3
    directions: tuple[Vector3, Vector3, Vector3]


def grid_of(volume: Volume, is_cancelled: Callable[[], bool] = lambda: False) -> VolumeGrid:
    """Return the grid of a volume, along its own slices.

    Raises
    ------
    NotRegistrable
        It has no place in the patient, is in colour, or has too few slices to be found back in three directions.
    RegistrationCancelled
        While it was sampled.
    """
    if not volume.is_spatial or volume.voxels.ndim != 3 or volume.voxels.shape[0] < _LEAST_SLICES:
        raise NotRegistrable("no grey volume of several slices in space")
    first, normal, along = slice_plane(volume, 0), as_vector(slice_normal(volume)), positions_mm(volume)
    extent = (first.width * first.spacing_mm, first.height * first.spacing_mm * first.aspect, float(along[-1]))
    mm = max(_LEAST_MM, max(extent) / _ACROSS)
    steps = (max(mm, first.spacing_mm), max(mm, float(along[-1]) / (len(along) - 1)))
    plane = replace(
        first, spacing_mm=steps[0], aspect=1.0, width=_count(extent[0], steps[0]), height=_count(extent[1], steps[0])
    )
    values = _sampled(volume, plane, np.arange(0.0, along[-1] + steps[1] / 100, steps[1]), is_cancelled)
    directions = (first.row_direction, first.column_direction, normal)
    return VolumeGrid(_scaled(values, volume), (steps[0], *steps), first.origin_lps, directions)


def _count(extent_mm: float, step_mm: float) -> int:
    return max(1, int(extent_mm / step_mm))


def _sampled(
    volume: Volume,
    plane: ImagePlane,
    positions: Sequence[float] | NDArray[np.float64],
    is_cancelled: Callable[[], bool],
) -> NDArray[np.float32]:
    values = np.empty((len(positions), plane.height, plane.width), dtype=np.float32)
    normal = as_vector(slice_normal(volume))
    for k, position in enumerate(positions):
        if is_cancelled():
            raise RegistrationCancelled("while sampling")
        values[k] = sample_valid(volume, replace(plane, origin_lps=added(plane.origin_lps, scaled(normal, position))))
    return values


def _scaled(values: NDArray[np.float32], volume: Volume) -> NDArray[np.float32]:
    """Return the values from 0 to 1: of CT from air to bone, of others without their extremes."""
    if volume.modality == "CT":
        low, high = _CT_HU
    else:
        known = values[np.isfinite(values)]
        if not known.size:
            raise NotRegistrable("no values")
        low, high = (float(value) for value in np.percentile(known, _PERCENTILES))
    span = max(high - low, 1e-6)
    scaled_values: NDArray[np.float32] = np.clip((values - np.float32(low)) / np.float32(span), 0.0, 1.0)
    return scaled_values
