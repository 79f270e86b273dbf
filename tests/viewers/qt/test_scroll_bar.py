"""The bar at the edge, read off the painted viewport, and pressed with a real mouse."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.viewer_volumes import spatial_volume, straight_affine
from tests.viewers.qt.stage import STACK, Stage, grabbed, planes
from tests.viewers.qt.test_viewport import drag, phantom
from viewers.image.volume import Volume
from viewers.qt.palette import BAR_THUMB, KEY_IMAGE, MARK, WARNING
from viewers.tools.intents import ScrollBy, ScrollTo, ZoomBy
from viewers.tools.navigate import Navigation

pytestmark = pytest.mark.qt

X = 396
PLAIN, HATCHED = slice(100, 190), slice(210, 390)


def colours(stage: Stage, x: int = X) -> list[tuple[int, int, int]]:
    """The colour at the middle of the stretch of each of the 40 slices."""
    pixels = grabbed(stage.widget)
    found = (pixels[round(2 + (k + 0.5) * 9.9), x] for k in range(40))
    return [(int(one[0]), int(one[1]), int(one[2])) for one in found]


def rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def test_it_shows_place_received_seen_missing_marks_and_key_images(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), replace(STACK, slice_index=10))
    stage.widget.set_tool("length")
    drag(stage.widget, (100, 100), (200, 160))
    stage.states[STACK.viewport] = replace(stage.states[STACK.viewport], slice_index=30)
    stage.seen_slices, stage.keys, stage.absent = 0b111 << 3, frozenset({20}), frozenset({35, 36})
    stage.show()
    found, ticks = colours(stage), colours(stage, X - 2)
    assert found[30] == rgb(BAR_THUMB)
    assert [found.index(rgb(BAR_THUMB)), found.count(rgb(BAR_THUMB))] == [30, 1]
    assert ticks[10] == rgb(MARK)
    assert ticks[20] == rgb(KEY_IMAGE)
    assert found[3] == found[4] == found[5]
    assert sum(found[4]) > sum(found[6]) > 0
    assert found[6] == found[25]
    bar = grabbed(stage.widget)[round(2 + 35 * 9.9) + 1 : round(2 + 37 * 9.9) - 1, X - 1 : X + 2]
    assert len(np.unique(bar.reshape(-1, 3), axis=0)) > 1


def test_a_press_goes_to_the_slice_there_and_a_drag_follows_beyond_the_ends(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    QTest.mouseClick(stage.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(X, 200))
    assert stage.said == [ScrollTo(20)]
    drag(stage.widget, (X, 200), (300, 399))
    assert stage.states[STACK.viewport].slice_index == 39
    QTest.mousePress(stage.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(X, 100))
    QTest.mouseMove(stage.widget, QPoint(X, -50))
    assert stage.states[STACK.viewport].slice_index == 0
    QTest.mouseRelease(stage.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(X, -50))
    assert all(isinstance(one, ScrollTo) for one in stage.said)


def test_another_button_does_not_let_go_of_the_bar(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    left, right, none = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(stage.widget, left, none, QPoint(X, 100))
    QTest.mouseClick(stage.widget, right, none, QPoint(X, 100))
    QTest.mouseMove(stage.widget, QPoint(X, 399))
    assert stage.states[STACK.viewport].slice_index == 39
    QTest.mouseRelease(stage.widget, left, none, QPoint(X, 399))
    QTest.mouseMove(stage.widget, QPoint(X, 100))
    assert stage.states[STACK.viewport].slice_index == 39
    drag(stage.widget, (100, 100), (150, 160), right)
    assert {type(one) for one in stage.said} == {ScrollTo, ZoomBy}


def test_planes_are_scrolled_by_the_bar_too(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), planes()[1])
    QTest.mouseClick(stage.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(X, 52))
    assert stage.resolved().corners.slice_number == 6


def test_one_image_has_no_bar(qtbot: QtBot) -> None:
    volume: Volume = spatial_volume(np.zeros((1, 50, 50), np.int16), straight_affine())
    stage = Stage(qtbot, volume, STACK)
    pixels = grabbed(stage.widget)
    assert np.array_equal(pixels[40:160, X], pixels[40:160, X - 40])
    stage.widget.set_tool(Navigation.SCROLL)
    drag(stage.widget, (X, 100), (X, 200))
    assert not any(isinstance(one, ScrollTo) for one in stage.said)
    assert any(isinstance(one, ScrollBy) for one in stage.said)


def test_letters_and_warnings_stand_beside_the_bar_and_never_under_it(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), replace(planes()[1], rotation_degrees=90))
    pixels = grabbed(stage.widget).astype(int)
    yellow = pixels[:, :, 0] - pixels[:, :, 2] > 40
    assert not yellow[:, -6:].any()
    assert yellow[150:250, -40:-6].any()


def test_images_that_have_not_come_are_hatched_below_and_gaps_where_they_lie(qtbot: QtBot) -> None:
    gaps = np.zeros(39, np.bool_)
    gaps[9] = True
    stage = Stage(qtbot, replace(phantom(), expected_slices=80, gap_after=gaps), STACK)
    pixels = grabbed(stage.widget)
    # Half of the images have come: slice 10 begins an eighth of the way down.
    assert tuple(int(part) for part in pixels[round(2 + 396 / 8), X]) == rgb(WARNING)
    received, missing = (np.unique(pixels[rows, X - 1 : X + 2].reshape(-1, 3), axis=0) for rows in (PLAIN, HATCHED))
    assert len(received) == 1
    assert len(missing) > 1
    for y, wanted in ((199, 39), (390, 39), (101, 20)):
        QTest.mouseClick(stage.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(X, y))
        assert stage.states[STACK.viewport].slice_index == wanted
