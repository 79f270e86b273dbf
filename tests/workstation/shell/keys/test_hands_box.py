"""Keys and mouse in the settings: what is pressed there is what acts afterwards."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from tests.workstation.shell.desk import Desk
from viewers.tools.navigate import DragWays, Navigation
from workstation.domain.hands import Hands
from workstation.shell.acts.registry import ACTS
from workstation.shell.keys.hands_box import HandsBox
from workstation.shell.keys.mouse import mouse_ids, mouse_profile
from workstation.translations import translator

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


@pytest.fixture
def box(qtbot: QtBot) -> HandsBox:
    box = HandsBox(translator("en"))
    qtbot.addWidget(box)
    box.show()
    return box


def row(box: HandsBox, act: str) -> QTreeWidgetItem:
    item = box.table.topLevelItem([one.id for one in ACTS].index(act))
    assert item is not None
    return item


def press(box: HandsBox, act: str, key: Qt.Key, *, button: str = "set") -> None:
    box.table.setCurrentItem(row(box, act))
    box.buttons[button].click()
    QTest.keyClick(box.capture, key)


def test_every_act_stands_in_the_table_with_its_keys(box: HandsBox) -> None:
    assert box.table.topLevelItemCount() == len(ACTS)
    assert row(box, "redo").text(2) == "Ctrl+Y / Ctrl+Shift+Z"


def test_a_key_is_pressed_for_an_act_and_taken(box: HandsBox) -> None:
    told: list[Hands] = []
    box.changed.connect(told.append)
    box.buttons["remove"].click()
    press(box, "invert", Qt.Key.Key_F20)
    assert told == [Hands(keys={"invert": ("F20",)})]
    assert (row(box, "invert").text(2), row(box, "invert").text(3)) == ("F20", "own")
    assert not box.capture.isVisible()
    press(box, "invert", Qt.Key.Key_F21, button="add")
    assert row(box, "invert").text(2) == "F20 / F21"
    box.buttons["reset"].click()
    assert told[-1] == Hands()


def test_a_key_that_is_taken_is_refused_in_words_and_changes_nothing(box: HandsBox) -> None:
    told: list[Hands] = []
    box.changed.connect(told.append)
    press(box, "invert", Qt.Key.Key_W)
    assert box.problem.text() == "The key W already stands for: Window. Take it from there first."
    assert told == []
    QTest.keyClick(box.capture, Qt.Key.Key_Tab)
    assert box.problem.text().startswith("The key Tab is kept")


def test_a_button_without_a_row_says_so_and_what_it_said_goes_with_the_next_change(box: HandsBox) -> None:
    told: list[Hands] = []
    box.changed.connect(told.append)
    for name in ("remove", "as_in_keymap"):
        box.problem.clear()
        box.buttons[name].click()
        assert box.problem.text() == "Choose an act in the list first."
    assert told == []
    box.left_handed.click()
    assert (len(told), box.problem.text()) == (1, "")


def test_keys_of_an_act_that_is_gone_count_for_nothing(box: HandsBox, desk: Desk) -> None:
    hands = Hands(keys={"gone": ("F20", "Down"), "invert": ("F19",)})
    desk.page.hands.use(hands)
    desk.focus()
    before = desk.content().resolved.slice_index
    desk.press(Qt.Key.Key_Down)
    assert desk.content().resolved.slice_index != before
    box.show_hands(hands)
    press(box, "redo", Qt.Key.Key_F20)
    assert (box.problem.text(), row(box, "redo").text(2)) == ("", "F20")


def test_what_is_chosen_in_the_settings_acts_on_the_page(desk: Desk) -> None:
    box = HandsBox(translator("en"))
    desk.qtbot.addWidget(box)
    box.changed.connect(desk.page.hands.use)
    press(box, "invert", Qt.Key.Key_F20)
    box.mouse.setCurrentIndex(box.mouse.findData("left_scroll"))
    box.mouse.activated.emit(box.mouse.currentIndex())
    desk.focus()
    desk.press(Qt.Key.Key_F20)
    assert desk.content().resolved.inverted
    before = desk.content().resolved
    desk.drag((200, 200), (200, 280))
    after = desk.content().resolved
    assert (after.window, after.slice_index != before.slice_index) == (before.window, True)


@pytest.mark.parametrize("mouse", mouse_ids())
def test_every_profile_of_the_mouse_is_whole(mouse: str) -> None:
    profile = mouse_profile(Hands(mouse=mouse, is_left_handed=True, is_level_upwards=True))
    assert len({profile.left, profile.middle, profile.right}) == 3
    assert (profile.is_left_handed, profile.ways) == (True, DragWays(is_level_upwards=True))


def test_the_named_profiles_put_the_window_where_they_say() -> None:
    assert mouse_profile(Hands(mouse="right_window")).right is Navigation.WINDOW
    assert mouse_profile(Hands(mouse="left_scroll")).left is Navigation.SCROLL
    assert mouse_profile(Hands(mouse="gone")).left is Navigation.WINDOW
