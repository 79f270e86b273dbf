"""A reader's own changes to a keymap: taken, or refused in words. Pure."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar

from workstation.domain.hands import NO_CHANGES, Hands
from workstation.errors import WorkstationError
from workstation.shell.keys.keymaps import keymap_of, read_keymap

# Of the window, of every viewport with a mark in hand, and of moving about.
KEPT = frozenset(
    {"Tab", "Shift+Tab", "Shift+Backtab", "Backtab", "Del", "Backspace", "F2", "Ctrl+L", "Ctrl+C", "Ctrl+V", "Ctrl+X"}
    | {f"Ctrl+{number}" for number in range(1, 6)}
)


class KeyRefused(WorkstationError):
    """A key cannot stand for an act."""

    key: ClassVar[str] = "hands.refused"


class KeyKept(KeyRefused):
    """The key is the window's own."""

    key: ClassVar[str] = "hands.kept"


class KeyTaken(KeyRefused):
    """The key stands for another act."""

    key: ClassVar[str] = "hands.taken"


def with_key(hands: Hands, act: str, key: str, title: Callable[[str], str], *, is_added: bool) -> Hands:
    """Return the hands with a key for an act, instead of the keys that it had or besides them.

    Raises
    ------
    KeyKept, KeyTaken
        The key stands for something else; ``title`` names the act that has it.
    """
    if key in KEPT or not key:
        raise KeyKept(f"the key {key} is not free", pressed=key)
    keymap = keymap_of(hands)
    other = keymap.act_with(key)
    if other is not None and other != act:
        raise KeyTaken(f"the key {key} stands for {other}", pressed=key, act=title(other))
    before = keymap.keys_of(act) if is_added else ()
    return _changed(hands, act, (*(one for one in before if one != key), key))


def without_keys(hands: Hands, act: str) -> Hands:
    """Return the hands with no key for an act."""
    return _changed(hands, act, ())


def as_in_keymap(hands: Hands, act: str) -> Hands:
    """Return the hands with the keys that the keymap itself gives an act; keys that went to other acts stay there."""
    kept = {one: keys for one, keys in hands.keys.items() if one != act}
    return replace(hands, keys=MappingProxyType(kept))


def all_as_in_keymap(hands: Hands) -> Hands:
    """Return the hands without changes."""
    return replace(hands, keys=NO_CHANGES)


def _changed(hands: Hands, act: str, keys: tuple[str, ...]) -> Hands:
    if keys == read_keymap(hands.keymap).keys_of(act):
        return as_in_keymap(hands, act)
    return replace(hands, keys=MappingProxyType({**hands.keys, act: keys}))
