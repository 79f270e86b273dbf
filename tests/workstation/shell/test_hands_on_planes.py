"""Keys and mouse on the reading page: oblique planes, slabs, the lens, the bar at the edge."""

import math

import pytest
from PySide6.QtCore import Qt

from tests.workstation.shell.desk import Desk
from viewers.geometry.frame import dot
from viewers.identifiers import ViewportId
from viewers.image.sampling import Projection, Slab
from viewers.qt.overlay import view_plane
from viewers.tools.cuts import CutLine, Grip, cut_lines

pytestmark = pytest.mark.qt

SHIFT = Qt.KeyboardModifier.ShiftModifier
PLANES = ("v1", "v2", "v3")


def line(desk: Desk, of: str) -> CutLine:
    content = desk.content("v1")
    view = view_plane(content, desk.viewport("v1").devicePixelRatioF())
    lines = cut_lines(view, content.cuts, content.crosshair_lps)
    return next(one for one in lines if one.cut.viewport == ViewportId(of))


def point(position: tuple[float, float]) -> tuple[int, int]:
    return round(position[0]), round(position[1])


def normals(desk: Desk) -> list[tuple[float, float, float]]:
    return [desk.content(name).resolved.plane.normal for name in PLANES]


def test_a_reader_turns_thickens_and_resets_planes_by_hand_and_key(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_M)
    desk.press(Qt.Key.Key_X)
    before = normals(desk)
    found = line(desk, "v2")
    handle = next(one.position for one in found.handles() if one.grip is Grip.TURN)
    away = abs(handle[0] - found.foot[0])
    desk.drag(point(handle), point((handle[0], handle[1] + away * math.tan(math.radians(20.0)))), "v1")
    turned = normals(desk)
    assert math.degrees(math.acos(abs(dot(before[1], turned[1])))) == pytest.approx(20.0, abs=1.5)
    assert abs(dot(turned[1], turned[2])) < 1e-9
    edges = desk.content("v2").resolved.edges
    assert edges is not None
    assert len(edges.right) == 2
    desk.press(Qt.Key.Key_Plus)
    desk.press(Qt.Key.Key_Plus)
    assert desk.content("v1").resolved.slab == Slab(3.0, Projection.MAXIMUM)
    desk.press(Qt.Key.Key_Minus)
    desk.press(Qt.Key.Key_Minus)
    assert desk.content("v1").resolved.slab is None
    desk.press(Qt.Key.Key_X, SHIFT)
    assert normals(desk) == before


def test_the_lens_is_held_by_a_key_and_the_bar_knows_what_was_looked_at(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_G)
    assert desk.page.board.hands.has_lens
    desk.press(Qt.Key.Key_G)
    assert not desk.page.board.hands.has_lens
    desk.press(Qt.Key.Key_G)
    button = desk.page.bar.actions_by_id["magnifier"]
    assert button.isChecked()
    desk.viewport().lens_let_go.emit()
    assert (desk.page.board.hands.has_lens, button.isChecked()) == (False, False)
    desk.press(Qt.Key.Key_K)
    x = desk.viewport().width() - 4
    desk.drag((x, 10), (x, 11))
    content = desk.content()
    assert content.resolved.slice_index == 0
    assert [k for k in range(40) if content.seen_slices >> k & 1] == [0, 20]
    assert content.key_slices == {20}


def test_planes_are_neither_thickened_nor_turned_back_on_a_stack(desk: Desk) -> None:
    desk.focus()
    said = len(desk.notices)
    desk.press(Qt.Key.Key_Plus)
    desk.press(Qt.Key.Key_X, SHIFT)
    assert len(desk.notices) == said + 2
