"""What can be done on the reading page and by which keys: the one table from which bar, shortcuts and menu are made.

Keys follow OHIF and Weasis where these agree. Letters and digits act wherever the focus is on the left or in the
centre of the page, never while text is typed; the keys of ``ROAMING`` act while a viewport has the focus, because
lists and buttons need them for themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from PySide6.QtCore import Qt

from viewers.image.presets import KEYS
from viewers.tools.arrow import ARROW_TOOL
from viewers.tools.calibration import CALIBRATION_TOOL
from viewers.tools.ellipse import ELLIPSE_TOOL
from viewers.tools.length import LENGTH_TOOL
from viewers.tools.navigate import Navigation
from viewers.tools.pointer import ActiveTool
from workstation.reading.arrangement import Arrangement


class Group(StrEnum):
    """Acts that stand together; of tools and of arrangements one is chosen at a time."""

    TOOL = "tool"
    MARK = "mark"
    ARRANGEMENT = "arrangement"
    PICTURE = "picture"
    HISTORY = "history"
    KEY_IMAGE = "key_image"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do; its title is the translation ``reading_page.act.<id>``."""

    id: str
    group: Group
    keys: tuple[str, ...] = ()
    is_everywhere: bool = False


ACTS: tuple[Act, ...] = (
    Act("window", Group.TOOL, ("W",)),
    Act("pan", Group.TOOL, ("T",)),
    Act("zoom", Group.TOOL, ("Z",)),
    Act("scroll", Group.TOOL, ("S",)),
    Act("crosshair", Group.TOOL, ("X",)),
    Act("length", Group.MARK, ("D",)),
    Act("ellipse", Group.MARK, ("E",)),
    Act("arrow", Group.MARK, ("A",)),
    Act("calibration", Group.MARK, ("Shift+D",)),
    Act("stack", Group.ARRANGEMENT, ("N",)),
    Act("mpr", Group.ARRANGEMENT, ("M",)),
    Act("compare", Group.ARRANGEMENT, ("C",)),
    Act("link", Group.ARRANGEMENT, ("Y",)),
    Act("invert", Group.PICTURE, ("I",)),
    Act("graphics", Group.PICTURE, ("O",)),
    Act("flip_horizontally", Group.PICTURE, ("H",)),
    Act("flip_vertically", Group.PICTURE, ("V",)),
    Act("rotate_left", Group.PICTURE, ("L",)),
    Act("rotate_right", Group.PICTURE, ("R",)),
    Act("reset", Group.PICTURE, ("Shift+R",)),
    Act("undo", Group.HISTORY, ("Ctrl+Z",), is_everywhere=True),
    Act("redo", Group.HISTORY, ("Ctrl+Y", "Ctrl+Shift+Z"), is_everywhere=True),
    Act("key_image", Group.KEY_IMAGE, ("K",)),
    Act("quantity", Group.PAGE, ("U",)),
    Act("full_screen", Group.PAGE, ("F11",), is_everywhere=True),
    *(Act(f"preset.{preset}", Group.PAGE, (key,)) for key, preset in KEYS.items()),
)

TOOLS_OF_ACTS: Mapping[str, ActiveTool] = MappingProxyType(
    {
        "window": Navigation.WINDOW,
        "pan": Navigation.PAN,
        "zoom": Navigation.ZOOM,
        "scroll": Navigation.SCROLL,
        "crosshair": Navigation.CROSSHAIR,
        "length": LENGTH_TOOL.id,
        "ellipse": ELLIPSE_TOOL.id,
        "arrow": ARROW_TOOL.id,
        "calibration": CALIBRATION_TOOL.id,
    }
)

ARRANGEMENTS_OF_ACTS: Mapping[str, Arrangement] = MappingProxyType(
    {"stack": Arrangement.STACK, "mpr": Arrangement.MPR, "compare": Arrangement.COMPARE}
)


class Roam(StrEnum):
    """What the keys of a viewport do that are no shortcuts."""

    PREVIOUS = "previous"
    NEXT = "next"
    BACK = "back"
    FORWARD = "forward"
    FIRST = "first"
    LAST = "last"
    RESET = "reset"
    CANCEL = "cancel"
    ENLARGE = "enlarge"
    MENU = "menu"


ROAMING: Mapping[Qt.Key, Roam] = MappingProxyType(
    {
        Qt.Key.Key_Up: Roam.PREVIOUS,
        Qt.Key.Key_Left: Roam.PREVIOUS,
        Qt.Key.Key_Down: Roam.NEXT,
        Qt.Key.Key_Right: Roam.NEXT,
        Qt.Key.Key_PageUp: Roam.BACK,
        Qt.Key.Key_PageDown: Roam.FORWARD,
        Qt.Key.Key_Home: Roam.FIRST,
        Qt.Key.Key_End: Roam.LAST,
        Qt.Key.Key_Space: Roam.RESET,
        Qt.Key.Key_Escape: Roam.CANCEL,
        Qt.Key.Key_Return: Roam.ENLARGE,
        Qt.Key.Key_Enter: Roam.ENLARGE,
        Qt.Key.Key_Menu: Roam.MENU,
    }
)

STRIDE = 10
TO_THE_END = 1_000_000
SLICES: Mapping[Roam, int] = MappingProxyType(
    {
        Roam.PREVIOUS: -1,
        Roam.NEXT: 1,
        Roam.BACK: -STRIDE,
        Roam.FORWARD: STRIDE,
        Roam.FIRST: -TO_THE_END,
        Roam.LAST: TO_THE_END,
    }
)
