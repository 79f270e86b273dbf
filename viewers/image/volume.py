"""Volumes and stacks: arrays whose place, quantity and irregularities are known."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.acquisition import Acquisition
from viewers.image.compression import Compression
from viewers.image.description import SpacingSource, VoiFunction, Window
from viewers.image.lookup import LookupTable
from viewers.image.overlay import Overlay
from viewers.image.quantity_kinds import Alternatives, Quantity
from viewers.image.regions import UltrasoundRegion
from viewers.image.shutter import Shutter
from viewers.image.timing import FrameTiming

VoxelArray = NDArray[np.int16] | NDArray[np.uint16] | NDArray[np.uint8] | NDArray[np.int32] | NDArray[np.float32]
Affine = NDArray[np.float64]


class FindingKind(StrEnum):
    """An irregularity that assembling met; each is told to the reader."""

    GAP = "gap"
    DUPLICATE = "duplicate"
    REPEAT = "repeat"
    TILT = "tilt"
    UNEVEN_SPACING = "uneven_spacing"
    SHIFTED = "shifted"
    SPLIT = "split"
    CONCATENATION = "concatenation"
    NO_GEOMETRY = "no_geometry"
    SKEWED = "skewed"
    OWN_SPACE = "own_space"
    SINGLE_SLICE = "single_slice"
    APART = "apart"
    MISSING_SPACING = "missing_spacing"
    LOSSY = "lossy"
    REFUSED = "refused"
    REDUCED = "reduced"


@dataclass(frozen=True, slots=True)
class GeometryFinding:
    """One irregularity; ``positions_mm`` are along the normal, from the first slice.

    ``DUPLICATE`` names the positions at which further frames came; those are in volumes of their own, which have
    ``REPEAT``. ``value`` is degrees for ``TILT``, how many times coarser for ``REDUCED``, the highest ratio that
    is stated for ``LOSSY``, else mm: across a ``GAP``, between slices for ``APART``, or the largest deviation.
    """

    kind: FindingKind
    positions_mm: tuple[float, ...] = ()
    value: float | None = None
    count: int = 0


class Treatment(StrEnum):
    """What assembling did to obtain a volume."""

    ORDERED_BY_POSITION = "ordered_by_position"
    ORDERED_BY_NUMBER = "ordered_by_number"
    SPLIT = "split"
    REPEATS_SET_APART = "repeats_set_apart"
    TILT_CORRECTED = "tilt_corrected"
    RESAMPLED_FROM_TRUE_POSITIONS = "resampled_from_true_positions"
    GAPS_LEFT_EMPTY = "gaps_left_empty"
    REDUCED = "reduced"


_TREATMENTS = {
    FindingKind.NO_GEOMETRY: Treatment.ORDERED_BY_NUMBER,
    FindingKind.SKEWED: Treatment.ORDERED_BY_NUMBER,
    FindingKind.SPLIT: Treatment.SPLIT,
    FindingKind.DUPLICATE: Treatment.REPEATS_SET_APART,
    FindingKind.REPEAT: Treatment.REPEATS_SET_APART,
    FindingKind.TILT: Treatment.TILT_CORRECTED,
    FindingKind.UNEVEN_SPACING: Treatment.RESAMPLED_FROM_TRUE_POSITIONS,
    FindingKind.SHIFTED: Treatment.RESAMPLED_FROM_TRUE_POSITIONS,
    FindingKind.GAP: Treatment.GAPS_LEFT_EMPTY,
    FindingKind.REDUCED: Treatment.REDUCED,
}


@dataclass(frozen=True, slots=True)
class GeometryPassport:
    """What a volume's geometry is and what was done to obtain it.

    ``pixel_aspect`` is the height of a pixel divided by its width; ``calibration`` describes, in the header's words,
    how the size of a pixel was found. ``split_by`` is what tells the volume from the others of its series, as
    (name, value): ``("b_value", "800")``.
    """

    frame_of_reference: FrameOfReferenceUID | None
    shape_kji: tuple[int, int, int]
    spacing_kji_mm: tuple[float, float, float] | None
    spacing_source: SpacingSource
    tilt_degrees: float
    findings: tuple[GeometryFinding, ...]
    split_by: tuple[tuple[str, str], ...] = ()
    pixel_aspect: float = 1.0
    calibration: str = ""

    def of(self, kind: FindingKind) -> tuple[GeometryFinding, ...]:
        """Return the findings of one kind."""
        return tuple(finding for finding in self.findings if finding.kind is kind)

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """What was done, in the order in which it was done."""
        done = {_TREATMENTS[finding.kind] for finding in self.findings if finding.kind in _TREATMENTS}
        if Treatment.ORDERED_BY_NUMBER not in done:
            done.add(Treatment.ORDERED_BY_POSITION)
        return tuple(treatment for treatment in Treatment if treatment in done)


@dataclass(frozen=True, slots=True)
class UserScale:
    """What the reader said of an image without a size: ``column_mm`` and ``row_mm`` between its columns and rows."""

    instance: InstanceUID
    column_mm: float
    row_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class SliceSource:
    """Which received frame slice ``k`` of a volume came from."""

    instance: InstanceUID
    frame_index: int


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """One volume, or one stack where ``is_spatial`` is false: voxels once, in the narrowest exact type.

    ``voxels`` has shape (k, j, i), or (k, j, i, 3) for colour; modality value = voxel × ``slope`` + ``intercept``
    (per volume; where slices differ the voxels are float32 modality values and slope is 1). ``affine`` is shape
    (4, 4), index (i, j, k, 1) to LPS mm. ``slice_origins_lps``, shape (n, 3), are the true centres of each slice's
    first pixel: where slices are uneven, tilted or missing they, not the affine, say where slice k is. ``gap_after[k]``
    is true where slices are missing between k and k + 1.

    ``shutters``, ``overlays`` and ``timings`` are by slice, empty where no slice has any; ``presentation`` comes after
    the window.
    ``alternatives`` are the other quantities that the values may be read in. ``acquisitions`` are by slice, empty of a
    volume that was not received.

    Raises nothing; it is a record. Arrays are made read-only by the assembler.
    """

    series: SeriesUID
    index: int
    modality: str
    voxels: VoxelArray
    slope: float
    intercept: float
    quantity: Quantity
    affine: Affine
    is_spatial: bool
    slice_origins_lps: NDArray[np.float64]
    gap_after: NDArray[np.bool_]
    sources: tuple[SliceSource, ...]
    passport: GeometryPassport
    photometric: str
    padding_range: tuple[int, int] | None = None
    windows: tuple[Window, ...] = ()
    voi_function: VoiFunction = VoiFunction.LINEAR
    inverted: bool = False
    lossy: bool = False
    expected_slices: int | None = None
    slice_windows: tuple[tuple[Window, ...], ...] = field(default=())
    slice_regions: tuple[tuple[UltrasoundRegion, ...], ...] = field(default=())
    user_scales: tuple[UserScale, ...] = field(default=())
    presentation: LookupTable | None = None
    shutters: tuple[Shutter | None, ...] = ()
    overlays: tuple[tuple[Overlay, ...], ...] = ()
    compression: Compression = field(default_factory=Compression)
    alternatives: Alternatives = field(default_factory=Alternatives)
    acquisitions: tuple[Acquisition, ...] = ()
    timings: tuple[FrameTiming | None, ...] = ()

    @property
    def frame_of_reference(self) -> FrameOfReferenceUID | None:
        """The space the volume lies in."""
        return self.passport.frame_of_reference

    @property
    def is_reduced(self) -> bool:
        """Whether it is coarser than what was received, because that did not fit in memory."""
        return bool(self.passport.of(FindingKind.REDUCED))

    @property
    def is_complete(self) -> bool:
        """Whether every slice that was expected is present."""
        return self.expected_slices is None or self.expected_slices == len(self.sources)
