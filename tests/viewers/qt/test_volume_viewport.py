"""The widget of a volume in 3D: real events, and the states that come of them."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.patience import PATIENCE_MS
from tests.support.viewer_volumes import spatial_volume, straight_affine
from tests.viewers.qt.stage import grabbed
from viewers.geometry.frame import Vector3
from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.labels import ViewportLabels
from viewers.qt.volume_viewport import VolumeViewport
from viewers.scene.box_handles import handles
from viewers.scene.errors import RenderingRefused
from viewers.scene.presets import TransferFunction
from viewers.state.camera import Side
from viewers.state.resolve import resolve
from viewers.state.view_state import ViewKind, ViewState
from viewers.state.volume_look import Face
from viewers.tools.intents import Intent, MoveCrosshair, SetLook
from viewers.tools.pointer import MouseProfile

pytestmark = pytest.mark.qt

LOOK = TransferFunction(
    colours=((-500.0, (0.0, 0.0, 0.0)), (500.0, (1.0, 1.0, 1.0))),
    opacities=((-500.0, 1.0), (500.0, 1.0)),
    is_projection=True,
    is_shaded=False,
)
NOTHING = Qt.KeyboardModifier.NoModifier


def left_block() -> Volume:
    voxels = np.full((40, 100, 100), -1000, np.int16)
    voxels[15:25, 40:60, 75:95] = 1000
    return spatial_volume(voxels, straight_affine())


class Desk:
    """Holds the state of one viewport and lets its intents change it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.widget = VolumeViewport(ViewportId("v4"), ViewportLabels())
        qtbot.addWidget(self.widget)
        self.widget.resize(200, 200)
        self.widget.intent.connect(self.receive)
        self.state = ViewState(ViewportId("v4"), ViewKind.VOLUME)
        self.volume = left_block()
        self.crosshair: Vector3 | None = None
        self.said: list[Intent] = []
        self.widget.show()

    def show(self) -> None:
        resolved = resolve(self.state, self.volume, self.widget.size_in_pixels())
        self.widget.show_content(ViewportContent(self.volume, resolved, crosshair_lps=self.crosshair), LOOK, "mip")

    def receive(self, intent: Intent) -> None:
        self.said.append(intent)
        if isinstance(intent, SetLook):
            self.state = replace(self.state, look=intent.look)
        if isinstance(intent, MoveCrosshair):
            self.crosshair = intent.point
        self.show()

    def drag(self, button: Qt.MouseButton, start: tuple[int, int], end: tuple[int, int]) -> None:
        middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        QTest.mousePress(self.widget, button, NOTHING, QPoint(*start))
        for place in (middle, end):
            QTest.mouseMove(self.widget, QPoint(*place))
        QTest.mouseRelease(self.widget, button, NOTHING, QPoint(*end))

    def bright_columns(self) -> float:
        pixels = grabbed(self.widget)[40:160].astype(int)
        grey = (np.ptp(pixels, axis=2) == 0) & (pixels[:, :, 0] > 150)
        return float(np.nonzero(grey)[1].mean())


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    found = Desk(qtbot)
    found.show()
    return found


def test_the_left_of_the_patient_is_on_the_right_from_the_front_and_on_the_left_from_behind(desk: Desk) -> None:
    assert desk.bright_columns() > 120
    desk.state = replace(
        desk.state, look=replace(desk.state.look, camera=desk.state.look.camera.at_side(Side.POSTERIOR))
    )
    desk.show()
    assert desk.bright_columns() < 80


def test_dragging_turns_the_body_with_the_hand(desk: Desk) -> None:
    before = desk.bright_columns()
    desk.drag(Qt.MouseButton.LeftButton, (150, 100), (50, 100))
    # From the middle of the drag on, where it was past the threshold.
    assert desk.state.look.camera.azimuth_degrees == pytest.approx(20.0)
    assert desk.bright_columns() < before


def test_the_middle_button_moves_and_the_right_one_zooms(desk: Desk) -> None:
    before = desk.bright_columns()
    desk.drag(Qt.MouseButton.MiddleButton, (100, 100), (60, 100))
    assert desk.bright_columns() == pytest.approx(before - 20.0, abs=2.0)
    desk.drag(Qt.MouseButton.RightButton, (100, 100), (100, 60))
    assert desk.state.look.camera.zoom > 1.05


