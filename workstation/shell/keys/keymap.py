"""Which keys do what: from the id of an act to its keys.

Keys are spelt as Qt spells them in English. Those that lists and buttons need for themselves act while a viewport has
the focus; all others act wherever the focus is on the left or in the centre of the page, never while text is typed.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from viewers.qt.content import KeyPress
from workstation.translations import Translator

_OF_VIEWPORTS = frozenset(
    {"Up", "Down", "Left", "Right", "PgUp", "PgDown", "Home", "End", "Space", "Esc", "Return", "Enter", "Menu"}
)


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys of acts, by the id of the act. No key stands for two acts."""

    id: str
    keys: Mapping[str, tuple[str, ...]]

    def keys_of(self, act: str) -> tuple[str, ...]:
        """Return the keys of an act, none where it has none."""
        return self.keys.get(act, ())

    def shortcuts_of(self, act: str) -> tuple[str, ...]:
        """Return the keys that act wherever no text is typed."""
        return tuple(key for key in self.keys_of(act) if not is_of_viewports(key))

    def act_with(self, key: str) -> str | None:
        """Return the act that a key stands for, or ``None``."""
        return next((act for act, keys in self.keys.items() if key in keys), None)

    def act_of(self, press: KeyPress) -> str | None:
        """Return the act of a key that a viewport hands on, or ``None``."""
        key = spelt(press.key, press.modifiers)
        return self.act_with(key) if is_of_viewports(key) else None

    def overlaid(self, name: str, others: Mapping[str, tuple[str, ...]]) -> "Keymap":
        """Return this keymap with other keys for some acts; a key that they take stands for no other act any more."""
        taken = {key for keys in others.values() for key in keys}
        kept = {act: tuple(key for key in keys if key not in taken) for act, keys in self.keys.items()}
        return Keymap(name, MappingProxyType({act: keys for act, keys in (kept | dict(others)).items() if keys}))


def is_of_viewports(key: str) -> bool:
    """Whether a key acts only while a viewport has the focus."""
    return key.removeprefix("Shift+") in _OF_VIEWPORTS


def spelt(key: int, modifiers: Qt.KeyboardModifier) -> str:
    """Return how a pressed key is spelt in a keymap; one of the keypad is spelt as the others are."""
    modifiers &= ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(QKeyCombination(modifiers, Qt.Key(key))).toString(QKeySequence.SequenceFormat.PortableText)


def in_words(keys: tuple[str, ...], words: Translator) -> str:
    """Return keys as they are printed on a keyboard of the reader's language, such as ``Ctrl+Y / Ctrl+Maj+Z``."""
    return " / ".join(_in_words(key, words) for key in keys)


def _in_words(key: str, words: Translator) -> str:
    if sys.platform == "darwin":
        return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    # The key + itself comes last: "Ctrl++".
    held, _, pressed = key[:-1].rpartition("+")
    parts = (*held.split("+"), pressed + key[-1]) if held else (key,)
    return "+".join(words.text(f"hands.name.{one}") if words.has(f"hands.name.{one}") else one for one in parts)
