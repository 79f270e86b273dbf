from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.viewer_volumes import spatial_volume, straight_affine
from tests.viewers.qt.stage import grabbed
from viewers.identifiers import ViewportId
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.qt.labels import ViewportLabels
from viewers.qt.volume_viewport import VolumeViewport
from viewers.scene.errors import RenderingRefused
from viewers.scene.presets import projection

pytestmark = pytest.mark.qt

LOOK = projection(Window(0.0, 1000.0))


def left_block() -> Volume:
    voxels = np.full((40, 100, 100), -1000, np.int16)
    voxels[15:25, 40:60, 75:95] = 1000
    return spatial_volume(voxels, straight_affine())


@pytest.fixture
def viewport(qtbot: QtBot) -> VolumeViewport:
    widget = VolumeViewport(ViewportId("v4"), ViewportLabels())
    qtbot.addWidget(widget)
    widget.resize(200, 200)
    widget.show()
    return widget


def bright_columns(widget: VolumeViewport) -> float:
    pixels = grabbed(widget)[40:160].astype(int)
    grey = (np.ptp(pixels, axis=2) == 0) & (pixels[:, :, 0] > 150)
    return float(np.nonzero(grey)[1].mean())


def test_the_left_of_the_patient_is_on_the_right_from_the_front(viewport: VolumeViewport) -> None:
    viewport.show_volume(left_block(), LOOK)
    assert bright_columns(viewport) > 120


def test_dragging_turns_the_body_with_the_hand(qtbot: QtBot, viewport: VolumeViewport) -> None:
    viewport.show_volume(left_block(), LOOK)
    before = bright_columns(viewport)
    with qtbot.waitSignal(viewport.camera_changed):
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(150, 100))
        QTest.mouseMove(viewport, QPoint(50, 100))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(50, 100))
    assert viewport.camera.azimuth_degrees == pytest.approx(40.0)
    assert bright_columns(viewport) < before


def test_a_click_turns_nothing(qtbot: QtBot, viewport: VolumeViewport) -> None:
    viewport.show_volume(left_block(), LOOK)
    with qtbot.assertNotEmitted(viewport.camera_changed):
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(50, 50))


def test_a_series_that_cannot_be_shown_is_told_in_words(qtbot: QtBot, viewport: VolumeViewport) -> None:
    flat = replace(left_block(), is_spatial=False)
    with qtbot.waitSignal(viewport.failed) as failed:
        viewport.show_volume(flat, LOOK)
    assert isinstance(failed.args[0], RenderingRefused)
    assert grabbed(viewport)[40:160].max() > 150


def test_the_picture_is_refined_when_the_hand_rests(qtbot: QtBot, viewport: VolumeViewport) -> None:
    viewport.show_volume(left_block(), LOOK)
    viewport.grab()
    qtbot.waitUntil(lambda: viewport.picture_width == 200, timeout=5000)
