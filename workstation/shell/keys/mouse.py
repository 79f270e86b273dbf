"""The mouse profiles that the program brings, tables of ``resources/mouse.toml``, as a reader's hand wants them."""

import tomllib
from collections.abc import Mapping

from viewers.tools.navigate import Navigation
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
    table = tables.get(hands.mouse, tables[DEFAULT_MOUSE])
    return MouseProfile(Navigation(table["left"]), Navigation(table["middle"]), Navigation(table["right"]))


def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(resources.read_text(FILE))
