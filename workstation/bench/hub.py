"""One series from a hub: until its first image, in memory, encrypted on the disk; beside curl and another client.

The same over a slow link, where the beginning is of the same series and the whole is of a tenth of its slices.
"""

from dataclasses import replace
from pathlib import Path
from statistics import median

from workstation.bench.hub_pulls import (
    COARSE_SLICES,
    COPIES,
    Pulled,
    begun,
    name_hub,
    pulled,
    pulled_by_a_process,
    send,
)
from workstation.bench.made_up_profile import made_up_profile
from workstation.bench.made_up_series import MadeUpSeries, made_up_series
from workstation.bench.measure import Findings, Pair, Size, have_memory
from workstation.bench.orthanc import orthanc_binary, serving_orthanc
from workstation.bench.plain_fetch import by_dicomweb_client, first_part, has_dicomweb_client, plain_fetch
from workstation.bench.programs import serving
from workstation.bench.shaped_link import ShapedLink
from workstation.config import Profile

HUBS = ("embedded", "orthanc")
STAGES = ("first_image", "in_memory", "stored", "process")
SLOW_STAGES = ("slow_first_image", "slow_coarse", "slow_in_memory", "slow_stored", "slow_process")
OTHER_CLIENT = "dicomweb_client"
FIGURES = ("cpu_s", "process_cpu_s", "slow_first_image_s", "slow_coarse_s")
_ROUNDS = 3  # each takes seconds
_SLOW_PART = 10


def run(size: Size, folder: Path) -> Findings:
    """Measure the embedded hub, and Orthanc where it is installed."""
    found: list[Findings] = []
    with serving(made_up_profile(folder), folder / "hub") as url:
        found.append(_of_hub("embedded", url, size, folder / "embedded"))
    binary = orthanc_binary()
    if binary is not None:
        with serving_orthanc(binary, folder / "orthanc-hub") as url:
            found.append(_of_hub("orthanc", url, size, folder / "orthanc"))
    pairs = tuple(pair for one in found for pair in one.pairs)
    return Findings(pairs, {name: value for one in found for name, value in one.figures.items()})


def _of_hub(hub: str, url: str, size: Size, folder: Path) -> Findings:
    series, profile = made_up_series(size), made_up_profile(folder)
    short = made_up_series(replace(size, slices=max(size.slices // _SLOW_PART, 1)))
    name_hub(profile, url)
    send(profile, series)
    send(profile, short)
    near, cpu_s, process_cpu_s = _near(profile, url, series, min(_ROUNDS, size.rounds))
    slow, first_s, coarse_s = _slow(url, series, short, made_up_profile(folder / "slow"))
    figures = dict(zip(FIGURES, (cpu_s, process_cpu_s, first_s, coarse_s), strict=True))
    return Findings(
        tuple(replace(pair, name=f"{hub}_{pair.name}") for pair in (*near, *slow)),
        {f"{hub}_{name}": value for name, value in figures.items()},
    )


def _near(profile: Profile, url: str, series: MadeUpSeries, rounds: int) -> tuple[tuple[Pair, ...], float, float]:
    """Return the pairs, and the CPU seconds within this process and of a whole process; both are taken in turns."""
    address, whole = _address(url, series), sum(len(part10) for _, part10 in series.part10s)
    other = by_dicomweb_client(url, series) if has_dicomweb_client() else None
    ours: list[tuple[Pulled, float, float]] = []
    theirs: list[tuple[float, float, float]] = []
    # The first round warms everything up and is not counted; a single one tells nothing anyway.
    for _ in range(rounds + (rounds > 1)):
        begin_s, stream_s = first_part(address, _one(series)), plain_fetch(address, whole)
        have_memory(COPIES * whole)
        theirs.append((begin_s, stream_s, other() if other else 0.0))
        have_memory(COPIES * whole)
        near = pulled(profile, series)
        ours.append((near, *pulled_by_a_process(profile, series)))
    counted = slice(1 if rounds > 1 else 0, None)
    ours, theirs = ours[counted], theirs[counted]
    begins, streams, others = (median(times) for times in zip(*theirs, strict=True))
    in_memory_s = median(one.in_memory_s for one, _, _ in ours)
    pairs = [
        Pair("first_image", median(one.first_image_s for one, _, _ in ours), begins),
        Pair("in_memory", in_memory_s, streams),
        Pair("stored", median(one.stored_s for one, _, _ in ours), streams),
        Pair("process", median(process_s for _, process_s, _ in ours), streams),
    ]
    if other:
        pairs.append(Pair(OTHER_CLIENT, in_memory_s, others))
    return tuple(pairs), median(one.cpu_s for one, _, _ in ours), median(cpu_s for _, _, cpu_s in ours)


def _slow(
    url: str, series: MadeUpSeries, short: MadeUpSeries, profile: Profile
) -> tuple[tuple[Pair, ...], float, float]:
    """Return the pairs over the slow link, and the seconds until the first image and a coarse stack; one round."""
    with ShapedLink(url) as link:
        name_hub(profile, link.url)
        few = min(COARSE_SLICES, len(series.part10s))
        begins_s, several_s = (first_part(_address(link.url, series), count * _one(series)) for count in (1, few))
        first_s, coarse_s = begun(profile, series)
        whole_s = plain_fetch(_address(link.url, short), sum(len(part10) for _, part10 in short.part10s))
        ours = pulled(profile, short, is_checked=True)
        process_s, _ = pulled_by_a_process(profile, short)
    taken = (first_s, coarse_s, ours.in_memory_s, ours.stored_s, process_s)
    references = (begins_s, several_s, whole_s, whole_s, whole_s)
    return tuple(map(Pair, SLOW_STAGES, taken, references)), first_s, coarse_s


def _address(url: str, series: MadeUpSeries) -> str:
    return f"{url}/studies/{series.study}/series/{series.series}"


def _one(series: MadeUpSeries) -> int:
    return len(series.part10s[0][1])


def measures() -> tuple[str, ...]:
    """Return the names of all that may be found."""
    return tuple(f"{hub}_{stage}" for hub in HUBS for stage in (*STAGES, OTHER_CLIENT, *SLOW_STAGES))


def figures() -> tuple[str, ...]:
    """Return the names of all figures that may be found."""
    return tuple(f"{hub}_{name}" for hub in HUBS for name in FIGURES)
