"""The palette over the reading page: every act by keys alone, and the keyboard back where it was."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.workstation.shell.desk import Desk
from viewers.image.description import Window
from workstation.shell.acts.registry import ACTS
from workstation.translations import languages, translator

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]
# These open a window of their own, or are answered out of the page; they are tried where they are tested.
OPENING = {"palette", "keys_sheet", "menu", "protocols", "full_screen", "second_window", "fetch_anew"}


def choose(desk: Desk, title: str) -> None:
    """Open the palette by its key, type a title, press Enter."""
    desk.press(Qt.Key.Key_F1)
    QTest.keyClicks(desk.page.hands.palette.line, title)
    desk.press(Qt.Key.Key_Return)


def test_it_opens_by_key_and_gives_the_keyboard_back(desk: Desk) -> None:
    desk.focus()
    choose(desk, "lung")
    assert desk.content().resolved.window == Window(-600.0, 1500.0)
    assert desk.viewport().hasFocus()
    assert not desk.page.hands.palette.isVisible()


def test_escape_and_its_own_key_leave_it_without_an_act(desk: Desk) -> None:
    desk.focus()
    before = desk.content().resolved
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
        desk.press(Qt.Key.Key_F1)
        assert desk.page.hands.palette.isVisible()
        desk.press(key)
        assert not desk.page.hands.palette.isVisible()
        assert desk.viewport().hasFocus()
    assert desk.content().resolved == before


def test_it_is_gone_when_the_reader_turns_to_something_else(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_F1)
    desk.page.series.tree.setFocus()
    assert not desk.page.hands.palette.isVisible()
    assert desk.page.series.tree.hasFocus()


def test_arrows_go_through_what_is_found(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_F1)
    QTest.keyClicks(desk.page.hands.palette.line, "rotate")
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    state = desk.case.views.state(desk.case.views.layout.active)
    assert state is not None
    assert state.rotation_degrees == 90


@pytest.mark.parametrize("language", languages())
def test_every_act_comes_first_when_its_title_is_typed(desk: Desk, language: str) -> None:
    words = translator(language)
    desk.page.retranslate(words)
    desk.focus()
    desk.press(Qt.Key.Key_F1)
    box = desk.page.hands.palette
    for act in ACTS:
        if act.id != "palette":
            box.line.setText(words.text(act.title_key))
            first = box.list.topLevelItem(0)
            assert first is not None
            assert (first.text(0), first.data(0, Qt.ItemDataRole.UserRole)) == (words.text(act.title_key), act.id)
            assert first.text(2) == desk.page.bar.keys_in_words(act.id)


def prepared(desk: Desk, arrangement: str) -> None:
    """Bring the page into a state that hardly any act leaves as it is."""
    if desk.case.views.arrangement != arrangement:
        desk.page.acts.act(arrangement)
    tool = "length" if arrangement == "stack" else "pan"
    for act in (tool, "first_image", "forward_images", "zoom_in", "pan_left", "window_wider", "rotate_left"):
        desk.page.acts.act(act)


def signature(desk: Desk) -> tuple[object, ...]:
    """Return all that an act can change: views, tool, draft, what is said, what is on, where the keyboard is."""
    on = tuple(action.isChecked() for action in desk.page.bar.actions_by_id.values())
    focused = QApplication.focusWidget()
    return (
        desk.case.views.archive(),
        desk.page.board.hands.tool,
        desk.case.session.draft,
        len(desk.notices),
        on,
        focused,
    )


def test_every_act_does_its_thing_or_says_why_not(desk: Desk) -> None:
    desk.focus()
    idle = []
    for act in ACTS:
        if act.id in OPENING:
            continue
        for arrangement in ("stack", "mpr"):
            prepared(desk, arrangement)
            before = signature(desk)
            desk.page.acts.act(act.id)
            if signature(desk) != before:
                break
        else:
            idle.append(act.id)
    assert idle == []
