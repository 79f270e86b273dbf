"""What a worker takes from itself before it meets received bytes, as far as the operating system lets it."""

import mmap
import signal
import sys
from pathlib import Path


def confine() -> None:
    """Give up core dumps, which would hold patient data, and the writing of files."""
    if sys.platform == "win32":
        return
    import resource

    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))


def cap_memory(beyond_present_bytes: int) -> None:
    """Let the address space grow by so much from now on, and no further; only Linux keeps this promise."""
    if sys.platform != "linux":
        return
    import resource

    ceiling = _address_space_bytes() + beyond_present_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))


def set_alarm(seconds: float) -> None:
    """Have the system end this process after so long: holds even when the workstation that would kill it is gone."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _address_space_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * mmap.PAGESIZE
