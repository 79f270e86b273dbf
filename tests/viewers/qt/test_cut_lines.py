"""The lines of the crosshair under a real mouse: point, planes, slabs, and what the pointer looks like over them."""

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.viewers.qt.stage import Stage, grabbed, planes
from tests.viewers.qt.test_viewport import drag, phantom, place, spot
from viewers.geometry.frame import dot
from viewers.geometry.orientation import edge_letters
from viewers.identifiers import ViewportId
from viewers.image.sampling import Projection, Slab
from viewers.qt.viewport import ViewportWidget
from viewers.tools.cuts import Cut, CutLine, Grip, cut_lines
from viewers.tools.navigate import Navigation

pytestmark = pytest.mark.qt

AXIAL, CORONAL, SAGITTAL = ViewportId("axial"), ViewportId("coronal"), ViewportId("sagittal")
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    volume = phantom((60, 40, 22))
    through = place(volume, 60, 40, 22)
    staged = Stage(qtbot, volume, *(replace(state, centre_lps=through) for state in planes()[1:]))
    staged.crosshair = through
    for widget in staged.widgets.values():
        widget.set_tool(Navigation.CROSSHAIR)
    staged.show()
    return staged


def line(stage: Stage, of: ViewportId, on: ViewportId = AXIAL) -> CutLine:
    seen = stage.seen(on)
    (found,) = cut_lines(seen.view, tuple(one for one in seen.content.cuts if one.viewport == of), stage.crosshair)
    return found


def handle(stage: Stage, of: ViewportId, grip: Grip, on: ViewportId = AXIAL) -> tuple[float, float]:
    return next(one.position for one in line(stage, of, on).handles() if one.grip is grip)


def normals(stage: Stage) -> list[tuple[float, float, float]]:
    return [stage.states[one].orientation.normal for one in (AXIAL, CORONAL, SAGITTAL)]


