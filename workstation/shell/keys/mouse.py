"""The mouse profiles that the program brings, tables of ``resources/mouse.toml``, as a reader's hand wants them."""

import tomllib
from collections.abc import Mapping

from viewers.tools.navigate import DragWays, Navigation
from viewers.tools.pointer import MouseProfile
from workstation import resources
from workstation.domain.hands import DEFAULT_MOUSE, Hands

FILE = "mouse.toml"


def mouse_ids() -> tuple[str, ...]:
    """Return the ids of all mouse profiles, the default one first."""
    return tuple(_tables())


def mouse_profile(hands: Hands) -> MouseProfile:
    """Return the profile that a reader chose; the default one for one that is gone."""
    tables = _tables()
    usual = MouseProfile()
    table = {button: Navigation(does) for button, does in tables.get(hands.mouse, tables[DEFAULT_MOUSE]).items()}
    return MouseProfile(
        left=table["left"],
        middle=table["middle"],
        right=table["right"],
        shift_left=table.get("shift_left", usual.shift_left),
        control_left=table.get("control_left", usual.control_left),
        alt_left=table.get("alt_left", usual.alt_left),
        is_left_handed=hands.is_left_handed,
        ways=DragWays(is_level_upwards=hands.is_level_upwards),
    )


def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(resources.read_text(FILE))
