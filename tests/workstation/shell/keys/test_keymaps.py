"""The keymaps that the program brings: what each key shows, on the real page with real key events."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.workstation.shell.desk import Desk
from viewers.image.description import Window
from workstation.domain.hands import Hands
from workstation.shell.acts.act import Group
from workstation.shell.acts.registry import ACTS_BY_ID
from workstation.shell.keys.keymaps import keymap_ids, keymap_of, read_keymap

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]

# Centre and width, as the tables of the product and of the other viewers name the keys.
WINDOWS = {
    "soft": (40.0, 400.0), "lung": (-600.0, 1500.0), "bone": (400.0, 2000.0), "brain": (40.0, 80.0),
    "stroke": (40.0, 40.0), "liver": (90.0, 150.0), "mediastinum": (50.0, 400.0), "angio": (200.0, 600.0),
}  # fmt: skip
SHOWN = {
    "requis": {"2": "soft", "3": "lung", "4": "bone", "5": "brain", "6": "stroke", "7": "liver",
               "8": "mediastinum", "9": "angio"},
    "ohif": {"1": "soft", "2": "lung", "3": "liver", "4": "bone", "5": "brain", "7": "stroke",
             "8": "mediastinum", "9": "angio"},
    "weasis": {"3": "brain", "4": "soft", "5": "mediastinum", "6": "bone", "7": "lung", "8": "angio", "9": "liver"},
    "horos": {"1": "soft", "2": "bone", "3": "brain", "4": "lung", "5": "stroke", "6": "liver",
              "7": "mediastinum", "8": "angio"},
}  # fmt: skip
WITHOUT_KEY = {"requis": set(), "ohif": set(), "weasis": {"preset.stroke"}, "horos": set()}
ACQUIRED = {"requis": "1", "ohif": "6", "weasis": "1", "horos": "`"}


@pytest.mark.parametrize("keymap", keymap_ids())
def test_every_preset_key_shows_its_window(desk: Desk, keymap: str) -> None:
    desk.page.acts.set_keymap(read_keymap(keymap))
    desk.focus()
    shown = {}
    for key in SHOWN[keymap]:
        desk.press(Qt.Key(ord(key)))
        shown[key] = desk.content().resolved.window
    assert shown == {key: Window(*WINDOWS[name]) for key, name in SHOWN[keymap].items()}
    desk.press(Qt.Key(ord(ACQUIRED[keymap])))
    assert desk.content().resolved.window == desk.content().volume.windows[0]
    desk.press(Qt.Key.Key_0)
    assert desk.content().resolved.window not in (desk.content().volume.windows[0], shown[next(iter(shown))])


def test_every_keymap_is_tried() -> None:
    assert set(SHOWN) == set(ACQUIRED) == set(keymap_ids())
    for keymap in keymap_ids():
        numbers = {act: keys for act, keys in read_keymap(keymap).keys.items() if act.startswith("preset.")}
        tried = {*SHOWN[keymap], ACQUIRED[keymap], "0", *(("2",) if keymap == "weasis" else ())}
        assert {key for keys in numbers.values() for key in keys} == tried


@pytest.mark.parametrize("keymap", keymap_ids())
def test_every_key_is_of_one_act_and_spelt_as_it_is_compared(keymap: str) -> None:
    bound = read_keymap(keymap).keys
    assert set(bound) <= set(ACTS_BY_ID)
    keys = [key for of_act in bound.values() for key in of_act]
    assert len(keys) == len(set(keys))
    portable = QKeySequence.SequenceFormat.PortableText
    assert [QKeySequence(key).toString(portable) for key in keys] == keys


@pytest.mark.parametrize("keymap", keymap_ids())
def test_a_named_keymap_leaves_only_these_daily_acts_without_a_key(keymap: str) -> None:
    daily = (Group.TOOL, Group.WINDOW, Group.MARK, Group.IMAGES, Group.HISTORY, Group.KEY_IMAGE)
    missing = set(read_keymap().keys) - set(read_keymap(keymap).keys)
    assert {act for act in missing if ACTS_BY_ID[act].group in daily} == WITHOUT_KEY[keymap]


def test_a_named_keymap_says_what_its_viewer_says(desk: Desk) -> None:
    desk.page.acts.set_keymap(read_keymap("horos"))
    desk.focus()
    desk.press(Qt.Key.Key_L)
    assert desk.page.board.hands.tool == "length"
    desk.page.acts.set_keymap(read_keymap("ohif"))
    desk.press(Qt.Key.Key_L)
    assert desk.page.board.hands.tool == "length"
    state = desk.case.views.state(desk.case.views.layout.active)
    assert state is not None
    assert state.rotation_degrees == 270


def test_what_the_reader_changed_takes_the_key_from_the_act_that_had_it() -> None:
    keymap = keymap_of(Hands("horos", keys={"invert": ("W",), "stack": ()}))
    assert keymap.act_with("W") == "invert"
    assert keymap.keys_of("window") == ()
    assert keymap.keys_of("stack") == ()


def test_a_keymap_that_is_gone_is_the_default_one() -> None:
    assert keymap_of(Hands("of another version")).keys == read_keymap().keys


def azerty(desk: Desk, key: Qt.Key, text: str, scan_code: int) -> None:
    """Press a key as a French keyboard gives it: through the window, with its place on the keyboard."""
    handle = desk.page.window().windowHandle()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, scan_code, 0, 0, text)
        QCoreApplication.sendEvent(handle, event)
    desk.settle()


def test_the_row_of_digits_acts_where_the_layout_gives_digits_with_shift_only(desk: Desk) -> None:
    desk.focus()
    azerty(desk, Qt.Key.Key_QuoteDbl, '"', 12)
    assert desk.content().resolved.window == Window(-600.0, 1500.0)
    azerty(desk, Qt.Key.Key_Minus, "-", 15)
    assert desk.content().resolved.window == Window(40.0, 40.0)


def test_the_row_of_digits_is_text_where_text_is_typed(desk: Desk) -> None:
    field = QLineEdit(desk.page.measurements)
    field.show()
    field.setFocus()
    before = desk.content().resolved.window
    azerty(desk, Qt.Key.Key_QuoteDbl, '"', 12)
    assert (field.text(), desk.content().resolved.window) == ('"', before)


def test_the_keypad_acts_as_the_row_does(desk: Desk) -> None:
    desk.focus()
    QTest.keyClick(desk.viewport(), Qt.Key.Key_3, Qt.KeyboardModifier.KeypadModifier)
    desk.settle()
    assert desk.content().resolved.window == Window(-600.0, 1500.0)
