"""What the buttons do, as the reader chose it: real presses, for either hand and with keys held."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.viewers.qt.stage import STACK, Stage
from tests.viewers.qt.test_viewport import drag, phantom
from viewers.tools.intents import MoveCrosshair, PanBy, SelectAnnotation, SetWindow, WindowByRegion, ZoomBy
from viewers.tools.navigate import DragWays, Navigation
from viewers.tools.pointer import MouseProfile

pytestmark = pytest.mark.qt

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot, phantom(), replace(STACK, slice_index=20))


def kinds(stage: Stage, button: Qt.MouseButton, keys: Qt.KeyboardModifier = NONE) -> set[type]:
    stage.said.clear()
    drag(stage.widget, (100, 100), (150, 160), button, keys)
    return {type(one) for one in stage.said} - {SelectAnnotation}


def test_for_a_left_hand_the_buttons_and_the_menu_change_places(stage: Stage, qtbot: QtBot) -> None:
    assert (kinds(stage, LEFT), kinds(stage, RIGHT)) == ({SetWindow}, {ZoomBy})
    stage.widget.set_profile(MouseProfile(is_left_handed=True))
    assert (kinds(stage, LEFT), kinds(stage, RIGHT)) == ({ZoomBy}, {SetWindow})
    with qtbot.waitSignal(stage.widget.menu_requested):
        QTest.mouseClick(stage.widget, LEFT, NONE, QPoint(60, 60))
    with qtbot.assertNotEmitted(stage.widget.menu_requested):
        QTest.mouseClick(stage.widget, RIGHT, NONE, QPoint(60, 60))


def test_keys_held_make_of_the_left_button_what_the_profile_says(stage: Stage) -> None:
    assert [kinds(stage, LEFT, keys) for keys in (SHIFT, CONTROL, ALT)] == [
        {MoveCrosshair},
        {WindowByRegion},
        {SetWindow},
    ]
    stage.widget.set_profile(MouseProfile(shift_left=None, control_left=Navigation.PAN, alt_left=Navigation.ZOOM))
    assert [kinds(stage, LEFT, keys) for keys in (SHIFT, CONTROL, ALT)] == [{SetWindow}, {PanBy}, {ZoomBy}]


def test_the_level_goes_the_way_the_reader_wants(stage: Stage) -> None:
    found = []
    for ways in (DragWays(), DragWays(is_level_upwards=True)):
        stage.widget.set_profile(MouseProfile(ways=ways))
        stage.states[STACK.viewport] = replace(STACK, slice_index=20)
        stage.show()
        kinds(stage, LEFT)
        state = stage.states[STACK.viewport]
        assert state.window is not None
        found.append(state.window.centre > 40.0)
    assert found == [True, False]