def test_another_button_ends_no_drag_and_opens_no_menu(desk: Desk, qtbot: QtBot) -> None:
    left, right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
    QTest.mousePress(desk.widget, left, NOTHING, QPoint(150, 100))
    QTest.mouseMove(desk.widget, QPoint(100, 100))
    with qtbot.assertNotEmitted(desk.widget.menu_requested):
        QTest.mouseClick(desk.widget, right, NOTHING, QPoint(100, 100))
    QTest.mouseMove(desk.widget, QPoint(50, 100))
    QTest.mouseRelease(desk.widget, left, NOTHING, QPoint(50, 100))
    assert desk.state.look.camera.azimuth_degrees == pytest.approx(20.0)
    assert desk.state.look.camera.zoom == 1.0
    with qtbot.waitSignal(desk.widget.menu_requested):
        QTest.mouseClick(desk.widget, right, NOTHING, QPoint(100, 100))


def test_a_left_hand_turns_with_the_other_button(desk: Desk) -> None:
    desk.widget.set_profile(MouseProfile(is_left_handed=True))
    desk.drag(Qt.MouseButton.RightButton, (150, 100), (50, 100))
    assert desk.state.look.camera.azimuth_degrees == pytest.approx(20.0)
    assert desk.state.look.camera.zoom == 1.0


def test_a_click_turns_nothing_and_picks_what_is_seen(desk: Desk) -> None:
    QTest.mouseClick(desk.widget, Qt.MouseButton.LeftButton, NOTHING, QPoint(5, 5))
    assert not [one for one in desk.said if isinstance(one, SetLook)]
    seen = desk.widget.look.camera
    i, j, k = 85.0, 50.0, 20.0
    x, y, z = (desk.volume.affine @ np.array([i, j, k, 1.0]))[:3]
    column, row = resolve(desk.state, desk.volume, desk.widget.size_in_pixels()).plane.lps_to_pixel((x, y, z))
    QTest.mouseClick(desk.widget, Qt.MouseButton.LeftButton, NOTHING, QPoint(round(column), round(row)))
    assert desk.widget.look.camera == seen
    assert desk.crosshair is not None
    index = np.linalg.solve(desk.volume.affine[:3, :3], np.array(desk.crosshair) - desk.volume.affine[:3, 3])
    assert all(low - 1 <= at <= high + 1 for at, low, high in zip(index, (75, 40, 15), (94, 59, 24), strict=True))


def test_a_face_of_the_box_is_dragged_by_its_handle(desk: Desk) -> None:
    desk.state = replace(desk.state, look=replace(desk.state.look, is_box_shown=True))
    desk.show()
    before = np.count_nonzero(grabbed(desk.widget)[60:140, 100:180].min(axis=2) > 200)
    plane = resolve(desk.state, desk.volume, desk.widget.size_in_pixels()).plane
    handle = next(one for one in handles(desk.volume, desk.state.look.box, plane) if one.face is Face.COLUMNS_HIGH)
    start = (round(handle.position[0]), round(handle.position[1]))
    desk.drag(Qt.MouseButton.LeftButton, start, (start[0] - round(handle.way[0] * 0.6), start[1]))
    box = desk.state.look.box
    assert box.high[0] < 0.8
    assert (box.low, box.high[1:]) == ((0.0, 0.0, 0.0), (1.0, 1.0))
    assert np.count_nonzero(grabbed(desk.widget)[60:140, 100:180].min(axis=2) > 200) < before


def test_a_series_that_cannot_be_shown_is_told_in_words(qtbot: QtBot, desk: Desk) -> None:
    resolved = resolve(desk.state, desk.volume, desk.widget.size_in_pixels())
    coloured = replace(left_block(), voxels=np.zeros((40, 100, 100, 3), np.uint8))
    with qtbot.waitSignal(desk.widget.failed) as failed:
        desk.widget.show_content(ViewportContent(coloured, resolved), LOOK)
    assert isinstance(failed.args[0], RenderingRefused)
    assert grabbed(desk.widget)[40:160].max() > 150


def test_the_picture_is_refined_when_the_hand_rests(qtbot: QtBot, desk: Desk) -> None:
    desk.widget.grab()
    qtbot.waitUntil(lambda: desk.widget.picture_width == 200, timeout=PATIENCE_MS)


def test_a_part_of_a_series_says_that_it_is_a_part(desk: Desk) -> None:
    whole = grabbed(desk.widget)
    desk.volume = replace(left_block(), expected_slices=99)
    desk.show()
    told = grabbed(desk.widget)
    orange = (told[100:, 100:, 0].astype(int) - told[100:, 100:, 2]) > 120
    assert orange.any()
    assert not ((whole[100:, 100:, 0].astype(int) - whole[100:, 100:, 2]) > 120).any()
