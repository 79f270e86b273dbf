"""The one door to numba: compiled on the first call, kept on disk where a folder can be written, typed as written."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile ``function`` without the interpreter lock; NaN keeps its meaning (no fast mathematics)."""
    try:
        kept: Callable[Arguments, Result] = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        # numba found no folder that it may write: compile again in each process rather than not at all.
        kept = numba.njit(nogil=True)(function)
    return kept
