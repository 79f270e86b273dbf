"""One frame into its volume: room for all, values in their place, and the record over them."""

import numpy as np
from numpy.typing import NDArray

from viewers.image.description import FrameDescription
from viewers.image.errors import PixelsUnexpected, VolumeTooLarge
from viewers.image.plan import VolumePlan, padding_of
from viewers.image.reduction import joined
from viewers.image.volume import Volume, VoxelArray


def allocate(planned: VolumePlan) -> VoxelArray:
    """Return the voxels of a volume, all zero, to be filled slice by slice.

    Raises
    ------
    VolumeTooLarge
        The system has no room for it, though it was not known beforehand.
    """
    try:
        voxels: VoxelArray = np.zeros(planned.shape, dtype=planned.storage.dtype)
    except MemoryError as error:
        raise VolumeTooLarge.of(planned.size_bytes, 0) from error
    return voxels


def fill_slice(planned: VolumePlan, voxels: VoxelArray, k: int, pixels: NDArray[np.generic]) -> None:
    """Put the stored values of the frame of slice ``k`` in their place.

    Raises
    ------
    PixelsUnexpected
        Another shape than described, or a value that the announced bits cannot hold.
    """
    shape = planned.frames[k].format
    if pixels.shape[:2] != (shape.rows, shape.columns) or pixels.shape[2:] != planned.shape[3:]:
        raise PixelsUnexpected(f"frame of shape {pixels.shape} for {planned.shape[1:]}")
    if planned.reduction > 1 and planned.is_spatial:
        pixels = joined(pixels, planned.reduction, padding_of(planned.frames[k]))
    if planned.storage.is_modality_value:
        voxels[k] = _modality_values(planned.frames[k], pixels)
        return
    if pixels.dtype != voxels.dtype:
        limits = np.iinfo(planned.storage.dtype.name)
        if pixels.size and (int(pixels.min()) < limits.min or int(pixels.max()) > limits.max):
            raise PixelsUnexpected(f"values of {pixels.dtype} outside {voxels.dtype}")
    voxels[k] = pixels


def _modality_values(frame: FrameDescription, stored: NDArray[np.generic]) -> NDArray[np.float32]:
    """Return modality values of one frame; padding is NaN, since one range no longer marks it in the volume."""
    exact = np.asarray(stored, dtype=np.float64)
    if frame.modality_table is not None:
        values = frame.modality_table.outputs(exact).astype(np.float32)
    else:
        values = (exact * frame.rescale_slope + frame.rescale_intercept).astype(np.float32)
    padding = padding_of(frame)
    if padding is not None:
        values[(exact >= padding[0]) & (exact <= padding[1])] = np.nan
    return values


def as_volume(planned: VolumePlan, voxels: VoxelArray, expected: int | None = None) -> Volume:
    """Return the volume over ``voxels``, which it shows but cannot change; they may still be filled elsewhere."""
    shown: VoxelArray = voxels.view()
    shown.flags.writeable = False
    for array in (planned.affine, planned.slice_origins_lps, planned.gap_after):
        array.flags.writeable = False
    first = planned.frames[0]
    return Volume(
        series=planned.series,
        index=planned.index,
        modality=first.modality,
        voxels=shown,
        slope=planned.storage.slope,
        intercept=planned.storage.intercept,
        quantity=planned.quantity,
        affine=planned.affine,
        is_spatial=planned.is_spatial,
        slice_origins_lps=planned.slice_origins_lps,
        gap_after=planned.gap_after,
        sources=planned.sources,
        passport=planned.passport,
        photometric=first.format.photometric,
        padding_range=planned.storage.padding_range,
        windows=planned.windows,
        voi_function=planned.voi_function,
        inverted=planned.inverted,
        lossy=planned.is_lossy,
        expected_slices=expected,
        slice_windows=planned.slice_windows,
        slice_regions=tuple(frame.regions for frame in planned.frames),
        presentation=planned.presentation,
        shutters=planned.shutters,
        timings=planned.timings,
        compression=planned.compression,
        alternatives=planned.alternatives,
        acquisitions=planned.acquisitions,
    )
