"""Window and workers are there before the heavy libraries are loaded: each comes with the first act that needs it."""

import subprocess
import sys

import pytest

from tests.house.tree import ROOT

HEAVY = ("vtkmodules", "fpdf", "highdicom", "pyhanko", "numba", "pypdfium2")
STARTED_FIRST = (
    "workstation.shell.main_window", "workstation.shell.queue_page", "workstation.cli.main",
    "workstation.decoding.worker",
)  # fmt: skip


@pytest.mark.parametrize("module", STARTED_FIRST)
def test_nothing_heavy_is_loaded_with_what_the_reader_sees_first(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert module.split(".")[0] in loaded
    assert loaded & set(HEAVY) == set()
