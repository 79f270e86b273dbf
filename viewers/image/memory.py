"""How much memory may still be taken. A volume that does not fit is refused before it makes the machine swap."""

import os
from pathlib import Path

# Left to the system and to the rest of the program.
RESERVE_BYTES = 256 * 1024 * 1024

_MEMINFO = Path("/proc/meminfo")


def free_memory_bytes() -> int | None:
    """Return the memory that can be taken without swapping, ``None`` where the system does not tell."""
    if _MEMINFO.exists():
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return int(rest.split()[0]) * 1024
    names = getattr(os, "sysconf_names", {})
    if "SC_AVPHYS_PAGES" in names and "SC_PAGE_SIZE" in names:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None
