"""Overlays: graphics of one bit that a sender laid over an image. Source: PS3.3 C.9.2."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WHITE = 255
# The repeating groups. Source: PS3.5 7.6.
GROUPS = range(0x6000, 0x6020, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One overlay of one frame, on the matrix of the image; ``group`` is its repeating group, 0x6000 to 0x601E."""

    group: int
    rows: int
    columns: int
    packed: NDArray[np.uint8]

    @classmethod
    def of(cls, group: int, mask: NDArray[np.generic]) -> "Overlay":
        """Return the overlay of a mask, shape (rows, columns)."""
        return cls(group, mask.shape[0], mask.shape[1], np.packbits(mask != 0))

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Where it is set, shape (rows, columns)."""
        bits = np.unpackbits(self.packed, count=self.rows * self.columns)
        return bits.reshape(self.rows, self.columns).astype(np.bool_)
