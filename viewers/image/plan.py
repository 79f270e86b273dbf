"""What volumes a set of frames will give, before any pixel is there: so slices may be filled in as they arrive."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import FloatArray
from viewers.identifiers import SeriesUID
from viewers.image.acquisition import Acquisition
from viewers.image.compression import Compression
from viewers.image.conversion import alternatives_of, converted
from viewers.image.description import FrameDescription, SpacingSource, VoiFunction, Window
from viewers.image.findings import group_findings, placeless_finding, stacking_findings
from viewers.image.grouping import Frames, Group, group, has_spacing, normal_of
from viewers.image.lookup import LookupTable
from viewers.image.quantity import NO_UNIT, quantity_of
from viewers.image.quantity_kinds import Alternatives, Quantity
from viewers.image.shutter import Shutter
from viewers.image.spacing import Stacking, stacking
from viewers.image.timing import FrameTiming
from viewers.image.volume import (
    Affine,
    GeometryPassport,
    SliceSource,
)

# The integer types that voxels may have, narrowest first. Twelve bits without sign fit in int16 as well.
_INTEGER_TYPES = (np.dtype(np.uint8), np.dtype(np.int16), np.dtype(np.uint16), np.dtype(np.int32))
_FLOAT = np.dtype(np.float32)


@dataclass(frozen=True, slots=True)
class Storage:
    """How voxels are kept: exactly, in the narrowest type that one rescale serves, else as modality values."""

    dtype: np.dtype[np.generic]
    slope: float
    intercept: float
    is_modality_value: bool
    padding_range: tuple[int, int] | None


@dataclass(frozen=True, slots=True, eq=False)
class VolumePlan:
    """One volume to be filled: its frames in slice order, where they lie and how their voxels will be kept.

    ``shape`` is (k, j, i), or (k, j, i, 3) in colour. ``reduction`` is how many times coarser it is than received. The
    other fields are those of ``Volume``.
    """

    series: SeriesUID
    index: int
    frames: Frames
    shape: tuple[int, ...]
    storage: Storage
    quantity: Quantity
    affine: Affine
    is_spatial: bool
    slice_origins_lps: FloatArray
    gap_after: NDArray[np.bool_]
    passport: GeometryPassport
    voi_function: VoiFunction
    windows: tuple[Window, ...]
    slice_windows: tuple[tuple[Window, ...], ...]
    alternatives: Alternatives
    reduction: int = 1

    @property
    def size_bytes(self) -> int:
        """Memory that the voxels take."""
        return int(np.prod(self.shape, dtype=np.int64)) * self.storage.dtype.itemsize

    @property
    def sources(self) -> tuple[SliceSource, ...]:
        """Which frame each slice comes from."""
        return tuple(SliceSource(frame.instance, frame.frame_index) for frame in self.frames)

    @property
    def acquisitions(self) -> tuple[Acquisition, ...]:
        """How each slice was acquired."""
        return tuple(frame.acquisition for frame in self.frames)

    @property
    def inverted(self) -> bool:
        """Whether low values are shown white; a PET is read so whatever it asks for.

        Source: PS3.3 C.7.6.3.1.2, C.11.6.
        """
        first = self.frames[0]
        return first.format.photometric == "MONOCHROME1" or first.inverse_shape or first.modality == "PT"

    @property
    def is_lossy(self) -> bool:
        """Whether any frame has lost something to compression."""
        return any(frame.lossy for frame in self.frames)

    @property
    def compression(self) -> Compression:
        """What is known of the losses of all frames together."""
        return Compression.of(frame.compression for frame in self.frames)

    @property
    def presentation(self) -> LookupTable | None:
        """The table that comes after the window."""
        return self.frames[0].presentation

    @property
    def timings(self) -> tuple[FrameTiming | None, ...]:
        """How long each slice is shown when it is played; empty where the sender says of none."""
        found = tuple(frame.timing for frame in self.frames)
        return found if any(found) else ()

    @property
    def shutters(self) -> tuple[Shutter | None, ...]:
        """What covers each slice; empty where none has any."""
        found = tuple(frame.shutter for frame in self.frames)
        return found if any(found) else ()


def plan(frames: Sequence[FrameDescription]) -> tuple[VolumePlan, ...]:
    """Return the volumes that ``frames`` of one series give; each frame is in exactly one of them.

    Slices are ordered by position along the normal, whatever their number; frames without a place by number.

    Source: PS3.3 C.7.6.2.
    """
    groups = group(frames)
    return tuple(_plan_of(found, index, len(groups)) for index, found in enumerate(groups))


def _plan_of(received: Group, index: int, count: int) -> VolumePlan:
    base = _common_quantity(received.frames)
    found = replace(received, frames=converted(received.frames))
    first = found.frames[0]
    findings = list(group_findings(found, count))
    if found.is_spatial:
        origins = np.array([frame.geometry.position_lps for frame in found.frames if frame.geometry is not None])
        piled = stacking(origins, np.array(normal_of(first)), first.thickness_mm)
        affine, gap_after, tilt = _spatial_affine(first, piled), piled.gap_after, piled.tilt_degrees
        spacing = _spacing_kji(first, float(piled.step_mm @ np.array(normal_of(first))))
        findings += stacking_findings(piled, first.thickness_mm)
    else:
        origins = np.array([(0.0, 0.0, float(k)) for k in range(len(found.frames))])
        affine, gap_after, tilt = np.eye(4), np.zeros(len(found.frames) - 1, dtype=np.bool_), 0.0
        spacing = _spacing_kji(first, first.thickness_mm or 0.0)
        findings.append(placeless_finding(found.frames))
    shape = _shape(found.frames)
    passport = GeometryPassport(
        first.frame_of_reference,
        (shape[0], shape[1], shape[2]),
        spacing,
        first.spacing_source if spacing is not None or first.regions else SpacingSource.NONE,
        tilt,
        tuple(findings),
        found.apart,
        first.pixel_aspect if spacing is None else spacing[1] / spacing[2],
        first.calibration,
    )
    windows = tuple(frame.windows for frame in found.frames)
    quantity = _common_quantity(found.frames)
    return VolumePlan(
        series=first.series,
        index=index,
        frames=found.frames,
        shape=shape,
        storage=storage_of(found.frames),
        quantity=quantity,
        affine=affine,
        is_spatial=found.is_spatial,
        slice_origins_lps=origins,
        gap_after=gap_after,
        passport=passport,
        voi_function=first.voi_function,
        windows=windows[len(windows) // 2],
        slice_windows=windows,
        alternatives=alternatives_of(received.frames, quantity, base),
    )


def _shape(frames: Frames) -> tuple[int, ...]:
    shape = frames[0].format
    colour = (3,) if is_colour(frames[0]) else ()
    return (len(frames), shape.rows, shape.columns, *colour)


def is_colour(frame: FrameDescription) -> bool:
    """Whether the decoded frame has three samples; a palette is applied by the decoder."""
    return frame.format.samples == 3 or frame.format.photometric == "PALETTE COLOR"


def _spatial_affine(frame: FrameDescription, piled: Stacking) -> Affine:
    if frame.geometry is None:
        raise ValueError("a spatial frame has a place")
    affine = np.eye(4)
    affine[:3, 0] = np.array(frame.geometry.row_direction) * (frame.column_spacing_mm or 1.0)
    affine[:3, 1] = np.array(frame.geometry.column_direction) * (frame.row_spacing_mm or 1.0)
    affine[:3, 2] = piled.step_mm
    affine[:3, 3] = frame.geometry.position_lps
    return affine


def _spacing_kji(frame: FrameDescription, slice_spacing_mm: float) -> tuple[float, float, float] | None:
    if not has_spacing(frame):
        return None
    return (slice_spacing_mm, frame.row_spacing_mm or 0.0, frame.column_spacing_mm or 0.0)


def storage_of(frames: Frames) -> Storage:
    """Return the narrowest way to keep the voxels without changing one value."""
    if is_colour(frames[0]):
        bits = max(frame.format.bits_allocated for frame in frames)
        if bits > 16:
            return Storage(_FLOAT, 1.0, 0.0, True, None)
        wide = bits > 8
        return Storage(np.dtype(np.uint16 if wide else np.uint8), 1.0, 0.0, False, None)
    rescales = {(frame.rescale_slope, frame.rescale_intercept) for frame in frames}
    paddings = {padding_of(frame) for frame in frames}
    dtype = _integer_type(frames)
    has_table = any(frame.modality_table is not None for frame in frames)
    if has_table or len(rescales) > 1 or len(paddings) > 1 or dtype is None:
        return Storage(_FLOAT, 1.0, 0.0, True, None)
    slope, intercept = next(iter(rescales))
    return Storage(dtype, slope, intercept, False, next(iter(paddings)))


def _integer_type(frames: Frames) -> np.dtype[np.generic] | None:
    low, high = 0, 0
    for frame in frames:
        bits = frame.format.bits_stored
        low = min(low, -(1 << (bits - 1)) if frame.format.signed else 0)
        high = max(high, (1 << (bits - 1)) - 1 if frame.format.signed else (1 << bits) - 1)
    for dtype in _INTEGER_TYPES:
        limits = np.iinfo(dtype)
        if limits.min <= low and high <= limits.max:
            return dtype
    return None


def padding_of(frame: FrameDescription) -> tuple[int, int] | None:
    """Return the range of stored values that is padding. Source: PS3.3 C.7.5.1.1.2."""
    if frame.padding_value is None:
        return None
    other = frame.padding_value if frame.padding_limit is None else frame.padding_limit
    return (min(frame.padding_value, other), max(frame.padding_value, other))


def _common_quantity(frames: Frames) -> Quantity:
    quantities = {quantity_of(frame) for frame in frames}
    return quantities.pop() if len(quantities) == 1 else NO_UNIT
