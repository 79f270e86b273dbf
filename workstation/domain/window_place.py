"""Where a reader left the second window: on which screen, and where there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Logical pixels of the desktop; ``screen`` is the system's name."""

    screen: str
    left: int
    top: int
    width: int
    height: int
    is_maximised: bool = False
