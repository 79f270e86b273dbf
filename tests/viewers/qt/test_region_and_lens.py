"""The window of a box, and the lens: drawn and held with a real mouse."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.viewer_volumes import flat_volume, spatial_volume, straight_affine
from tests.viewers.qt.stage import STACK, Stage, grabbed, planes
from tests.viewers.qt.test_viewport import WIDE, drag, phantom, place
from viewers.geometry.frame import added, subtracted
from viewers.image.description import Window
from viewers.image.errors import RegionRefused
from viewers.image.sampling import Interpolation
from viewers.image.volume import Volume
from viewers.qt.lens import DIAMETER, MAGNIFICATION, magnified
from viewers.state.region_window import region_window
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedLayer, ViewportSize
from viewers.state.view_state import ViewState
from viewers.tools.intents import SelectAnnotation, WindowByRegion
from viewers.tools.navigate import Navigation

pytestmark = pytest.mark.qt

CONTROL = Qt.KeyboardModifier.ControlModifier


def steps() -> Volume:
    """200 columns: -1000 HU, from column 50 a ramp of 0 to 99, from 150 padding; all slices and rows alike."""
    row = np.full(200, -1000, np.int16)
    row[50:150] = np.arange(100)
    row[150:] = -2000
    return spatial_volume(np.broadcast_to(row, (20, 200, 200)).copy(), straight_affine((0.5, 0.5, 2.0)), (-2000, -2000))


@pytest.mark.parametrize("state", planes()[:2], ids=lambda state: str(state.viewport))
def test_a_box_sets_the_window_to_what_lies_in_it_without_padding(qtbot: QtBot, state: ViewState) -> None:
    stage = Stage(qtbot, steps(), state)
    start, end = (stage.position(place(stage.volume, i, j, 10)) for i, j in ((50, 40), (190, 160)))
    drag(stage.widget, start, end, keys=CONTROL)
    window = stage.states[state.viewport].window
    assert window is not None
    assert window.centre - window.width / 2 == pytest.approx(1.0, abs=1.5)
    assert window.centre + window.width / 2 == pytest.approx(98.0, abs=1.5)
    assert any(isinstance(one, WindowByRegion) for one in stage.said)


@pytest.mark.parametrize("rotation", [0, 90, 270])
def test_the_box_is_that_of_the_turned_picture(qtbot: QtBot, rotation: int) -> None:
    stage = Stage(qtbot, steps(), replace(STACK, rotation_degrees=rotation, flipped_horizontally=True, zoom=1.3))
    stage.widget.set_tool(Navigation.REGION)
    start, end = (stage.position(place(stage.volume, i, j, 10)) for i, j in ((60.5, 60), (80.5, 140)))
    drag(stage.widget, start, end)
    window = stage.states[STACK.viewport].window
    assert window is not None
    assert window.centre == pytest.approx(20.5, abs=1.0)
    assert window.width == pytest.approx(19.0, abs=2.5)


def test_a_click_fits_no_window_and_escape_gives_a_box_up(qtbot: QtBot) -> None:
    stage = Stage(qtbot, steps(), STACK)
    stage.widget.set_tool(Navigation.REGION)
    drag(stage.widget, (100, 100), (102, 102))
    at = QPoint(100, 100)
    QTest.mousePress(stage.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    for way in (10, 60):
        QTest.mouseMove(stage.widget, at + QPoint(way, way))
    drawn = grabbed(stage.widget)[100, 110:150].astype(int)
    QTest.keyClick(stage.widget, Qt.Key.Key_Escape)
    QTest.mouseRelease(stage.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at + QPoint(60, 60))
    assert drawn.max() > 200
    assert {type(one) for one in stage.said} <= {SelectAnnotation}


def test_a_box_without_values_is_refused_and_said() -> None:
    volume = steps()
    view = resolve(STACK, volume, ViewportSize(300, 300))
    with pytest.raises(RegionRefused):
        region_window(volume, view, place(volume, 160, 10, 0), place(volume, 190, 90, 0))
    flat = flat_volume(np.full((50, 50), 7, np.int16), None)
    flat_view = resolve(STACK, flat, ViewportSize(300, 300))
    assert region_window(flat, flat_view, (5.0, 5.0, 0.0), (20.0, 30.0, 0.0)) == Window(7.0, 1.0)


@pytest.mark.parametrize("state", planes()[:2], ids=lambda state: str(state.viewport))
def test_the_lens_samples_the_volume_and_not_the_screen(qtbot: QtBot, state: ViewState) -> None:
    """Two voxels four apart are one blur of the screen's few pixels, and two dots under the lens."""
    volume = phantom((50, 50, 20), (54, 50, 20))
    point = place(volume, 52, 50, 20)
    shown = replace(state, slice_index=20, centre_lps=point, window=WIDE, interpolation=Interpolation.NEAREST)
    stage = Stage(qtbot, volume, shown, size=(400, 400))
    x, y = stage.position(point)
    apart = stage.position(place(volume, 54, 50, 20))[0] - stage.position(place(volume, 50, 50, 20))[0]
    before = grabbed(stage.widget)
    stage.widget.set_lens(True)
    for away in (9, 0):
        QTest.mouseMove(stage.widget, QPoint(round(x) + away, round(y)))
    line = grabbed(stage.widget)[round(y), :, 0].astype(int)
    inside = np.arange(400)[np.abs(np.arange(400) - round(x)) < DIAMETER / 2 - 5]
    bright = inside[line[inside] > 200]
    left, right = bright[bright < x], bright[bright > x]
    assert right.mean() - left.mean() == pytest.approx(apart * MAGNIFICATION, abs=1.0)
    # What lies under the pointer stays there: the pointer is at a whole pixel, its middle half a pixel further.
    assert (left.mean() + right.mean()) / 2 + 0.5 - round(x) == pytest.approx((x - round(x)) * MAGNIFICATION, abs=1.0)
    assert len(left) == pytest.approx(apart / 4 * MAGNIFICATION, abs=1.5)
    assert stage.said == []
    QApplication.sendEvent(stage.widget, QEvent(QEvent.Type.Leave))
    assert np.array_equal(grabbed(stage.widget), before)


