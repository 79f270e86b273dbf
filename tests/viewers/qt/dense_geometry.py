"""Where things lie on a dense screen; run by ``test_dense_screens`` in a process of its own for each density."""

import math
import os
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.viewers.qt.stage import Stage, grabbed, planes
from tests.viewers.qt.test_viewport import WIDE, drag, phantom, place, rod, spot
from viewers.identifiers import ViewportId
from viewers.state.view_state import ViewState
from viewers.tools.cuts import cut_lines
from viewers.tools.intents import MoveCrosshair
from viewers.tools.navigate import Navigation
from viewers.tools.registry import measure

pytestmark = pytest.mark.qt

RATIO = float(os.environ["QT_SCALE_FACTOR"])
# Odd sizes, so that device pixels come out between whole numbers.
SIZE = (421, 381)


def dense(x: float, y: float) -> tuple[float, float]:
    return x / RATIO, y / RATIO


def test_the_density_is_the_one_asked_for(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), planes()[0], size=SIZE)
    assert stage.widget.devicePixelRatioF() == RATIO
    size = stage.widget.size_in_pixels()
    assert (size.width, size.height) == (round(SIZE[0] * RATIO), round(SIZE[1] * RATIO))
    assert abs(grabbed(stage.widget).shape[1] - SIZE[0] * RATIO) <= 1


@pytest.mark.parametrize("zoom", [1.0, 2.7])
@pytest.mark.parametrize("state", planes(), ids=lambda state: str(state.viewport))
def test_a_marked_voxel_is_within_one_device_pixel_of_its_place(qtbot: QtBot, state: ViewState, zoom: float) -> None:
    volume = phantom((55, 44, 22))
    point = place(volume, 55, 44, 22)
    shown = replace(state, slice_index=22, centre_lps=point, zoom=zoom, window=WIDE, pan=(-5.0, 4.0))
    stage = Stage(qtbot, volume, shown, size=SIZE)
    expected = stage.position(point)
    assert math.dist(spot(stage.widget, expected, reach=round(25 * RATIO)), expected) < 1.0


@pytest.mark.parametrize("state", planes(), ids=lambda state: str(state.viewport))
def test_what_is_pressed_is_what_lies_there(qtbot: QtBot, state: ViewState) -> None:
    volume = phantom()
    shown = replace(state, slice_index=22, centre_lps=place(volume, 50, 50, 22), zoom=1.4)
    stage = Stage(qtbot, volume, shown, size=SIZE)
    stage.widget.set_tool(Navigation.CROSSHAIR)
    drag(stage.widget, (100, 90), (211, 143))
    said = stage.said[-1]
    assert isinstance(said, MoveCrosshair)
    column, row = stage.resolved().plane.lps_to_pixel(said.point)
    assert math.dist((column + 0.5, row + 0.5), (211 * RATIO, 143 * RATIO)) < 1.0


def test_a_length_is_drawn_along_the_rod_and_measures_it(qtbot: QtBot) -> None:
    stage = Stage(qtbot, rod(), replace(planes()[0], slice_index=20, window=WIDE), size=(801, 701))
    stage.widget.set_tool("length")
    ends = [dense(*stage.position(place(stage.volume, i, 50, 20))) for i in (24.5, 74.5)]
    drag(stage.widget, ends[0], ends[1])
    (value,) = measure(stage.marks[0], stage.volume).values
    # A press lands on a whole logical pixel.
    assert value.value == pytest.approx(40.0, abs=stage.resolved().plane.spacing_mm * RATIO)


def test_zoom_about_the_pointer_keeps_the_point_under_it(qtbot: QtBot) -> None:
    stage = Stage(qtbot, phantom(), planes()[0], size=SIZE)
    at = (120.0 * RATIO - 0.5, 140.0 * RATIO - 0.5)
    before = stage.resolved().plane.pixel_to_lps(*at)
    stage.turn_wheel((120.0, 140.0), 360)
    column, row = stage.resolved().plane.lps_to_pixel(before)
    assert math.dist((column, row), at) < 1.0


def test_the_lines_of_the_crosshair_lie_in_the_planes_that_they_stand_for(qtbot: QtBot) -> None:
    through = place(phantom(), 60, 40, 22)
    stage = Stage(qtbot, phantom(), *(replace(state, centre_lps=through) for state in planes()[1:]), size=SIZE)
    stage.crosshair = through
    for widget in stage.widgets.values():
        widget.set_tool(Navigation.CROSSHAIR)
    stage.show()
    axial = ViewportId("axial")
    for line in cut_lines(stage.seen(axial).view, stage.seen(axial).content.cuts, through):
        for handle in line.handles():
            place_lps = stage.seen(axial).view.to_space(handle.position)
            assert abs(line.cut.plane.distance_mm(place_lps)) < 1e-6
            x, y = (round(part * RATIO) for part in handle.position)
            pixels = grabbed(stage.widgets[axial])[y - 10 : y + 11, x - 10 : x + 11].astype(int)
            assert (pixels.max(axis=2) - pixels.min(axis=2)).max() > 50
