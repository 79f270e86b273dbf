"""Programs that nobody here wrote; a test whose marker needs one that is absent is skipped by name."""

import os
import shutil
from collections.abc import Mapping
from types import MappingProxyType

import pytest

# Debian keeps servers where a plain user's PATH does not look.
SEARCHED = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"))
PROGRAMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "orthanc": ("Orthanc",),
        "validators": ("dciodvfy", "dcmconv", "dcmpschk", "dcmsign", "dsrdump", "certutil", "pdfsig", "pdftotext"),
        "softhsm": ("softhsm2-util",),
        "display": ("Xvfb", "xdotool"),
    }
)


def absent_programs(marker: str) -> tuple[str, ...]:
    """Return the programs that tests with this marker need and this machine lacks."""
    return tuple(name for name in PROGRAMS.get(marker, ()) if shutil.which(name, path=SEARCHED) is None)


def skip_without_programs(item: pytest.Item) -> None:
    """Skip a test when one of its markers needs a program that is not here."""
    for marker in item.iter_markers():
        if absent := absent_programs(marker.name):
            pytest.skip(f"{marker.name}: {', '.join(absent)} absent")
