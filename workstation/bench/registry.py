"""The benchmarks, one line each. The contract tests and the words of the table take a new one up by themselves."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from workstation.bench import decode, hub, opening, start, store, viewers
from workstation.bench.errors import NoRoomToMeasure
from workstation.bench.measure import FULL, Findings, Run, Size

_PREFIX = "bench-"
# The largest benchmark writes the series five times over, beside two large databases.
_ROOM_BYTES = 3 << 30


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark and the names of all that it may find.

    ``is_prefixed``: in the document the name of the benchmark stands before those of its measures and figures.
    """

    run: Run
    measures: tuple[str, ...]
    figures: tuple[str, ...] = ()
    is_prefixed: bool = True

    def told_as(self, name: str, found: str) -> str:
        """Return how a measure or figure of this benchmark, called ``name``, is named in the document."""
        return f"{name}.{found}" if self.is_prefixed else found


_STORE = ("write", "write_durable", "read", "range", "series", "commit")
_CATALOGUE = ("page", "study", "patient", "page_growth", "study_growth", "patient_growth", "open")
_STORE_FIGURES = ("write_mb_per_s", "read_mb_per_s", "commits_per_s", "bytes_per_study", "plain_bytes_per_study")

BENCHMARKS: Final[Mapping[str, Benchmark]] = MappingProxyType(
    {
        "store": Benchmark(store.run, (*_STORE, *(f"catalogue_{one}" for one in _CATALOGUE)), _STORE_FIGURES),
        "viewers": Benchmark(viewers.run, viewers.MEASURES, viewers.FIGURES, is_prefixed=False),
        "decode": Benchmark(decode.run, decode.MEASURES, decode.FIGURES),
        "open": Benchmark(opening.run, ("series",), ("voxels_mb", "memory_mb")),
        "start": Benchmark(start.run, ("version", "queue")),
        "hub": Benchmark(hub.run, hub.measures(), hub.figures()),
    }
)


def measure(name: str, disk: Path, size: Size = FULL) -> Findings:
    """Run one benchmark on synthetic data, in a folder on ``disk`` that is gone afterwards; one at a time.

    What an earlier run left because it was killed is removed first.

    Raises
    ------
    NoRoomToMeasure
        The disk is too full.
    """
    for left in disk.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    if size is FULL and shutil.disk_usage(disk).free < _ROOM_BYTES:
        raise NoRoomToMeasure("disk too full", gigabytes=_ROOM_BYTES >> 30)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=disk) as folder:
        return BENCHMARKS[name].run(size, Path(folder))
