"""Playing the slices of a volume: which comes next and how long it is shown. Pure; the clock is the application's."""

from dataclasses import dataclass, replace

from viewers.image.volume import Volume

# Frames per second where the sender says nothing: a stack of slices, or a loop without times.
_DEFAULT_RATE = 12.0
_MS_PER_S = 1000.0
_FASTER = 1.25
_SPEEDS = (0.1, 10.0)


@dataclass(frozen=True, slots=True)
class Cine:
    """How one viewport plays.

    ``speed`` multiplies the rate of the sender. A sweep goes forth and back, a loop begins anew; ``direction`` is 1
    or -1.
    """

    speed: float = 1.0
    is_sweeping: bool = False
    direction: int = 1

    def faster(self) -> "Cine":
        """Return the same a step faster."""
        return replace(self, speed=min(self.speed * _FASTER, _SPEEDS[1]))

    def slower(self) -> "Cine":
        """Return the same a step slower."""
        return replace(self, speed=max(self.speed / _FASTER, _SPEEDS[0]))


def cine_of(volume: Volume) -> Cine:
    """Return how the sender wants a volume to be played."""
    return Cine(is_sweeping=any(one is not None and one.is_sweeping for one in volume.timings))


def shown_for_ms(volume: Volume, k: int, cine: Cine) -> float:
    """Return how long slice ``k`` is shown."""
    stated = volume.timings[k] if k < len(volume.timings) else None
    own = _MS_PER_S / _DEFAULT_RATE if stated is None else stated.milliseconds
    return own / cine.speed


def rate_per_s(volume: Volume, cine: Cine) -> float:
    """Return how many frames are shown in a second, on the whole."""
    count = len(volume.sources)
    return _MS_PER_S * count / sum(shown_for_ms(volume, k, cine) for k in range(count))


def following(k: int, count: int, cine: Cine) -> tuple[int, Cine]:
    """Return the slice after ``k`` of ``count``, and how it goes on from there."""
    if count < 2:
        return k, cine
    wanted = k + cine.direction
    if 0 <= wanted < count:
        return wanted, cine
    if cine.is_sweeping:
        return k - cine.direction, replace(cine, direction=-cine.direction)
    return wanted % count, cine