def turn(
    stage: Stage, of: ViewportId, degrees: float, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    start, centre = handle(stage, of, Grip.TURN), line(stage, of).foot
    right, down = start[0] - centre[0], start[1] - centre[1]
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    end = (centre[0] + cosine * right - sine * down, centre[1] + sine * right + cosine * down)
    drag(stage.widgets[AXIAL], start, end, keys=keys)


def test_a_round_handle_turns_both_planes_about_the_point(stage: Stage) -> None:
    before = {one: stage.position(place(stage.volume, 60, 40, 22), one) for one in (AXIAL, CORONAL, SAGITTAL)}
    scale = stage.resolved(CORONAL).plane.spacing_mm
    turn(stage, CORONAL, 30.0)
    axial, coronal, sagittal = normals(stage)
    assert math.degrees(math.acos(abs(dot(coronal, (0.0, 1.0, 0.0))))) == pytest.approx(30.0, abs=1.0)
    assert max(abs(dot(axial, coronal)), abs(dot(axial, sagittal)), abs(dot(coronal, sagittal))) < 1e-9
    assert axial == (0.0, 0.0, 1.0)
    for one, was in before.items():
        assert math.dist(stage.position(place(stage.volume, 60, 40, 22), one), was) < 0.01
    assert stage.resolved(CORONAL).plane.spacing_mm == pytest.approx(scale, rel=1e-9)


def test_with_control_a_plane_turns_alone(stage: Stage) -> None:
    turn(stage, CORONAL, 25.0, CONTROL)
    _, coronal, sagittal = normals(stage)
    assert abs(coronal[1]) < 0.95
    assert abs(sagittal[0]) == pytest.approx(1.0)


def test_a_double_oblique_plane_shows_the_voxel_at_the_point_and_says_where_it_looks(stage: Stage) -> None:
    turn(stage, CORONAL, 40.0)
    start = handle(stage, AXIAL, Grip.TURN, CORONAL)
    centre = line(stage, AXIAL, CORONAL).foot
    drag(stage.widgets[CORONAL], start, (start[0], start[1] + 0.5 * abs(start[0] - centre[0])))
    assert stage.crosshair is not None
    for one in (AXIAL, CORONAL, SAGITTAL):
        stage.states[one] = replace(stage.states[one], window=replace(stage.resolved(one).window, centre=0, width=2000))
    stage.show()
    for one in (AXIAL, CORONAL, SAGITTAL):
        at = stage.position(stage.crosshair, one)
        assert math.dist(spot(stage.widgets[one], at, reach=12), at) < 1.5
    letters = edge_letters(stage.resolved(AXIAL).plane)
    assert len(letters.right) == 2 or len(letters.bottom) == 2


def test_a_line_dragged_near_its_middle_moves_its_plane_and_no_other(stage: Stage) -> None:
    before = {one: stage.resolved(one).plane for one in (AXIAL, CORONAL, SAGITTAL)}
    found = line(stage, CORONAL)
    start = found.at(40.0)
    drag(stage.widgets[AXIAL], start, (start[0], start[1] + 30))
    moved = 30 * before[AXIAL].spacing_mm
    away = abs(stage.resolved(CORONAL).plane.distance_mm(before[CORONAL].origin_lps))
    assert away == pytest.approx(moved, abs=0.1)
    for one in (AXIAL, SAGITTAL):
        assert abs(stage.resolved(one).plane.distance_mm(before[one].origin_lps)) < 1e-6


def test_the_point_is_dragged_without_a_jump(stage: Stage) -> None:
    before = stage.crosshair
    assert before is not None
    x, y = stage.position(before, AXIAL)
    drag(stage.widgets[AXIAL], (x + 3, y + 2), (x + 43, y - 18))
    assert stage.crosshair is not None
    assert math.dist(stage.position(stage.crosshair, AXIAL), (x + 40, y - 20)) < 1.0


def test_a_click_on_a_line_a_handle_or_the_point_changes_nothing(stage: Stage) -> None:
    found = line(stage, CORONAL)
    spots = [found.foot, found.at(40.0), *(one.position for one in found.handles())]
    for x, y in spots:
        drag(stage.widgets[AXIAL], (x, y), (x + 2, y + 1))
    assert stage.said == []


def test_a_slab_handle_sets_the_thickness_and_its_borders_lie_where_it_ends(stage: Stage) -> None:
    x, y = handle(stage, CORONAL, Grip.THICKEN)
    mm = stage.resolved(AXIAL).plane.spacing_mm
    drag(stage.widgets[AXIAL], (x, y), (x, y + round(5.0 / mm)))
    slab = stage.states[CORONAL].slab
    assert slab is not None
    assert slab.projection is Projection.MAXIMUM
    assert slab.thickness_mm == pytest.approx(10.0, abs=0.75)
    found = line(stage, CORONAL)
    for margins in (-1.0, 1.0):
        border = stage.seen(AXIAL).view.to_space(found.at(30.0, margins))
        assert abs(found.cut.plane.distance_mm(border)) == pytest.approx(slab.thickness_mm / 2, abs=1e-6)
    x, y = handle(stage, CORONAL, Grip.THICKEN)
    drag(stage.widgets[AXIAL], (x, y), (x, found.foot[1]))
    assert stage.states[CORONAL].slab is None


@pytest.mark.parametrize(("away_mm", "is_seen"), [(4.9, True), (-4.9, True), (5.1, False), (-5.1, False)])
def test_a_slab_of_ten_millimetres_ends_where_it_says(qtbot: QtBot, away_mm: float, is_seen: bool) -> None:
    voxels = np.full((401, 40, 40), -1000, np.int16)
    voxels[200, 20, 20] = 1000
    volume = replace(phantom(), voxels=voxels)
    affine = np.array(volume.affine)
    affine[:3, 2] = (0.0, 0.0, 0.1)
    origins = np.array([affine[:3, 3] + k * affine[:3, 2] for k in range(401)])
    volume = replace(
        volume,
        affine=affine,
        slice_origins_lps=origins,
        gap_after=np.zeros(400, np.bool_),
        sources=tuple(volume.sources[0] for _ in range(401)),
    )
    x, y, z = place(volume, 20, 20, 200)
    state = replace(planes()[1], slab=Slab(10.0, Projection.MAXIMUM), centre_lps=(x, y, z + away_mm))
    stage = Stage(qtbot, volume, state)
    column, row = stage.position((x, y, z))
    bright = int(grabbed(stage.widget)[round(row) - 3 : round(row) + 3, round(column) - 3 : round(column) + 3].max())
    assert (bright > 200) is is_seen


def test_the_pointer_tells_what_a_press_would_do(stage: Stage) -> None:
    widget, found = stage.widgets[AXIAL], line(stage, CORONAL)
    assert shape_at(widget, found.foot) is Qt.CursorShape.SizeAllCursor
    assert shape_at(widget, found.at(40.0)) is Qt.CursorShape.SizeVerCursor
    assert shape_at(widget, line(stage, SAGITTAL).at(40.0)) is Qt.CursorShape.SizeHorCursor
    assert shape_at(widget, handle(stage, CORONAL, Grip.TURN)) is Qt.CursorShape.BitmapCursor
    assert shape_at(widget, handle(stage, CORONAL, Grip.THICKEN)) is Qt.CursorShape.SplitVCursor
    assert shape_at(widget, (found.foot[0] + 50, found.foot[1] + 50)) is Qt.CursorShape.CrossCursor
    widget.set_tool(Navigation.WINDOW)
    assert shape_at(widget, found.at(40.0)) is Qt.CursorShape.ArrowCursor


def test_a_window_is_dragged_across_the_lines_without_touching_them(stage: Stage) -> None:
    before = normals(stage)
    stage.widgets[AXIAL].set_tool(Navigation.WINDOW)
    x, y = line(stage, CORONAL).at(40.0)
    drag(stage.widgets[AXIAL], (x, y), (x + 50, y + 30))
    assert normals(stage) == before
    assert stage.states[AXIAL].window is not None


def test_planes_off_the_picture_have_no_line(stage: Stage) -> None:
    far = replace(stage.resolved(CORONAL).plane, origin_lps=(0.0, 900.0, 0.0))
    assert cut_lines(stage.seen(AXIAL).view, (Cut(CORONAL, far),), stage.crosshair) == ()


def shape_at(widget: ViewportWidget, position: tuple[float, float]) -> Qt.CursorShape:
    QTest.mouseMove(widget, QPoint(round(position[0]), round(position[1])))
    return widget.cursor().shape()
