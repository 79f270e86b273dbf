"""The machine and the libraries that figures were taken with: nothing that names a machine, a person or a folder."""

import os
import platform
import shutil
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("numpy", "numba", "vtk", "PySide6-Essentials", "pydicom", "cryptography", "sqlcipher3", "requests")
_PROCESSORS = Path("/proc/cpuinfo")


def machine(disk: Path) -> Mapping[str, object]:
    """Return cores, processor, memory, room on the disk of ``disk``, system and versions."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "architecture": platform.machine(),
        "memory_bytes": _memory_bytes(),
        "disk_free_bytes": shutil.disk_usage(disk).free,
        "system": platform.system(),
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
    }


def _processor() -> str:
    if _PROCESSORS.exists():
        for line in _PROCESSORS.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, model = line.partition(":")
            if name.strip() == "model name":
                return model.strip()
    return platform.processor()


def _memory_bytes() -> int | None:
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" in names and "SC_PAGE_SIZE" in names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
