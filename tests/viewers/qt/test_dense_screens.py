"""The geometry on screens of 1.25, 1.5 and 2 device pixels to a logical one: each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.qt


SLOW = pytest.mark.slow
_TESTS = Path(__file__).with_name("dense_geometry.py")


@pytest.mark.parametrize(
    ("ratio", "only"),
    [("1.5", "stack"), *(pytest.param(ratio, "", marks=SLOW) for ratio in ("1.25", "1.5", "2"))],
)
def test_everything_lies_where_it_should_on_a_dense_screen(ratio: str, only: str) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(_TESTS), "-k", only],
        env={**os.environ, "QT_SCALE_FACTOR": ratio, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-3000:]
