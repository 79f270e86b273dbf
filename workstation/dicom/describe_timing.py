"""A header to how fast its frames are to be played."""

from viewers.image.timing import FrameTiming
from workstation.dicom.header import Header

_MS_PER_S = 1000.0
# A rate beyond these is a slip of the pen: nobody sees a frame of a tenth of a millisecond, or waits ten minutes.
_SHORTEST_MS, _LONGEST_MS = 1.0, 60_000.0


def timings(header: Header, count: int) -> tuple[FrameTiming | None, ...]:
    """Return how long each of ``count`` frames is shown: ``None`` where the header does not say it.

    What the sender recommends for display comes before how the frames were acquired, and a vector, which alone tells
    that frames were not taken evenly, before one time or one rate for all.

    Source: PS3.3 C.7.6.5.
    """
    is_sweeping = header.integer("PreferredPlaybackSequencing") == 1
    milliseconds = _by_vector(header, count) or (_by_rate(header),) * count
    return tuple(None if one is None else FrameTiming(one, is_sweeping) for one in milliseconds)


def _by_vector(header: Header, count: int) -> tuple[float | None, ...] | None:
    """Return the times of frames not taken evenly: entry n is the time from the frame before to frame n."""
    if _rate(header, "RecommendedDisplayFrameRate") is not None:
        return None
    steps = header.numbers("FrameTimeVector")[1:]
    if len(steps) != count - 1 or count < 2 or any(_sound(step) is None for step in steps):
        return None
    # The last frame is followed by none: it is shown as long as the one before it.
    return (*steps, steps[-1])


def _by_rate(header: Header) -> float | None:
    rate = _rate(header, "RecommendedDisplayFrameRate") or _rate(header, "CineRate")
    return _sound(_MS_PER_S / rate) if rate else _sound(header.number("FrameTime"))


def _rate(header: Header, keyword: str) -> float | None:
    rate = header.number(keyword)
    return rate if rate is not None and rate > 0.0 and _sound(_MS_PER_S / rate) is not None else None


def _sound(milliseconds: float | None) -> float | None:
    return milliseconds if milliseconds is not None and _SHORTEST_MS <= milliseconds <= _LONGEST_MS else None
