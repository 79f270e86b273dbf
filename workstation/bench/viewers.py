"""Frames of viewports, from the change of state to windowed pixels, beside stock VTK; and the memory that they take."""

import json
from pathlib import Path
from statistics import median, quantiles

from workstation.bench import loading
from workstation.bench.made_up_profile import made_up_profile
from workstation.bench.measure import FULL, Findings, Pair, Size
from workstation.bench.programs import python

_FRAMES_PER_ROUND = 4
# One frame of the stock volume rendering takes many seconds where OpenGL is software.
_TIMEOUT_S = 900.0
_FEW_FRAMES = 2
_MANY_VIEWPORTS = 6
_MEGABYTE = 1e6
_VOXEL_BYTES = 2
# Qt is for other packages than this one; and a process of its own holds nothing but what is measured.
_VOLUME = """
import sys
from workstation.app import frame_times
from workstation.bench.made_up_volume import made_up_volume
from workstation.bench.measure import Size
slices, side, count, share = (float(one) for one in sys.argv[1:])
volume = made_up_volume(Size(1, int(slices), int(side), 1, 1, 1))
"""
_TIMES = _VOLUME + "frame_times.print_frame_times(volume, int(count), share)"
_MEMORY = _VOLUME + "frame_times.print_memory(volume, int(count), share)"

_SIZED = ("orthogonal", "oblique", "scroll", "window", "fusion")
MEASURES = (
    *(f"{name}_{size}" for name in _SIZED for size in ("424x642", "1024")),
    "slab20_512",
    "slab20_512_dragged",
    "volume_212x321",
)
MEMORY_FIGURES = ("memory_mb", "memory_of_six_mb")
FIGURES = (*(f"{name}_p95_ms" for name in MEASURES), "voxels_mb", *MEMORY_FIGURES, *loading.FIGURES)


def run(size: Size, folder: Path) -> Findings:
    """Measure frames on one volume, and the memory of a fresh process that shows it once and six times."""
    profile = made_up_profile(folder)
    share = str(size.side / FULL.side)
    volume = (str(size.slices), str(size.side))
    frames = size.rounds * _FRAMES_PER_ROUND if size.rounds > 1 else _FEW_FRAMES
    times = json.loads(python(profile, _TIMES, *volume, str(frames), share, timeout_s=_TIMEOUT_S))
    held = [float(python(profile, _MEMORY, *volume, str(count), share)) for count in (1, _MANY_VIEWPORTS)]
    pairs = tuple(Pair(name, median(times[name][0]), median(times[name][1])) for name in MEASURES)
    slowest = {f"{name}_p95_ms": quantiles(times[name][0], n=20, method="inclusive")[-1] * 1e3 for name in MEASURES}
    voxels_mb = size.slices * size.side * size.side * _VOXEL_BYTES / _MEGABYTE
    told = dict(zip(MEMORY_FIGURES, held, strict=True)) if all(held) else {}
    return Findings(pairs, {**slowest, "voxels_mb": voxels_mb, **told, **loading.stalls(size, folder)})
