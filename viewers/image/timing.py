"""How long a frame is to be shown when its series is played."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameTiming:
    """What the sender said of one frame: how long it is shown, above 0, and whether the frames go forth and back."""

    milliseconds: float
    is_sweeping: bool = False
