"""Where a reader left the second window: on which screen, where there, and what it carries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Logical pixels of the desktop; ``part`` is the id of what the window carries. ``screen`` is the system's name."""

    part: str
    screen: str
    left: int
    top: int
    width: int
    height: int
    is_maximised: bool = False
