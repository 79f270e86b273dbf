"""How a volume is sampled: interpolation, and the projection of a slab."""

from dataclasses import dataclass
from enum import StrEnum


class Interpolation(StrEnum):
    """How values between voxel centres are made."""

    LINEAR = "linear"
    NEAREST = "nearest"


class Projection(StrEnum):
    """What one pixel shows of the thickness of a slab."""

    MAXIMUM = "mip"
    MINIMUM = "minip"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Slab:
    """A thick plane: from half of ``thickness_mm`` before the plane to half of it behind."""

    thickness_mm: float
    projection: Projection
