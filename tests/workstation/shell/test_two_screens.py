"""The second window on a second monitor, and what becomes of it when the monitor is gone."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCREENS = [
    {"name": "left", "x": 0, "y": 0, "width": 1920, "height": 1080},
    {"name": "right", "x": 1920, "y": 0, "width": 2560, "height": 1440},
]


def test_it_opens_on_the_other_screen_and_comes_back_when_that_is_gone(tmp_path: Path) -> None:
    screens = [{**one, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1} for one in SCREENS]
    configuration = tmp_path / "screens.json"
    configuration.write_text(json.dumps({"screens": screens}))
    done = subprocess.run(
        [sys.executable, "-m", "tests.workstation.shell.two_screens_script"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={configuration}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == ["right", "right", "left", True]
