"""Volumes that do not fit in memory, made smaller so that they can be read all the same, and called reduced for ever.

Slices with a place in the patient keep their number and their place: pixels are joined in squares and get their mean,
so that no slice and no lesion between slices is left out. Frames without a place are measured in their own pixels,
which must not change: there every n-th frame is kept.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewers.image.errors import VolumeTooLarge
from viewers.image.memory import RESERVE_BYTES
from viewers.image.plan import VolumePlan
from viewers.image.volume import FindingKind, GeometryFinding

# Beyond a quarter of the resolution a picture would no longer be worth reading.
_FACTORS = (1, 2, 3, 4)


def fitted(plans: Sequence[VolumePlan], free_bytes: int | None) -> tuple[VolumePlan, ...]:
    """Return the plans as they are, or reduced as little as makes them fit; ``None`` is unknown and fits.

    Raises
    ------
    VolumeTooLarge
        Even a quarter of the resolution and a reserve need more than ``free_bytes``.
    """
    for factor in _FACTORS:
        smaller = tuple(reduced(planned, factor) for planned in plans)
        if free_bytes is None or sum(planned.size_bytes for planned in smaller) + RESERVE_BYTES <= free_bytes:
            return smaller
    raise VolumeTooLarge.of(sum(planned.size_bytes for planned in plans), free_bytes or 0)


def reduced(planned: VolumePlan, factor: int) -> VolumePlan:
    """Return the plan of the same volume with a ``factor`` times coarser matrix, or every ``factor``-th frame."""
    if factor == 1:
        return planned
    return _coarser(planned, factor) if planned.is_spatial else _thinned(planned, factor)


def _coarser(planned: VolumePlan, factor: int) -> VolumePlan:
    k, rows, columns, *colour = planned.shape
    shape = (k, -(-rows // factor), -(-columns // factor), *colour)
    # The centre of the first square lies half a square, less half a pixel, from the first pixel.
    offset = (planned.affine[:3, 0] + planned.affine[:3, 1]) * (factor - 1) / 2
    affine = np.array(planned.affine)
    affine[:3, :2] *= factor
    affine[:3, 3] += offset
    passport = planned.passport
    spacing = passport.spacing_kji_mm
    return replace(
        planned,
        shape=shape,
        affine=affine,
        slice_origins_lps=planned.slice_origins_lps + offset,
        frames=tuple(
            replace(frame, shutter=frame.shutter and frame.shutter.thinned(factor)) for frame in planned.frames
        ),
        passport=replace(
            passport,
            shape_kji=(shape[0], shape[1], shape[2]),
            spacing_kji_mm=None if spacing is None else (spacing[0], spacing[1] * factor, spacing[2] * factor),
            findings=(*passport.findings, GeometryFinding(FindingKind.REDUCED, value=float(factor))),
        ),
        reduction=factor,
    )


def _thinned(planned: VolumePlan, factor: int) -> VolumePlan:
    frames = planned.frames[::factor]
    left_out = len(planned.frames) - len(frames)
    if not left_out:
        return planned
    passport = planned.passport
    finding = GeometryFinding(FindingKind.REDUCED, value=float(factor), count=left_out)
    return replace(
        planned,
        frames=frames,
        shape=(len(frames), *planned.shape[1:]),
        slice_origins_lps=np.array([(0.0, 0.0, float(k)) for k in range(len(frames))]),
        gap_after=np.zeros(len(frames) - 1, dtype=np.bool_),
        slice_windows=planned.slice_windows[::factor],
        passport=replace(
            passport,
            shape_kji=(len(frames), passport.shape_kji[1], passport.shape_kji[2]),
            findings=(*passport.findings, finding),
        ),
        reduction=factor,
    )


def joined(pixels: NDArray[np.generic], factor: int, padding: tuple[int, int] | None) -> NDArray[np.generic]:
    """Return the mean of each square of ``factor`` pixels, in the type of ``pixels``; a square with padding is padding.

    A last row or column that is not whole is filled with its own edge.
    """
    rows, columns = pixels.shape[:2]
    beyond = ((0, -rows % factor), (0, -columns % factor), *((0, 0),) * (pixels.ndim - 2))
    whole = np.pad(pixels, beyond, mode="edge")
    shape = (whole.shape[0] // factor, factor, whole.shape[1] // factor, factor, *whole.shape[2:])
    squares = whole.reshape(shape)
    means = squares.mean(axis=(1, 3), dtype=np.float64)
    if np.issubdtype(pixels.dtype, np.integer):
        means = np.rint(means)
    if padding is not None:
        is_padding = ((squares >= padding[0]) & (squares <= padding[1])).any(axis=(1, 3))
        means = np.where(is_padding, padding[0], means)
    of_one_type: NDArray[np.generic] = means.astype(pixels.dtype)
    return of_one_type
