import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.viewer_volumes import flat_volume, spatial_volume, straight_affine
from tests.viewers.qt.stage import STACK, Stage, grabbed, planes
from viewers.geometry.frame import Vector3, as_vector, index_to_lps
from viewers.identifiers import ViewportId
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import ViewState
from viewers.tools.intents import (
    AddAnnotation,
    DeleteAnnotation,
    MoveCrosshair,
    MoveHandle,
    PanBy,
    ScrollBy,
    SelectAnnotation,
    SetWindow,
    ZoomBy,
)
from viewers.tools.navigate import Navigation
from viewers.tools.registry import measure

pytestmark = pytest.mark.qt

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier
WIDE = Window(0.0, 2000.0)


def drag(
    widget: ViewportWidget,
    start: tuple[float, float],
    end: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NONE,
) -> None:
    first, last = QPoint(round(start[0]), round(start[1])), QPoint(round(end[0]), round(end[1]))
    QTest.mousePress(widget, button, keys, first)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(widget, first + (last - first) * part)
    QTest.mouseRelease(widget, button, keys, last)


def phantom(*marked: tuple[int, int, int]) -> Volume:
    """Air of 80 × 80 × 80 mm with single voxels of bone, given as (i, j, k)."""
    voxels = np.full((40, 100, 100), -1000, np.int16)
    for i, j, k in marked:
        voxels[k, j, i] = 1000
    return spatial_volume(voxels, straight_affine())


def place(volume: Volume, i: float, j: float, k: float) -> Vector3:
    return as_vector(index_to_lps(volume.affine, np.array((i, j, k))))


def spot(widget: ViewportWidget, near: tuple[float, float], reach: int = 25) -> tuple[float, float]:
    """The centre of the brightness near a position, in widget coordinates; grey only, so no mark or letter."""
    pixels = grabbed(widget).astype(float)
    grey = np.where(np.ptp(pixels, axis=2) < 1, pixels.mean(axis=2), 0.0)
    x, y = round(near[0]), round(near[1])
    top, left = max(0, y - reach), max(0, x - reach)
    part = grey[top : y + reach, left : x + reach]
    assert part.max() > 60
    rows, columns = np.nonzero(part > part.max() / 2)
    return float(left + columns.mean() + 0.5), float(top + rows.mean() + 0.5)


def rod() -> Volume:
    """A rod from column edge 25 to column edge 75: 40.0 mm, on slice 20."""
    voxels = np.full((40, 100, 100), -1000, np.int16)
    voxels[20, 45:55, 25:75] = 1000
    return spatial_volume(voxels, straight_affine())


def test_a_length_drawn_with_the_mouse_is_exact_to_a_tenth_of_a_millimetre(qtbot: QtBot) -> None:
    stage = Stage(qtbot, rod(), replace(STACK, slice_index=20, window=WIDE), size=(800, 800))
    bright = np.nonzero(grabbed(stage.widget)[400, 150:650, 0] > 127)[0] + 150
    stage.widget.set_tool("length")
    drag(stage.widget, (bright[0], 400), (bright[-1] + 1, 400))
    (mark,) = stage.marks
    (value,) = measure(mark, stage.volume).values
    assert value.value == pytest.approx(40.0, abs=0.1)
    assert value.unit_label == "mm"
    assert stage.selected == mark.id


def test_a_length_is_the_same_when_zoomed_turned_and_panned(qtbot: QtBot) -> None:
    state = replace(STACK, slice_index=20, zoom=1.7, pan=(6.0, -4.0), rotation_degrees=90, flipped_vertically=True)
    stage = Stage(qtbot, rod(), state, size=(700, 800))
    stage.widget.set_tool("length")
    ends = [stage.position(place(stage.volume, i, 50, 20)) for i in (24.5, 74.5)]
    drag(stage.widget, ends[0], ends[1])
    (value,) = measure(stage.marks[0], stage.volume).values
    assert value.value == pytest.approx(40.0, abs=0.1)


@pytest.mark.parametrize("zoom", [1.0, 3.0])
@pytest.mark.parametrize("state", planes(), ids=lambda state: str(state.viewport))
def test_a_marked_voxel_appears_where_its_place_is(qtbot: QtBot, state: ViewState, zoom: float) -> None:
    volume = phantom((55, 44, 22))
    point = place(volume, 55, 44, 22)
    shown = replace(state, slice_index=22, centre_lps=point, zoom=zoom, window=WIDE, pan=(-5.0, 4.0))
    stage = Stage(qtbot, volume, shown, size=(420, 380))
    expected = stage.position(point)
    assert math.dist(spot(stage.widget, expected), expected) < 1.0


