"""What the buttons do, as the reader chose it: real presses, for either hand and with keys held."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.viewers.qt.stage import STACK, Stage
from tests.viewers.qt.test_viewport import drag, phantom
from viewers.identifiers import ViewportId
from viewers.state.curved_look import CurvedLook
from viewers.tools.intents import (
    AddAnnotation,
    MoveCrosshair,
    MoveHandle,
    PanBy,
    SelectAnnotation,
    SetWindow,
    WindowByRegion,
    ZoomBy,
)
from viewers.tools.navigate import DragWays, Navigation
from viewers.tools.path_drag import PATH, DrawnPath
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


@pytest.mark.parametrize("other", [RIGHT, Qt.MouseButton.MiddleButton])
@pytest.mark.parametrize("tool", ["freehand", "length"])
def test_another_button_ends_no_work_of_the_left_one(
    stage: Stage, tool: str, other: Qt.MouseButton, qtbot: QtBot
) -> None:
    stage.widget.set_tool(tool)
    for start, way, done in (
        ((100, 100), ((160, 110), (150, 170), (110, 160)), AddAnnotation),
        ((100, 100), ((90, 80),), MoveHandle),
    ):
        QTest.mousePress(stage.widget, LEFT, NONE, QPoint(*start))
        for place in way:
            QTest.mouseMove(stage.widget, QPoint(*place))
        stage.said.clear()
        with qtbot.assertNotEmitted(stage.widget.menu_requested):
            QTest.mouseClick(stage.widget, other, NONE, QPoint(*way[-1]))
        assert stage.said == []
        QTest.mouseRelease(stage.widget, LEFT, NONE, QPoint(*way[-1]))
        assert [type(one) for one in stage.said if not isinstance(one, SelectAnnotation)] == [done]


def test_another_button_ends_no_drag_of_the_picture_and_opens_no_menu(stage: Stage, qtbot: QtBot) -> None:
    QTest.mousePress(stage.widget, LEFT, NONE, QPoint(100, 100))
    with qtbot.assertNotEmitted(stage.widget.menu_requested):
        QTest.mouseClick(stage.widget, RIGHT, NONE, QPoint(100, 100))
    QTest.mouseMove(stage.widget, QPoint(110, 110))
    QTest.mouseMove(stage.widget, QPoint(150, 150))
    QTest.mouseRelease(stage.widget, LEFT, NONE, QPoint(150, 150))
    assert [type(one) for one in stage.said if not isinstance(one, SelectAnnotation)] == [SetWindow]
    assert kinds(stage, RIGHT) == {ZoomBy}


def test_a_press_is_over_though_the_picture_went_before_its_release(stage: Stage) -> None:
    QTest.mousePress(stage.widget, LEFT, NONE, QPoint(100, 100))
    stage.widget.show_content(None)
    QTest.mouseRelease(stage.widget, LEFT, NONE, QPoint(100, 100))
    stage.show()
    assert kinds(stage, RIGHT) == {ZoomBy}


def test_the_pointer_shows_whether_a_press_draws_the_path_or_takes_hold_of_it(stage: Stage) -> None:
    stage.widget.set_tool(PATH)
    content = stage.content(STACK.viewport)
    point = stage.seen(STACK.viewport).view.to_space((100.0, 100.0))
    stage.widget.show_content(replace(content, path=DrawnPath(ViewportId("curved"), CurvedLook((point,)))))
    for place, shape in ((200, Qt.CursorShape.CrossCursor), (102, Qt.CursorShape.PointingHandCursor)):
        QTest.mouseMove(stage.widget, QPoint(place, 100))
        assert stage.widget.cursor().shape() is shape
    stage.show()
    QTest.mouseMove(stage.widget, QPoint(204, 100))
    assert stage.widget.cursor().shape() is Qt.CursorShape.ArrowCursor


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
