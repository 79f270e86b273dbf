"""The keymaps that the program brings, files of ``resources/keymaps``.

A file says where it differs from the default one, which it takes the rest from, and which mouse profile goes with it.
"""

import tomllib
from collections.abc import Mapping
from types import MappingProxyType

from workstation import resources
from workstation.domain.hands import DEFAULT_KEYMAP, Hands
from workstation.shell.acts.registry import ACTS_BY_ID
from workstation.shell.keys.keymap import Keymap

FOLDER = "keymaps"
_SUFFIX = ".toml"


def keymap_ids() -> tuple[str, ...]:
    """Return the ids of all keymaps, the default one first."""
    found = (name.removesuffix(_SUFFIX) for name in resources.names(FOLDER) if name.endswith(_SUFFIX))
    return tuple(sorted(found, key=lambda one: (one != DEFAULT_KEYMAP, one)))


def read_keymap(keymap: str = DEFAULT_KEYMAP) -> Keymap:
    """Return one of the keymaps that the program brings."""
    own = _keys(keymap)
    return Keymap(keymap, own) if keymap == DEFAULT_KEYMAP else read_keymap().overlaid(keymap, own)


def keymap_of(hands: Hands) -> Keymap:
    """Return the keymap that a reader chose with the reader's own changes; the default one for one that is gone.

    Keys for acts that there are no more count for nothing.
    """
    known = hands.keymap if hands.keymap in keymap_ids() else DEFAULT_KEYMAP
    return read_keymap(known).overlaid(known, {act: keys for act, keys in hands.keys.items() if act in ACTS_BY_ID})


def _keys(keymap: str) -> Mapping[str, tuple[str, ...]]:
    table = tomllib.loads(resources.read_text(FOLDER, f"{keymap}{_SUFFIX}"))
    return MappingProxyType({act: tuple(keys) for act, keys in table["keys"].items()})