def test_letters_tell_the_side_of_a_voxel_that_is_known_to_be_left(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[object] = []
    monkeypatch.setattr(
        "viewers.qt.overlay.draw_letters", lambda _painter, _area, letters, _against: written.append(letters)
    )
    # Index i grows towards the patient's left, j to the back: the voxel is left and in the middle.
    stage = Stage(qtbot, phantom((90, 50, 20)), replace(STACK, slice_index=20, window=WIDE))
    for across, down, degrees in product((False, True), (False, True), (0, 90, 180, 270)):
        state = replace(stage.states[STACK.viewport], flipped_horizontally=across, flipped_vertically=down)
        stage.states[STACK.viewport] = replace(state, rotation_degrees=degrees)
        stage.show()
        x, y = spot(stage.widget, stage.position(place(stage.volume, 90, 50, 20)))
        right, low = x - 200, y - 200
        side = ("right" if right > 0 else "left") if abs(right) > abs(low) else ("bottom" if low > 0 else "top")
        assert {edge: getattr(written[-1], edge) for edge in ("left", "right", "top", "bottom")}[side] == "L"


def test_a_click_changes_nothing_but_who_is_active(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    with qtbot.waitSignal(stage.widget.activated):
        drag(stage.widget, (200, 200), (202, 201))
    assert stage.said == [SelectAnnotation(None)]


def test_each_button_does_what_the_profile_says(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    drag(stage.widget, (200, 200), (260, 230))
    drag(stage.widget, (200, 200), (260, 230), MIDDLE)
    drag(stage.widget, (200, 200), (200, 230), RIGHT)
    kinds = [type(one) for one in stage.said]
    assert {kind for kind in kinds if kind is not SelectAnnotation} == {SetWindow, PanBy, ZoomBy}
    state = stage.states[ViewportId("stack")]
    assert state.window is not None
    assert state.window.width > 400
    assert state.window.centre > 40
    assert state.zoom < 1
    assert state.pan[0] > 0


def test_a_right_click_asks_for_the_menu_and_a_right_drag_does_not(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    with qtbot.waitSignal(stage.widget.menu_requested):
        QTest.mouseClick(stage.widget, RIGHT, NONE, QPoint(50, 60))
    with qtbot.assertNotEmitted(stage.widget.menu_requested):
        drag(stage.widget, (50, 60), (50, 90), RIGHT)


def turn_wheel(widget: ViewportWidget, delta: int, keys: Qt.KeyboardModifier = NONE) -> None:
    at = QPointF(120.0, 140.0)
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_scrolls_towards_the_reader_and_adds_up_fractions(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    for delta in (-120, -40, -40, -40, 120):
        turn_wheel(stage.widget, delta)
    assert stage.said == [ScrollBy(1), ScrollBy(1), ScrollBy(-1)]
    turn_wheel(stage.widget, 120, Qt.KeyboardModifier.ControlModifier)
    assert stage.said[-1] == ZoomBy(pytest.approx(1.15), (120.0, 140.0))


def test_a_double_click_asks_to_maximise(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    with qtbot.waitSignal(stage.widget.maximise_requested):
        QTest.mouseDClick(stage.widget, LEFT, NONE, QPoint(100, 100))
    stage.widget.set_tool("length")
    with qtbot.waitSignal(stage.widget.maximise_requested):
        QTest.mouseClick(stage.widget, LEFT, NONE, QPoint(100, 100))
        QTest.mouseDClick(stage.widget, LEFT, NONE, QPoint(100, 100))
    assert stage.marks == ()


def test_a_handle_is_dragged_and_the_mark_deleted_by_key(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), replace(STACK, slice_index=20))
    stage.widget.set_tool("ellipse")
    drag(stage.widget, (100, 100), (200, 160))
    stage.widget.set_tool(Navigation.WINDOW)
    (mark,) = stage.marks
    x, y = stage.position(mark.points_lps[1])
    drag(stage.widget, (x, y), (x + 40, y))
    (moved,) = [one for one in stage.said if isinstance(one, MoveHandle)]
    assert moved.before == mark
    assert stage.marks == (moved.after,)
    QTest.keyClick(stage.widget, Qt.Key.Key_Delete)
    assert DeleteAnnotation(moved.after) in stage.said
    assert stage.marks == ()


def test_escape_drops_the_mark_in_hand_and_other_keys_are_handed_on(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    stage.widget.set_tool("arrow")
    QTest.mouseClick(stage.widget, LEFT, NONE, QPoint(100, 100))
    with qtbot.assertNotEmitted(stage.widget.key_pressed):
        QTest.keyClick(stage.widget, Qt.Key.Key_Escape)
    QTest.mouseMove(stage.widget, QPoint(200, 200))
    with qtbot.waitSignal(stage.widget.key_pressed) as keys:
        QTest.keyClick(stage.widget, Qt.Key.Key_3)
    assert keys.args[0].key == Qt.Key.Key_3
    assert not [one for one in stage.said if isinstance(one, AddAnnotation)]


def test_a_mark_in_hand_does_not_end_on_another_slice(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), replace(STACK, slice_index=20))
    stage.widget.set_tool("length")
    QTest.mouseClick(stage.widget, LEFT, NONE, QPoint(100, 100))
    turn_wheel(stage.widget, -120)
    QTest.mouseClick(stage.widget, LEFT, NONE, QPoint(200, 200))
    assert stage.marks == ()


def test_dragging_the_crosshair_moves_the_other_planes_through_it(qtbot: QtBot) -> None:
    volume = phantom((62, 37, 22))
    stage = Stage(qtbot, volume, *planes())
    axial = ViewportId("axial")
    stage.widgets[axial].set_tool(Navigation.CROSSHAIR)
    drag(stage.widgets[axial], (150, 150), stage.position(place(volume, 62, 37, 20), axial))
    assert isinstance(stage.said[-1], MoveCrosshair)
    assert stage.crosshair is not None
    for other in ("coronal", "sagittal"):
        assert abs(stage.resolved(ViewportId(other)).plane.distance_mm(stage.crosshair)) < 1e-6
    coronal = stage.resolved(ViewportId("coronal")).plane
    assert abs(coronal.distance_mm(place(volume, 62, 37, 22))) < 0.2


def test_shift_drags_the_crosshair_whatever_the_tool(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), *planes())
    drag(stage.widget, (100, 100), (150, 120), keys=Qt.KeyboardModifier.ShiftModifier)
    assert {type(one) for one in stage.said} == {MoveCrosshair}


def test_a_slice_that_was_not_received_is_hatched_and_never_black(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), replace(STACK, slice_index=7))
    black = grabbed(stage.widget)[100:300, 60:340].max()
    stage.absent = frozenset({7})
    stage.show()
    hatched = grabbed(stage.widget)[100:300, 60:340]
    assert black == 0
    # All but the shadow of the words.
    assert (hatched.max(axis=2) > 10).mean() > 0.97
    assert np.unique(hatched.reshape(-1, 3), axis=0).shape[0] > 1


def test_a_gap_is_hatched_where_it_lies(qtbot: QtBot) -> None:
    volume = phantom()
    gaps = np.zeros(39, dtype=np.bool_)
    gaps[10] = True
    affine = np.array(volume.affine)
    origins = np.array(volume.slice_origins_lps)
    origins[11:] += (0.0, 0.0, 20.0)
    gappy = replace(volume, affine=affine, gap_after=gaps, slice_origins_lps=origins)
    coronal = replace(planes()[2])
    stage = Stage(qtbot, gappy, coronal)
    low, high = stage.position(place(volume, 50, 50, 10)), stage.position(place(volume, 50, 50, 21))
    pixels = grabbed(stage.widget)
    x = 70
    assert high[1] + 3 < low[1] - 3
    assert pixels[round(high[1]) + 3 : round(low[1]) - 3, x].min(axis=0).max() > 10
    assert pixels[round(low[1]) + 4, x].max() == 0
    assert pixels[round(high[1]) - 4, x].max() == 0


def test_a_circle_on_pixels_that_are_not_square_stays_a_circle(qtbot: QtBot) -> None:
    row, column = np.indices((100, 200))
    disc = ((row - 50) * 0.2) ** 2 + ((column - 100) * 0.1) ** 2 <= 64
    stage = Stage(qtbot, flat_volume(np.where(disc, 1000, 0).astype(np.int16), (0.2, 0.1)), STACK)
    pixels = grabbed(stage.widget)
    grey = np.ptp(pixels.astype(int), axis=2) == 0
    rows, columns = np.nonzero((pixels[:, :, 0] > 127) & grey)
    keep = (rows > 30) & (rows < 370) & (columns > 30) & (columns < 370)
    assert np.ptp(columns[keep]) == pytest.approx(np.ptp(rows[keep]), abs=3)


def test_a_view_that_cannot_be_made_says_so_once(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), planes()[1])
    colour = np.zeros((40, 100, 100, 3), np.uint8)
    stage.volume = replace(stage.volume, voxels=colour)
    with qtbot.waitSignal(stage.widget.failed):
        stage.show()
        stage.widget.grab()
    with qtbot.assertNotEmitted(stage.widget.failed):
        stage.widget.grab()


def test_a_viewport_asks_for_a_new_view_when_it_is_resized(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), STACK)
    with qtbot.waitSignal(stage.widget.resized) as resized:
        stage.widget.resize(300, 200)
    assert (resized.args[0].width, resized.args[0].height) == (300, 200)
