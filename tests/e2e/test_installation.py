"""What is built from the repository is a complete program."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.command_line import REPOSITORY

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
_TIMEOUT_S = 600


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    # From a clone, so that nothing that is not in the repository can make it complete.
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{REPOSITORY}", str(source)], check=True)
    command = [sys.executable, "-m", "pip", "wheel", "-q", str(source), "--no-deps"]
    subprocess.run([*command, "-w", str(folder)], check=True, timeout=_TIMEOUT_S)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_module_and_every_resource(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "workstation", "viewers", "resources"],
        cwd=REPOSITORY, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert len(listed) > 500
    assert sorted(set(listed) - names) == []


def test_the_command_of_an_empty_environment_runs_the_whole_loop(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True, timeout=_TIMEOUT_S)
    scripts = venv / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", str(wheel)], check=True, timeout=_TIMEOUT_S)
    environment = {"PATH": str(scripts), "HOME": str(tmp_path), "REQUIS_HOME": str(tmp_path / "profile")}
    ran = subprocess.run(
        [str(scripts / "requis"), "demo", "--loop"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
