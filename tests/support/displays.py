"""The screens that tests read on: the one of a test run is small, and says so on every picture."""

from PySide6.QtWidgets import QWidget

from workstation.domain.display import Display
from workstation.shell.display_watch import DisplayWatch

READING_ROOM = Display(3840, 2160, 600.0, 340.0)
LAPTOP = Display(1920, 1080, 344.0, 194.0)


def on(display: Display) -> DisplayWatch:
    """Return what tells of every viewport that it is on one screen."""

    def display_of(_widget: QWidget) -> Display:
        return display

    return DisplayWatch(display_of)
