"""Ultrasound regions: each part of the picture has units of its own, and none of them is the picture's.

Source: PS3.3 C.8.5.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

Pixel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RulerUnit:
    """The unit along one axis: UCUM code, label for the reader, and ``factor`` from the stated unit to it."""

    ucum: str
    label: str
    factor: float = 1.0


MILLIMETRE = RulerUnit("mm", "mm", 10.0)
PIXEL = RulerUnit("{pixels}", "px")

# Physical units by their code; a region in none of them has no scale. Source: PS3.3 C.8.5.5.1.15.
_UNITS = MappingProxyType(
    {
        1: RulerUnit("%", "%"),
        2: RulerUnit("dB", "dB"),
        3: MILLIMETRE,
        4: RulerUnit("s", "s"),
        5: RulerUnit("Hz", "Hz"),
        6: RulerUnit("dB/s", "dB/s"),
        7: RulerUnit("cm/s", "cm/s"),
        8: RulerUnit("cm2", "cm²"),
        9: RulerUnit("cm2/s", "cm²/s"),
        10: RulerUnit("cm3", "cm³"),
        11: RulerUnit("cm3/s", "cm³/s"),
        12: RulerUnit("deg", "°"),
    }
)


def unit_of(code: int | None) -> RulerUnit | None:
    """Return the unit that a code stands for."""
    return None if code is None else _UNITS.get(code)


@dataclass(frozen=True, slots=True)
class UltrasoundRegion:
    """One region: its outer pixels, inclusive, and what a step of one pixel is along each axis.

    ``delta`` is in ``unit`` already multiplied by its factor and keeps its sign: spectral velocity grows upwards.
    """

    left: int
    top: int
    right: int
    bottom: int
    unit_x: RulerUnit | None
    unit_y: RulerUnit | None
    delta_x: float
    delta_y: float
    is_low_priority: bool = False

    def contains(self, pixel: Pixel) -> bool:
        """Whether a place in pixels, whole numbers at pixel centres, lies in the region."""
        x, y = pixel
        return self.left - 0.5 <= x <= self.right + 0.5 and self.top - 0.5 <= y <= self.bottom + 0.5


def region_at(regions: Sequence[UltrasoundRegion], pixel: Pixel) -> int | None:
    """Return the index of the region that a pixel belongs to; where several overlap, of the first of high priority.

    Source: PS3.3 C.8.5.5.1.3, bit 0 of the region flags.
    """
    found = [index for index, region in enumerate(regions) if region.contains(pixel)]
    return min(found, key=lambda index: (regions[index].is_low_priority, index)) if found else None
