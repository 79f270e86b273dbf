"""The second window: what it carries, whose it is, and that everything comes home."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from tests.support.on_screen import readable
from tests.support.open_case import Case
from tests.workstation.shell.desk import Desk
from viewers.image.description import Window
from workstation.domain.window_place import WindowPlace
from workstation.shell.second_screen import FULL, SIDE, VIEWPORTS
from workstation.shell.second_window import placed

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]
LEFT, RIGHT = QRect(0, 0, 1920, 1080), QRect(1920, 0, 2560, 1440)
SCREENS = {"left": LEFT, "right": RIGHT}


def carry(desk: Desk, part: str) -> None:
    desk.page.second.toggle(part)
    desk.settle()


def test_the_viewports_go_to_the_second_window_and_keys_act_there(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_F10)
    second = desk.page.second
    assert (second.carried, desk.page.board.window()) == (VIEWPORTS, second.window)
    assert second.window.isVisible()
    desk.focus()
    for key in (Qt.Key.Key_3, Qt.Key.Key_Down):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.window() is second.window
        desk.qtbot.keyClick(focused, key)
    desk.settle()
    assert desk.content().resolved.window == Window(-600.0, 1500.0)
    assert desk.content().resolved.slice_index == 21
    desk.qtbot.keyClick(desk.viewport(), Qt.Key.Key_F10)
    desk.settle()
    assert (second.carried, desk.page.board.window(), second.window.isVisible()) == ("", desk.page, False)
    assert desk.page.panes.indexOf(desk.page.board) == 1


def test_the_palette_opens_where_the_reader_is(desk: Desk) -> None:
    carry(desk, VIEWPORTS)
    desk.focus()
    desk.qtbot.keyClick(desk.viewport(), Qt.Key.Key_F1)
    assert desk.page.hands.palette.window() is desk.page.second.window
    desk.page.hands.palette.line.setText("lung")
    desk.qtbot.keyClick(desk.page.hands.palette.line, Qt.Key.Key_Return)
    desk.settle()
    assert desk.content().resolved.window == Window(-600.0, 1500.0)


def test_its_title_names_no_patient_and_its_banner_does(desk: Desk) -> None:
    carry(desk, SIDE)
    window = desk.page.second.window
    assert window.windowTitle() == "Requis: second window"
    assert window.banner.text == desk.page.banner.text
    assert window.banner.text.startswith("TEST ALPHA")


def test_closing_it_brings_home_what_it_carries(desk: Desk) -> None:
    carry(desk, SIDE)
    desk.page.second.window.close()
    desk.settle()
    assert desk.page.tabs.window() is desk.page
    assert desk.page.panes.indexOf(desk.page.tabs.parentWidget()) == 2
    assert not desk.page.second.window.isVisible()


def test_another_case_never_finds_the_former_patient_in_it(desk: Desk) -> None:
    carry(desk, VIEWPORTS)
    desk.page.close_case()
    desk.settle()
    assert not desk.page.second.window.isVisible()
    assert "TEST ALPHA" not in readable()
    desk.case = Case([])
    desk.open()
    assert desk.page.second.carried == VIEWPORTS
    assert desk.page.board.contents == {}


def test_a_viewport_fills_the_screen_by_key_and_escape_gives_the_page_back(desk: Desk) -> None:
    desk.page.acts.act("mpr")
    desk.settle()
    desk.focus("v2")
    desk.press(Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    second = desk.page.second
    assert (second.carried, second.window.isFullScreen(), second.window.banner.isVisible()) == (FULL, True, False)
    assert desk.case.views.layout.visible == ("v2",)
    assert desk.viewport("v2").size() == desk.page.board.size()
    desk.focus("v2")
    desk.qtbot.keyClick(desk.viewport("v2"), Qt.Key.Key_Escape)
    desk.settle()
    assert (second.carried, desk.page.board.window()) == ("", desk.page)
    assert len(desk.case.views.layout.visible) == 4


def test_a_double_click_with_control_fills_the_screen(desk: Desk) -> None:
    desk.qtbot.mouseDClick(desk.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.page.second.carried == FULL


def test_it_tells_where_it_was_left(desk: Desk) -> None:
    told: list[WindowPlace] = []
    desk.page.second.placed.connect(told.append)
    carry(desk, SIDE)
    desk.page.second.window.setGeometry(30, 40, 900, 700)
    carry(desk, SIDE)
    assert (told[-1].width, told[-1].height) == (900, 700)


def test_it_stands_where_it_was_and_on_a_screen_that_is_there() -> None:
    place = WindowPlace("right", 2000, 100, 800, 600)
    assert placed(place, SCREENS, "left") == QRect(2000, 100, 800, 600)
    assert placed(place, {"left": LEFT}, "left") == QRect(960, 0, 960, 1080)
    assert placed(None, SCREENS, "left") == RIGHT
    assert placed(None, SCREENS, "right") == LEFT
    far = WindowPlace("right", 9000, 9000, 5000, 5000)
    assert placed(far, SCREENS, "left") == RIGHT
