"""Volumes and stacks: arrays whose place, quantity and irregularities are known."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.compression import Compression
from viewers.image.description import SpacingSource, VoiFunction, Window
from viewers.image.lookup import LookupTable
from viewers.image.overlay import Overlay
from viewers.image.quantity_kinds import Alternatives, Quantity
from viewers.image.shutter import Shutter

VoxelArray = NDArray[np.int16] | NDArray[np.uint16] | NDArray[np.uint8] | NDArray[np.int32] | NDArray[np.float32]
Affine = NDArray[np.float64]


class FindingKind(StrEnum):
    """An irregularity that assembling met; each is told to the reader."""

    GAP = "gap"
    DUPLICATE = "duplicate"
    TILT = "tilt"
    UNEVEN_SPACING = "uneven_spacing"
    SPLIT = "split"
    NO_GEOMETRY = "no_geometry"
    SINGLE_SLICE = "single_slice"
    MISSING_SPACING = "missing_spacing"
    LOSSY = "lossy"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class GeometryFinding:
    """One irregularity; ``positions_mm`` are along the normal, from the first slice."""

    kind: FindingKind
    positions_mm: tuple[float, ...] = ()
    value: float | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class GeometryPassport:
    """What a volume's geometry is and what was done to obtain it."""

    frame_of_reference: FrameOfReferenceUID | None
    shape_kji: tuple[int, int, int]
    spacing_kji_mm: tuple[float, float, float] | None
    spacing_source: SpacingSource
    tilt_degrees: float
    findings: tuple[GeometryFinding, ...]


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

    ``shutters`` and ``overlays`` are by slice, empty where no slice has any; ``presentation`` comes after the window.
    ``alternatives`` are the other quantities that the values may be read in.

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
    presentation: LookupTable | None = None
    shutters: tuple[Shutter | None, ...] = ()
    overlays: tuple[tuple[Overlay, ...], ...] = ()
    compression: Compression = field(default_factory=Compression)
    alternatives: Alternatives = field(default_factory=Alternatives)

    @property
    def frame_of_reference(self) -> FrameOfReferenceUID | None:
        """The space the volume lies in."""
        return self.passport.frame_of_reference

    @property
    def is_complete(self) -> bool:
        """Whether every slice that was expected is present."""
        return self.expected_slices is None or self.expected_slices == len(self.sources)
