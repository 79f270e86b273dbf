"""Look-up tables: modality, VOI and presentation. Source: PS3.3 C.11.1.1, C.11.2.1.1, C.11.4.1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LookupTable:
    """Outputs by whole input, from ``first`` on; inputs outside take the first or the last output.

    ``words`` are the outputs as 16-bit little endian words; they range over 0 to 2 ** ``bits`` - 1.
    """

    first: int
    bits: int
    words: bytes

    @property
    def entries(self) -> NDArray[np.uint16]:
        """The outputs, shape (n,)."""
        return np.frombuffer(self.words, "<u2")

    @property
    def highest(self) -> int:
        """The largest output that may be."""
        return (1 << self.bits) - 1

    def outputs(self, inputs: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the output of each input, any shape; NaN stays NaN."""
        unknown = np.isnan(inputs)
        nearest = np.floor(np.where(unknown, self.first, inputs) + 0.5) - self.first
        index = np.clip(nearest, 0, len(self.words) // 2 - 1).astype(np.int64)
        found: NDArray[np.float64] = self.entries[index].astype(np.float64)
        found[unknown] = np.nan
        return found
