"""A reader's own keys: taken, refused in words where a key is not free, and given back."""

import pytest

from workstation.domain.hands import Hands
from workstation.shell.keys.changes import (
    KEPT,
    KeyKept,
    KeyTaken,
    all_as_in_keymap,
    as_in_keymap,
    with_key,
    without_keys,
)
from workstation.shell.keys.keymaps import keymap_ids, keymap_of, read_keymap


def changed(hands: Hands, act: str, key: str, *, is_added: bool = False) -> Hands:
    return with_key(hands, act, key, str.upper, is_added=is_added)


def test_a_free_key_replaces_or_joins_the_keys_of_an_act() -> None:
    hands = changed(Hands(), "invert", "Ctrl+I")
    assert keymap_of(hands).keys_of("invert") == ("Ctrl+I",)
    assert keymap_of(changed(hands, "invert", "Ctrl+J", is_added=True)).keys_of("invert") == ("Ctrl+I", "Ctrl+J")


def test_a_key_of_another_act_is_refused_by_the_name_of_that_act() -> None:
    with pytest.raises(KeyTaken) as refused:
        changed(Hands(), "invert", "W")
    assert refused.value.details == {"pressed": "W", "act": "WINDOW"}


@pytest.mark.parametrize("key", ["Tab", "Ctrl+L", "Ctrl+1", "Del", ""])
def test_a_key_of_the_window_is_refused(key: str) -> None:
    with pytest.raises(KeyKept):
        changed(Hands(), "invert", key)


def test_a_key_taken_away_is_free_for_another_act() -> None:
    hands = changed(without_keys(Hands(), "window"), "invert", "W")
    assert (keymap_of(hands).keys_of("window"), keymap_of(hands).act_with("W")) == ((), "invert")


def test_what_is_as_the_keymap_has_it_is_no_change() -> None:
    hands = changed(Hands(), "invert", "Ctrl+I")
    assert changed(hands, "invert", "I") == Hands()
    assert as_in_keymap(hands, "invert") == all_as_in_keymap(hands) == Hands()


@pytest.mark.parametrize("keymap", keymap_ids())
def test_no_keymap_uses_a_key_that_is_kept(keymap: str) -> None:
    assert KEPT.isdisjoint(key for keys in read_keymap(keymap).keys.values() for key in keys)
