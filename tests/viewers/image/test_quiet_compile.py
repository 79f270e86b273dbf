"""The compiler is loaded late, and works where no folder can be written."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numba
import pytest

from viewers.image.compiled import compiled

_REPOSITORY = Path(__file__).parents[3]


def test_the_compiler_is_not_loaded_with_the_modules_that_use_it() -> None:
    modules = "viewers.state.resolve, viewers.image.reslice, viewers.image.assemble"
    code = f"import sys, {modules}; print('numba' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], cwd=_REPOSITORY, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_loops_are_compiled_even_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[..., object] = numba.njit

    def without_folder(*functions: object, **options: bool) -> object:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return original(*functions, **options)

    monkeypatch.setattr(numba, "njit", without_folder)
    assert compiled(_double)(4) == 8


def _double(number: int) -> int:
    return 2 * number
