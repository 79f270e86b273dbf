"""Opening a series again: from the encrypted store to a volume, beside plain files read into one array; and memory."""

import os
import sys
from pathlib import Path

import numpy as np

from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.volume import Volume
from workstation.app.core import open_core
from workstation.bench.made_up_profile import made_up_profile
from workstation.bench.made_up_series import MadeUpSeries, hold, made_up_series
from workstation.bench.measure import Findings, Size, paired
from workstation.bench.programs import python
from workstation.config import profile_from_environment

_MEGABYTE = 1e6
_KILOBYTE = 1024
_PROCESSES = Path("/proc")
_IN_A_PROCESS = "from workstation.bench.opening import print_memory; print_memory()"


def run(size: Size, folder: Path) -> Findings:
    """Measure the opening of a whole series, and the memory of a fresh process that has it open."""
    profile, series = made_up_profile(folder), made_up_series(size)
    files = _plain_files(series, folder / "plain")
    with open_core(profile, None) as core:
        hold(series, core.store.catalogue, core.store.objects, core.decoder)

        def reopen() -> tuple[Volume, ...]:
            core.images.forget()
            return core.images.volumes(series.study, series.series)

        (volume,) = reopen()
        opened = paired("series", reopen, lambda: _read(files, volume), size.rounds)
        voxels_mb = volume.voxels.nbytes / _MEGABYTE
    memory = python(profile, _IN_A_PROCESS, series.study, series.series)
    told = {"memory_mb": float(memory)} if float(memory) else {}
    return Findings((opened,), {"voxels_mb": voxels_mb, **told})


def print_memory() -> None:
    """Open a series of the environment's profile and print the memory of this process and its workers, MB.

    0 where the system does not tell.
    """
    study, series = sys.argv[1:]
    with open_core(profile_from_environment(), None) as core:
        volumes = core.images.volumes(StudyUID(study), SeriesUID(series))
        used = sum(_proportional_bytes(process) for process in _family()) / _MEGABYTE
        sys.stdout.write(f"{used if volumes else 0.0}\n")


def _plain_files(series: MadeUpSeries, folder: Path) -> list[tuple[Path, int]]:
    """Write the objects as they are; return each file and where its pixels begin."""
    folder.mkdir()
    files = []
    for instance, part10 in series.part10s:
        path = folder / instance
        path.write_bytes(part10)
        files.append((path, len(part10) - series.pixel_bytes))
    return files


def _read(files: list[tuple[Path, int]], like: Volume) -> None:
    voxels = np.empty_like(like.voxels)
    for k, (path, offset) in enumerate(files):
        voxels[k] = np.fromfile(path, dtype=voxels.dtype, offset=offset).reshape(voxels.shape[1:])


def _family() -> list[Path]:
    """Return this process and its children, as the system lists them; none where it does not."""
    own = _PROCESSES / str(os.getpid())
    children = own / "task" / own.name / "children"
    if not children.exists():
        return []
    threads = own.glob("task/*/children")
    return [own, *(_PROCESSES / child for thread in threads for child in thread.read_text(encoding="ascii").split())]


def _proportional_bytes(process: Path) -> int:
    """Return the memory of a process; what several share is divided among them."""
    for line in (process / "smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * _KILOBYTE
    return 0
