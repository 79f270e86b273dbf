"""How much memory may still be taken. A volume that does not fit is refused before it makes the machine swap."""

import os
from pathlib import Path

# Left to the system and to the rest of the program.
RESERVE_BYTES = 256 * 1024 * 1024

_MEMINFO = Path("/proc/meminfo")
_CONTAINER = Path("/sys/fs/cgroup")


def free_memory_bytes() -> int | None:
    """Return the memory that can be taken without swapping, ``None`` where the system does not tell."""
    limits = [left for left in (_free_in_system(), left_in_container(_CONTAINER)) if left is not None]
    return min(limits, default=None)


def left_in_container(folder: Path) -> int | None:
    """Return what a container may still take, ``None`` without a limit: the system tells of the whole machine."""
    try:
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        cached = _cached_bytes((folder / "memory.stat").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return max(0, int(limit) - max(0, used - cached)) if limit.isdigit() else None


def _cached_bytes(statistics: str) -> int:
    """Return what is held of files only, which the system lets go of when it is needed."""
    found = dict(line.split() for line in statistics.splitlines() if line.count(" ") == 1)
    return int(found.get("active_file", 0)) + int(found.get("inactive_file", 0))


def _free_in_system() -> int | None:
    if _MEMINFO.exists():
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return int(rest.split()[0]) * 1024
    names = getattr(os, "sysconf_names", {})
    if "SC_AVPHYS_PAGES" in names and "SC_PAGE_SIZE" in names:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None
