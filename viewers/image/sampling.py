"""How a volume is sampled: interpolation, and the projection of a slab."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Interpolation(StrEnum):
    """How values between voxel centres are made."""

    LINEAR = "linear"
    NEAREST = "nearest"


class Projection(StrEnum):
    """What one pixel shows of the thickness of a slab."""

    MAXIMUM = "mip"
    MINIMUM = "minip"
    MEAN = "mean"


# How the compiled loops name a projection.
PROJECTION_CODES: Mapping[Projection, int] = MappingProxyType(
    {Projection.MAXIMUM: 0, Projection.MINIMUM: 1, Projection.MEAN: 2}
)


@dataclass(frozen=True, slots=True)
class Slab:
    """A thick plane: from half of ``thickness_mm`` before the plane to half of it behind."""

    thickness_mm: float
    projection: Projection
