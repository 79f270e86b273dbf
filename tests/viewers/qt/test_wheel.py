"""Wheels and touchpads: real events, as the platforms send them."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.viewers.qt.stage import STACK, Stage
from tests.viewers.qt.test_viewport import phantom
from viewers.tools.intents import Intent, PanBy, ScrollBy, ZoomBy

pytestmark = pytest.mark.qt

AT = QPointF(120.0, 140.0)
PHASE = Qt.ScrollPhase
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot, phantom(), STACK)


def turn(
    stage: Stage,
    angle: int = 0,
    pixels: tuple[int, int] = (0, 0),
    phase: Qt.ScrollPhase = PHASE.NoScrollPhase,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(AT, AT, QPoint(*pixels), QPoint(0, angle), none, keys, phase, False)
    QApplication.sendEvent(stage.widget, event)


def pinch(stage: Stage, value: float) -> None:
    device = QPointingDevice.primaryPointingDevice()
    kind = Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, device, 2, AT, AT, AT, value, QPointF())
    QApplication.sendEvent(stage.widget, event)


def slices(said: list[Intent]) -> int:
    return sum(one.slices for one in said if isinstance(one, ScrollBy))


def test_fractions_of_a_notch_add_up_both_ways(stage: Stage) -> None:
    for _ in range(24):
        turn(stage, angle=-15)
    assert slices(stage.said) == 3
    for _ in range(8):
        turn(stage, angle=15)
    assert slices(stage.said) == 2


def test_pixels_of_a_touchpad_scroll_in_proportion_and_lose_none(stage: Stage) -> None:
    for _ in range(50):
        turn(stage, pixels=(0, -7), angle=-3, phase=PHASE.ScrollUpdate)
    assert slices(stage.said) == 50 * 7 // 20


def test_a_scroll_runs_on_where_the_fingers_were_and_nowhere_else(stage: Stage) -> None:
    turn(stage, phase=PHASE.ScrollBegin)
    turn(stage, pixels=(0, -40), phase=PHASE.ScrollUpdate)
    turn(stage, phase=PHASE.ScrollEnd)
    turn(stage, pixels=(0, -40), phase=PHASE.ScrollMomentum)
    assert slices(stage.said) == 4
    QApplication.sendEvent(stage.widget, QEvent(QEvent.Type.Leave))
    QApplication.sendEvent(stage.widget, QEnterEvent(AT, AT, AT))
    turn(stage, pixels=(0, -40), phase=PHASE.ScrollMomentum)
    assert slices(stage.said) == 4
    turn(stage, pixels=(0, -40), phase=PHASE.ScrollUpdate)
    assert slices(stage.said) == 6


def test_a_scroll_that_began_in_another_viewport_does_not_run_on_here(stage: Stage) -> None:
    turn(stage, pixels=(0, -400), phase=PHASE.ScrollMomentum)
    assert stage.said == []


def test_two_fingers_with_shift_move_the_picture(stage: Stage) -> None:
    turn(stage, pixels=(12, -5), phase=PHASE.ScrollUpdate, keys=SHIFT)
    turn(stage, angle=120, keys=SHIFT)
    assert stage.said == [PanBy(12.0, -5.0), PanBy(0.0, 40.0)]


def test_control_zooms_by_fractions_about_the_pointer(stage: Stage) -> None:
    turn(stage, angle=60, keys=CONTROL)
    turn(stage, angle=60, keys=CONTROL)
    assert all(isinstance(one, ZoomBy) and one.anchor == (120.0, 140.0) for one in stage.said)
    assert stage.states[STACK.viewport].zoom == pytest.approx(1.15)


def test_a_pinch_zooms_about_the_fingers(stage: Stage) -> None:
    pinch(stage, 0.25)
    pinch(stage, -0.2)
    assert stage.said == [ZoomBy(1.25, (120.0, 140.0)), ZoomBy(pytest.approx(0.8), (120.0, 140.0))]
    assert stage.states[STACK.viewport].zoom == pytest.approx(1.0)


def test_two_fingers_that_part_on_the_screen_zoom_between_them(stage: Stage) -> None:
    screen = QTest.createTouchDevice()
    for apart in (40, 60, 90, 120, 120):
        fingers = QTest.touchEvent(stage.widget, screen)
        for finger, way in ((0, -1), (1, 1)):
            at = QPoint(200 + way * apart // 2, 200)
            if apart == 40:
                fingers.press(finger, at, stage.widget)
            else:
                fingers.move(finger, at, stage.widget)
        fingers.commit()
    zooms = [one for one in stage.said if isinstance(one, ZoomBy)]
    assert zooms
    assert all(one.factor >= 1.0 for one in zooms)
    assert stage.states[STACK.viewport].zoom > 1.3
    assert zooms[-1].anchor == pytest.approx((200.0, 200.0), abs=2.0)
