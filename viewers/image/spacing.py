"""How the slices of one volume follow each other: even, uneven, tilted, with gaps."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import FloatArray

# Distances that differ by less than this share are one distance.
_SAME_SHARE = 0.02
# A distance this much larger than those around it means that a slice is missing.
_GAP_RATIO = 1.5
# This many equal distances in a row are a way of acquiring, not a loss; fewer are enough where slices touch.
_REGIME_RUN = 5
_TOUCHING_RUN = 3
_TOUCHING_SHARE = 1.1
# How many distances on each side say what is usual there.
_NEIGHBOURS = 5
# Deviation from even spacing that the reader is told about: a share of the spacing, and mm.
_UNEVEN_SHARE = 0.01
_UNEVEN_MM = 0.05
# Displacement within the plane that the reader is told about, mm.
_SHIFTED_MM = 0.05
# Angle from which a stack is called tilted. Source: Horos, MinimumTitledGantryTolerance.
_TILT_DEGREES = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """Slices are missing after slice ``after``; ``positions_mm`` is where they should be, from the first slice."""

    after: int
    distance_mm: float
    positions_mm: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stacking:
    """What the positions of slices in order tell: ``step_mm`` is the vector from one slice to the next, shape (3,)."""

    step_mm: FloatArray
    positions_mm: tuple[float, ...]
    gaps: tuple[Gap, ...]
    is_uneven: bool
    largest_deviation_mm: float
    tilt_degrees: float
    largest_shift_mm: float = 0.0

    @property
    def gap_after(self) -> NDArray[np.bool_]:
        """Whether slices are missing between k and k + 1, shape (n - 1,), at least (0,)."""
        flags = np.zeros(max(len(self.positions_mm) - 1, 0), dtype=np.bool_)
        flags[[gap.after for gap in self.gaps]] = True
        return flags

    @property
    def is_tilted(self) -> bool:
        """Whether the slices lean, so that a straight pile of them would be a wrong body."""
        return self.tilt_degrees > _TILT_DEGREES

    @property
    def is_shifted(self) -> bool:
        """Whether slices lie beside where the others say, within their own planes."""
        return self.largest_shift_mm > _SHIFTED_MM


def stacking(origins_lps: FloatArray, normal: FloatArray, thickness_mm: float | None) -> Stacking:
    """Read the stacking of at least one slice; ``origins_lps`` has shape (n, 3), ordered along ``normal``.

    ``thickness_mm`` is the nominal thickness; it stands for the distance where there is only one slice.
    """
    along = (origins_lps - origins_lps[0]) @ normal
    positions = tuple(float(position) for position in along)
    if len(along) == 1:
        return Stacking(normal * (thickness_mm or 1.0), positions, (), False, 0.0, 0.0)
    distances = np.diff(along)
    missing = _missing_after(distances, thickness_mm)
    present = np.array([not flag for flag in missing])
    gaps = tuple(_gap(after, along, _usual(distances, missing, after)) for after, flag in enumerate(missing) if flag)
    step, deviation = _step(origins_lps, normal, distances, present)
    spacing = float(step @ normal)
    uneven = deviation > max(_UNEVEN_MM, _UNEVEN_SHARE * spacing)
    leaning = float(np.linalg.norm(step - normal * spacing))
    tilt = math.degrees(math.atan2(leaning, spacing))
    return Stacking(step, positions, gaps, uneven, deviation, tilt, _shift_mm(origins_lps, normal))


def _shift_mm(origins_lps: FloatArray, normal: FloatArray) -> float:
    """Return how far, within its plane, a slice lies from the straight line through the first and the last one."""
    away = origins_lps - origins_lps[0]
    along = away @ normal
    across = away - along[:, None] * normal
    straight = along[:, None] * (across[-1] / along[-1])
    return float(np.linalg.norm(across - straight, axis=1).max())


def _step(
    origins_lps: FloatArray, normal: FloatArray, distances: FloatArray, present: NDArray[np.bool_]
) -> tuple[FloatArray, float]:
    """Return the usual step, and how far along the normal a true one is from it (the sum of them, without gaps)."""
    if bool(present.all()):
        step: FloatArray = (origins_lps[-1] - origins_lps[0]) / (len(origins_lps) - 1)
        even = np.arange(len(origins_lps)) * float(step @ normal)
        return step, float(np.abs((origins_lps - origins_lps[0]) @ normal - even).max())
    steps = np.diff(origins_lps, axis=0)
    kept, kept_distances = steps[present], distances[present]
    if not len(kept):
        kept, kept_distances = steps, distances
    usual = float(np.median(kept_distances))
    lean = (steps - distances[:, None] * normal).sum(axis=0) / float(distances.sum())
    return (normal + lean) * usual, float(np.abs(kept_distances - usual).max())


def _missing_after(distances: FloatArray, thickness_mm: float | None) -> list[bool]:
    runs = _runs(distances)
    regimes = _in_regime(distances, runs, math.inf if thickness_mm is None else thickness_mm * _TOUCHING_SHARE)
    missing = [
        not regimes[after] and distance > _GAP_RATIO * _usual(distances, regimes, after, among_others=True)
        for after, distance in enumerate(distances.tolist())
    ]
    # What was lost between two slices was lost between all that lie as far apart in the same row of them.
    for run in runs:
        missing[run] = [any(missing[run])] * len(missing[run])
    return missing


def _runs(distances: FloatArray) -> list[slice]:
    """Return the stretches of equal distances in a row, in order."""
    labels = [0]
    for before, distance in zip(distances[:-1].tolist(), distances[1:].tolist(), strict=True):
        same = abs(distance - before) <= _SAME_SHARE * max(distance, before)
        labels.append(labels[-1] if same else labels[-1] + 1)
    ends = [place for place, label in enumerate(labels[1:], start=1) if label != labels[place - 1]]
    return [slice(first, end) for first, end in pairwise([0, *ends, len(labels)])]


def _in_regime(distances: FloatArray, runs: list[slice], touching_mm: float) -> list[bool]:
    """Whether each distance is one of several equal ones in a row."""
    found: list[bool] = []
    for run in runs:
        count = run.stop - run.start
        needed = _TOUCHING_RUN if distances[run.start] <= touching_mm else _REGIME_RUN
        found.extend([count >= needed] * count)
    return found


def _usual(distances: FloatArray, flags: list[bool], after: int, among_others: bool = False) -> float:
    """Return the usual distance around ``after``, itself left out: the lower median of the nearest ones.

    With ``among_others`` all neighbours count; without, ``flags`` are gaps, which do not.
    """
    first, last = max(after - _NEIGHBOURS, 0), after + _NEIGHBOURS + 1
    near: list[float] = [
        distance
        for index, distance in enumerate(distances.tolist()[first:last], start=first)
        if index != after and (among_others or not flags[index])
    ]
    if not near:
        return float(distances[after])
    return sorted(near)[(len(near) - 1) // 2]


def _gap(after: int, along: FloatArray, usual: float) -> Gap:
    distance = float(along[after + 1] - along[after])
    count = max(1, round(distance / usual) - 1)
    positions = tuple(float(along[after]) + distance * (n + 1) / (count + 1) for n in range(count))
    return Gap(after, distance, positions)
