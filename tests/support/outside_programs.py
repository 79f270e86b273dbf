"""Programs that nobody here wrote; a test whose marker needs one that is absent is skipped by name."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

# Debian keeps servers where a plain user's PATH does not look.
SEARCHED = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"))
SOFTHSM_MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PROGRAMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "orthanc": ("Orthanc",),
        "validators": (
            "dciodvfy", "dcm2pdf", "dcmconv", "dcmp2pgm", "dcmpschk", "dcmsign", "dsrdump",
            "certutil", "pdffonts", "pdfimages", "pdfinfo", "pdfsig", "pdftotext",
        ),
        "softhsm": ("softhsm2-util", str(SOFTHSM_MODULE)),
        "compiler": ("cc",),
        "display": ("Xvfb", "xdotool"),
    }
)  # fmt: skip


def absent_programs(marker: str) -> tuple[str, ...]:
    """Return the programs that tests with this marker need and this machine lacks."""
    return tuple(name for name in PROGRAMS.get(marker, ()) if not _is_here(name))


def skip_without_programs(item: pytest.Item) -> None:
    """Skip a test when one of its markers needs a program that is not here."""
    for marker in item.iter_markers():
        if absent := absent_programs(marker.name):
            pytest.skip(f"{marker.name}: {', '.join(absent)} absent")


def _is_here(name: str) -> bool:
    library = Path(name)
    return library.exists() if library.is_absolute() else shutil.which(name, path=SEARCHED) is not None
