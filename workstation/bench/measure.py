"""A measure and its reference, taken in turns in one run, so that a busy machine slows both alike."""

import mmap
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np

Act = Callable[[], object]
Stages = Callable[[], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: CT slices of ``side`` × ``side``, a small and a large catalogue, commits, rounds."""

    rounds: int
    slices: int
    side: int
    few_studies: int
    many_studies: int
    commits: int


FULL = Size(rounds=5, slices=400, side=512, few_studies=1_000, many_studies=100_000, commits=100)
# For the tests that keep the benchmarks alive: every step is done, nothing is to be learned from the figures.
TINY = Size(rounds=1, slices=3, side=64, few_studies=6, many_studies=24, commits=2)


@dataclass(frozen=True, slots=True)
class Pair:
    """One measure: seconds of Requis and of its reference, each the median of the rounds."""

    name: str
    requis_s: float
    reference_s: float

    @property
    def ratio(self) -> float:
        """The time of Requis ÷ that of the reference."""
        return self.requis_s / self.reference_s


@dataclass(frozen=True, slots=True)
class Findings:
    """What one benchmark found; figures have their unit in the name, such as ``read_mb_per_s``."""

    pairs: tuple[Pair, ...]
    figures: Mapping[str, float] = field(default_factory=dict)


Run = Callable[[Size, Path], Findings]


def staged(names: Sequence[str], requis: Stages, reference: Stages, rounds: int) -> tuple[Pair, ...]:
    """Return the medians of acts that take their own times, one for each name, in turns, as ``paired`` does."""
    _warm(requis, reference, rounds)
    taken = [(requis(), reference()) for _ in range(rounds)]
    return tuple(
        Pair(name, median(ours[stage] for ours, _ in taken), median(theirs[stage] for _, theirs in taken))
        for stage, name in enumerate(names)
    )


def paired(name: str, requis: Act, reference: Act, rounds: int, steps: int = 1) -> Pair:
    """Return the medians of acts done in turns; of an act of several ``steps``, for one of them.

    A round before all others is not timed; a single round, which tells nothing anyway, has none before it.
    """
    _warm(requis, reference, rounds)
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        acts = ((requis, times[0]), (reference, times[1]))
        for act, taken in acts if number % 2 else reversed(acts):
            taken.append(seconds(act))
    return Pair(name, median(times[0]) / steps, median(times[1]) / steps)


def have_memory(size_bytes: int) -> None:
    """Make sure that the machine has so much memory at hand, and leave it free.

    What a virtual machine gave back to its host takes ten times as long to touch again, for whatever program comes
    first. That is no property of a program, and a workstation has its memory.
    """
    np.empty(size_bytes, np.uint8)[:: mmap.PAGESIZE] = 1


def _warm(requis: Act, reference: Act, rounds: int) -> None:
    if rounds > 1:
        reference()
        requis()


def seconds(act: Act) -> float:
    """Return how long an act takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
