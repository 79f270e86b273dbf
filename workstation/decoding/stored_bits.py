"""Whether stored values have bits besides those that are stored; looked at on both sides of the pipe."""

import numpy as np
from numpy.typing import NDArray


def is_within(values: NDArray[np.generic], bounds: tuple[int, int] | None) -> bool:
    """Whether all values lie within ``bounds``; always without any. Others have bits besides those that are stored."""
    return bounds is None or values.size == 0 or bool(bounds[0] <= values.min() and values.max() <= bounds[1])
