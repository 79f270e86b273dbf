"""A French keyboard on a real display: the row of digits gives digits without Shift."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.xserver import virtual_display

pytestmark = [pytest.mark.display]
ROOT = Path(__file__).resolve().parents[4]


def test_each_key_of_the_row_shows_the_window_of_its_digit() -> None:
    with virtual_display() as display:
        done = subprocess.run(
            [sys.executable, "-m", "tests.workstation.shell.keys.azerty_script"],
            cwd=ROOT,
            env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    shown = json.loads(done.stdout)
    assert {code: shown[str(code)] for code in range(11, 19)} == {
        11: [40.0, 400.0], 12: [-600.0, 1500.0], 13: [400.0, 2000.0], 14: [40.0, 80.0],
        15: [40.0, 40.0], 16: [90.0, 150.0], 17: [50.0, 400.0], 18: [200.0, 600.0],
    }  # fmt: skip
    assert shown["10"] == [40.0, 400.0]
    assert shown["19"] not in ([40.0, 400.0], [200.0, 600.0])
