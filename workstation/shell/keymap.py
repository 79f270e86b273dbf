"""Which keys do what: a keymap is a file of ``resources/keymaps``, from the id of an act to its keys.

Keys are spelt as Qt spells them in English. Those that lists and buttons need for themselves act while a viewport has
the focus; all others act wherever the focus is on the left or in the centre of the page, never while text is typed.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from viewers.qt.content import KeyPress
from workstation import resources

FOLDER = "keymaps"
DEFAULT = "requis"
_OF_VIEWPORTS = frozenset(
    {"Up", "Down", "Left", "Right", "PgUp", "PgDown", "Home", "End", "Space", "Esc", "Return", "Enter", "Menu"}
)


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys of acts, by the id of the act."""

    id: str
    keys: Mapping[str, tuple[str, ...]]

    def keys_of(self, act: str) -> tuple[str, ...]:
        """Return the keys of an act, none where it has none."""
        return self.keys.get(act, ())

    def shortcuts_of(self, act: str) -> tuple[str, ...]:
        """Return the keys that act wherever no text is typed."""
        return tuple(key for key in self.keys_of(act) if not _is_of_viewports(key))

    def act_of(self, press: KeyPress) -> str | None:
        """Return the act of a key that a viewport hands on, or ``None``."""
        modifiers = press.modifiers & ~Qt.KeyboardModifier.KeypadModifier
        pressed = QKeySequence(QKeyCombination(modifiers, Qt.Key(press.key)))
        for act, keys in self.keys.items():
            if any(_is_of_viewports(key) and QKeySequence(key) == pressed for key in keys):
                return act
        return None


def read_keymap(keymap: str = DEFAULT) -> Keymap:
    """Return one of the keymaps that the program brings."""
    table = tomllib.loads(resources.read_text(FOLDER, f"{keymap}.toml"))
    return Keymap(keymap, MappingProxyType({act: tuple(keys) for act, keys in table["keys"].items()}))


def _is_of_viewports(key: str) -> bool:
    return key.removeprefix("Shift+") in _OF_VIEWPORTS
