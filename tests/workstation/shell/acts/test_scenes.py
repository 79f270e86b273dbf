"""The acts of a volume in 3D and of a curved picture, by what is then on screen."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.workstation.shell.desk import Desk
from viewers.identifiers import ViewportId
from viewers.qt.curved_viewport import CurvedViewport
from viewers.qt.volume_viewport import VolumeViewport
from viewers.state.camera import Side, VolumeCamera
from viewers.state.curved_look import CurvedLook
from viewers.state.view_state import ViewKind
from viewers.state.volume_look import ClippingBox, Face, VolumeLook

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


def act(desk: Desk, name: str) -> None:
    desk.page.acts.act(name)
    desk.settle()


def cell(desk: Desk, name: str) -> QWidget:
    return desk.page.board.cell(ViewportId(name))


def look(desk: Desk, name: str) -> VolumeLook:
    state = desk.case.views.state(ViewportId(name))
    assert state is not None
    return state.look


def curve(desk: Desk) -> CurvedLook:
    state = desk.case.views.state(ViewportId("v4"))
    assert state is not None
    assert state.kind is ViewKind.CURVED
    return state.curve


def click(desk: Desk, name: str, x: int, y: int) -> None:
    QTest.mouseClick(cell(desk, name), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, y))
    desk.settle()


def test_the_active_viewport_is_shown_in_3d_and_as_a_stack_again(desk: Desk) -> None:
    act(desk, "volume")
    assert isinstance(cell(desk, "v1"), VolumeViewport)
    act(desk, "volume")
    assert cell(desk, "v1") is desk.viewport("v1")


def test_presets_sides_and_box_change_the_volume_beside_the_planes(desk: Desk) -> None:
    act(desk, "mpr")
    act(desk, "volume_preset.ct_lung")
    act(desk, f"volume_{Side.LEFT}")
    act(desk, "volume_box")
    assert look(desk, "v4") == VolumeLook("ct_lung", VolumeCamera().at_side(Side.LEFT), is_box_shown=True)
    views = desk.case.views
    views.change(ViewportId("v4"), lambda state: replace(state, look=replace(state.look, box=_half())))
    act(desk, "volume_box_reset")
    assert look(desk, "v4").box == ClippingBox()
    assert desk.content("v4").resolved.edges is not None
    assert desk.content("v4").resolved.edges.left == "A"


def _half() -> ClippingBox:
    return ClippingBox().moved(Face.COLUMNS_HIGH, 0.5)


def test_presets_of_others_and_acts_without_a_volume_are_refused_in_words(desk: Desk) -> None:
    act(desk, "volume_box")
    act(desk, "mpr")
    act(desk, "volume_preset.mr_angio")
    assert look(desk, "v4") == VolumeLook()
    assert len(desk.notices) == 2
    assert desk.notices[0] != desk.notices[1]


def test_a_path_is_drawn_by_clicks_in_the_planes_and_shown_straight(desk: Desk) -> None:
    act(desk, "path")
    assert desk.case.views.layout.visible[-1] == "v4"
    assert isinstance(cell(desk, "v4"), CurvedViewport)
    click(desk, "v1", 60, 80)
    click(desk, "v1", 120, 90)
    click(desk, "v2", 90, 70)
    points = curve(desk).points_lps
    assert len(points) == 3
    assert points[0] == pytest.approx(desk.content("v1").resolved.plane.pixel_to_lps(59.5, 79.5), abs=1.0)
    assert desk.content("v4").resolved.curved is not None
    path = desk.content("v1").path
    assert path is not None
    assert path.curve.points_lps == points
    desk.drag((120, 90), (125, 60))
    moved = curve(desk).points_lps
    assert (moved[0], moved[2]) == (points[0], points[2])
    assert moved[1] == pytest.approx(desk.content("v1").resolved.plane.pixel_to_lps(124.5, 59.5), abs=1.0)
    act(desk, "path_back")
    assert curve(desk).points_lps == moved[:2]
    act(desk, "curved_quarter")
    assert curve(desk).turned_degrees == 90.0


def test_the_pointer_on_the_curved_picture_is_seen_in_the_planes(desk: Desk) -> None:
    act(desk, "path")
    for x, y in ((60, 80), (120, 90)):
        click(desk, "v1", x, y)
    widget = cell(desk, "v4")
    for x in (70, 80):
        QTest.mouseMove(widget, QPoint(x, 90))
    desk.settle()
    path = desk.content("v1").path
    assert path is not None
    assert path.pointed_lps is not None
    column, row = desk.content("v1").resolved.plane.lps_to_pixel(path.pointed_lps)
    assert 55 < column < 125
    assert 75 < row < 95


def test_the_path_comes_back_with_the_case(desk: Desk) -> None:
    act(desk, "path")
    for x, y in ((60, 80), (120, 90)):
        click(desk, "v1", x, y)
    act(desk, "curved_turn_right")
    archived, drawn = desk.case.views.archive(), curve(desk)
    act(desk, "path_clear")
    assert desk.case.views.restore(archived)
    assert curve(desk) == replace(drawn, pointed_mm=None)


def test_the_curved_picture_gives_its_place_back_to_the_volume(desk: Desk) -> None:
    act(desk, "path")
    click(desk, "v1", 60, 80)
    act(desk, "curved_close")
    assert isinstance(cell(desk, "v4"), VolumeViewport)
