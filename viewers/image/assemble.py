"""Frames with their pixels to volumes. Every frame received is in exactly one volume, or counted as refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID
from viewers.image.description import FrameDescription
from viewers.image.errors import PixelsUnexpected, VolumeTooLarge
from viewers.image.memory import RESERVE_BYTES, free_memory_bytes
from viewers.image.plan import VolumePlan, padding_of, plan
from viewers.image.volume import FindingKind, GeometryFinding, Volume, VoxelArray

__all__ = ["Pixels", "allocate", "as_volume", "assemble", "fill_slice", "plan"]

Pixels = Mapping[tuple[InstanceUID, int], NDArray[np.generic]]


def assemble(frames: Sequence[FrameDescription], pixels: Pixels, expected: int | None = None) -> tuple[Volume, ...]:
    """Return the volumes of one series.

    ``pixels`` holds stored values by instance and frame index, shape (rows, columns) or (rows, columns, 3); a frame
    without them was refused by the decoder and is counted in a finding. ``expected`` is the number of frames that the
    series should have, where it is known.

    Raises
    ------
    VolumeTooLarge
        There is not enough memory; nothing was allocated.
    PixelsUnexpected
        An array is not what its description says.
    """
    decoded = [frame for frame in frames if (frame.instance, frame.frame_index) in pixels]
    plans = plan(decoded)
    check_memory(plans, free_memory_bytes())
    missing = max(0, (expected if expected is not None else 0) - len(decoded), len(frames) - len(decoded))
    volumes: list[Volume] = []
    for planned in plans:
        voxels = allocate(planned)
        for k, frame in enumerate(planned.frames):
            fill_slice(planned, voxels, k, pixels[frame.instance, frame.frame_index])
        # With several volumes nobody knows which one the missing frames belong to: none is called complete.
        known = expected is not None or missing > 0
        volume = as_volume(planned, voxels, len(planned.frames) + missing if known else None)
        volumes.append(_with_refused(volume, len(frames) - len(decoded)))
    return tuple(volumes)


def check_memory(plans: Sequence[VolumePlan], free_bytes: int | None) -> None:
    """Refuse what does not fit.

    Raises
    ------
    VolumeTooLarge
        The volumes and a reserve need more than ``free_bytes``; ``None`` is unknown and passes.
    """
    needed = sum(planned.size_bytes for planned in plans)
    if free_bytes is not None and needed + RESERVE_BYTES > free_bytes:
        raise VolumeTooLarge.of(needed, free_bytes)


def allocate(planned: VolumePlan) -> VoxelArray:
    """Return the voxels of a volume, all zero, to be filled slice by slice."""
    voxels: VoxelArray = np.zeros(planned.shape, dtype=planned.storage.dtype)
    return voxels


def fill_slice(planned: VolumePlan, voxels: VoxelArray, k: int, pixels: NDArray[np.generic]) -> None:
    """Put the stored values of the frame of slice ``k`` in their place.

    Raises
    ------
    PixelsUnexpected
        Another shape than described, or a value that the announced bits cannot hold.
    """
    if pixels.shape != planned.shape[1:]:
        raise PixelsUnexpected(f"frame of shape {pixels.shape} for {planned.shape[1:]}")
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
        compression=planned.compression,
        alternatives=planned.alternatives,
    )


def _with_refused(volume: Volume, count: int) -> Volume:
    if count == 0:
        return volume
    finding = GeometryFinding(FindingKind.REFUSED, count=count)
    passport = replace(volume.passport, findings=(*volume.passport.findings, finding))
    return replace(volume, passport=passport)
