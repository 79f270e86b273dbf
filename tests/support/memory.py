"""The resident memory of processes at its peak, as Linux tells it; elsewhere nothing is told and nothing rises."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

Process = str | int
OURS = "self"


def peak_bytes(process: Process) -> int:
    """Return the highest resident memory of a process so far; 0 where the system does not tell."""
    status = Path(f"/proc/{process}/status")
    if sys.platform != "linux" or not status.exists():
        return 0
    lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


@dataclass
class Rise:
    """By how much the peak of each process rose within a block."""

    bytes: dict[Process, int] = field(default_factory=dict)

    @property
    def most(self) -> int:
        return max(self.bytes.values())


@contextmanager
def rise_of(processes: Sequence[Process]) -> Iterator[Rise]:
    """Measure the peaks of processes that live through the block, above what they hold at its start.

    What a test itself needs large it makes, and lets go of, before.
    """
    before = {one: _begun_anew(one) for one in processes}
    rise = Rise()
    yield rise
    rise.bytes = {one: peak_bytes(one) - held for one, held in before.items()}


def _begun_anew(process: Process) -> int:
    """Let the peak of a process begin at what it holds now, and return that."""
    if sys.platform == "linux":
        Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")
    return peak_bytes(process)
