"""Programs of this installation as processes of their own: what a reader waits for begins before our first line."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import workstation
from workstation.bench.errors import MeasureFailed
from workstation.config import HOME_VARIABLE, PASSPHRASE_VARIABLE, Profile

_REQUIS = (sys.executable, "-m", "workstation")
_TIMEOUT_S = 300.0
_STOP_S = 20.0


def environment(profile: Profile) -> Mapping[str, str]:
    """Return the environment of a process that works on ``profile``."""
    here = str(Path(workstation.__file__).parents[1])
    paths = os.pathsep.join(path for path in (here, os.environ.get("PYTHONPATH", "")) if path)
    passphrase = {PASSPHRASE_VARIABLE: str(profile.passphrase_file)} if profile.passphrase_file else {}
    # What has a window has it off-screen, unless somebody wants to see it.
    screen = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    return {**os.environ, "PYTHONPATH": paths, HOME_VARIABLE: str(profile.home), **screen, **passphrase}


def requis(profile: Profile, *arguments: str) -> str:
    """Run one command of Requis to its end and return what it printed."""
    return _run((*_REQUIS, *arguments), profile)


def python(profile: Profile, code: str, *arguments: str, timeout_s: float = _TIMEOUT_S) -> str:
    """Run a line of Python in a fresh interpreter and return what it printed."""
    return _run((sys.executable, "-c", code, *arguments), profile, timeout_s)


@contextmanager
def serving(profile: Profile, data: Path) -> Iterator[str]:
    """Run ``requis hub serve`` for the time of a block, and give the address of its service."""
    command = (*_REQUIS, "hub", "serve", "--port", "0", "--data", str(data), "--stop-with-input")
    process = subprocess.Popen(
        command, env=environment(profile), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        url = process.stdout.readline().strip() if process.stdout else ""
        if not url:
            raise MeasureFailed("the embedded hub did not start")
        yield url
    finally:
        process.communicate(timeout=_STOP_S)


def _run(command: tuple[str, ...], profile: Profile, timeout_s: float = _TIMEOUT_S) -> str:
    ended = subprocess.run(
        command, env=environment(profile), capture_output=True, text=True, timeout=timeout_s, check=False
    )
    if ended.returncode != 0:
        raise MeasureFailed(f"a program to be measured ended with {ended.returncode}")
    return ended.stdout