def test_what_is_laid_over_is_under_the_lens_at_the_same_place(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), planes()[1])
    seen = stage.seen(planes()[1].viewport)
    shown = seen.content.resolved
    moved = replace(shown.plane, origin_lps=added(shown.plane.origin_lps, (3.0, -2.0, 7.0)))
    layer = ResolvedLayer(
        shown.volume, "PT", moved, shown.window, shown.voi_function, "", 0.5, shown.quantity, (), shown.passport
    )
    fused = replace(seen, content=replace(seen.content, resolved=replace(shown, fused=layer)))
    larger = magnified(fused, QPointF(120.0, 90.0), 1.0)
    assert larger.fused is not None
    for column, row in ((0.0, 0.0), (219.0, 219.0), (30.0, 150.0)):
        below, above = larger.plane.pixel_to_lps(column, row), larger.fused.plane.pixel_to_lps(column, row)
        assert subtracted(above, below) == pytest.approx((3.0, -2.0, 7.0))
    assert larger.plane.spacing_mm == pytest.approx(shown.plane.spacing_mm / MAGNIFICATION)


def test_a_lens_held_by_its_key_goes_with_it_and_a_tap_leaves_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    now = [100.0]
    monkeypatch.setattr("viewers.qt.lens.time.monotonic", lambda: now[0])
    stage.widget.set_lens(True)
    now[0] += 0.1
    with qtbot.assertNotEmitted(stage.widget.lens_let_go):
        QTest.keyRelease(stage.widget, Qt.Key.Key_G)
        now[0] += 5.0
        QTest.keyRelease(stage.widget, Qt.Key.Key_Shift)
    stage.widget.set_lens(True)
    now[0] += 2.0
    with qtbot.waitSignal(stage.widget.lens_let_go):
        QTest.keyRelease(stage.widget, Qt.Key.Key_G)
