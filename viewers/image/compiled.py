"""The one door to numba: compiled on the first call, kept on disk where a folder can be written, typed as written."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numba

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile ``function`` without the interpreter lock; NaN keeps its meaning (no fast mathematics)."""
    return _kept(function, {"nogil": True})


def compiled_part(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile ``function`` to be called from compiled functions alone: half of the compiler's time is spared.

    Division is that of the processor: by zero it gives infinity or NaN.
    """
    return _kept(
        function, {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
    )


def _kept(function: Callable[Arguments, Result], options: dict[str, Any]) -> Callable[Arguments, Result]:
    try:
        kept: Callable[Arguments, Result] = numba.njit(cache=True, **options)(function)
    except RuntimeError:
        # numba found no folder that it may write: compile again in each process rather than not at all.
        kept = numba.njit(**options)(function)
    return kept
