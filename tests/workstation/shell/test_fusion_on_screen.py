"""Fusion on a reading page: by keys and mouse, with every word and warning, and whole again after a restart."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.open_case import CURRENT, Case, as_series, series, study
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.viewers.qt.stage import grabbed
from tests.workstation.shell.desk import Desk
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.quantity import SUV_BODY_WEIGHT
from viewers.image.volume import Volume
from viewers.qt.palette import HATCH_GROUND
from viewers.state.resolved import Mark, ResolvedLayer
from viewers.state.view_state import FusedLayer, VolumeReference
from workstation.reading.arrangement import Arrangement
from workstation.shell.reading_page import ReadingPage
from workstation.translations import translator

pytestmark = pytest.mark.qt
PET = SeriesUID("2.25.150")
V1 = ViewportId("v1")
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def pet(positions: range = range(0, 40, 3), space: str | None = None) -> Volume:
    found = volume_of(axial_grid([float(z) for z in positions], 22, 3.0), smooth)
    return replace(as_series(found, PET, space), modality="PT", quantity=SUV_BODY_WEIGHT)


@pytest.fixture
def hybrid(qtbot: QtBot) -> Iterator[Desk]:
    """A page on a study of CT and PET; the CT is shown, the PET is known."""
    page = ReadingPage(translator("en"))
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    case = Case([volume_of(axial_grid([float(z) for z in range(40)]), smooth), pet()])
    case.studies = [study("1", "20260110", series(CURRENT, "Thorax 1 mm", 40), series(PET, "PET AC", 14, "PT"))]
    desk = Desk(page, case, qtbot)
    desk.open()
    page.images.put_volumes(case.volumes)
    desk.settle()
    desk.focus()
    yield desk
    page.close_case()


def layer(desk: Desk, name: str = "v1") -> ResolvedLayer:
    found = desk.content(name).resolved.fused
    assert found is not None
    return found


def test_a_key_fuses_and_the_next_takes_it_away(hybrid: Desk) -> None:
    plain = grabbed(hybrid.viewport())
    hybrid.press(Qt.Key.Key_F, SHIFT)
    assert layer(hybrid).volume == VolumeReference(PET)
    assert "+ PT  PET AC" in hybrid.content().series
    shown = grabbed(hybrid.viewport()).astype(int)
    # Grey has no colour; the layer and its bar have.
    assert np.abs(shown[..., 0] - shown[..., 2]).max() > 100
    hybrid.press(Qt.Key.Key_F, SHIFT)
    assert hybrid.content().resolved.fused is None
    assert np.array_equal(grabbed(hybrid.viewport()), plain)


def test_opacity_colours_and_swap_have_a_key_each(hybrid: Desk) -> None:
    hybrid.press(Qt.Key.Key_F, SHIFT)
    hybrid.press(Qt.Key.Key_Period, ALT)
    assert layer(hybrid).opacity == pytest.approx(0.6)
    hybrid.press(Qt.Key.Key_C, SHIFT)
    assert layer(hybrid).colours == "pet"
    assert any("PET" in said for said in hybrid.notices)
    hybrid.press(Qt.Key.Key_F, ALT)
    assert hybrid.content().resolved.volume == VolumeReference(PET)
    assert (layer(hybrid).modality, hybrid.content().resolved.colours) == ("CT", "pet")


def test_dragging_with_alt_windows_the_layer_only(hybrid: Desk) -> None:
    hybrid.press(Qt.Key.Key_F, SHIFT)
    before, window = layer(hybrid), hybrid.content().resolved.window
    widget, left = hybrid.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(widget, left, ALT, QPoint(200, 200))
    for place in ((210, 210), (240, 240), (274, 260)):
        QTest.mouseMove(widget, QPoint(*place))
    QTest.mouseRelease(widget, left, ALT, QPoint(274, 260))
    hybrid.settle()
    assert layer(hybrid).opacity == pytest.approx(0.75)
    assert layer(hybrid).window.width > before.window.width
    assert hybrid.content().resolved.window == window


def test_series_of_two_spaces_are_refused_in_words_and_nothing_is_laid_over(hybrid: Desk) -> None:
    hybrid.page.images.put_volumes([pet(space="2.25.9")])
    hybrid.settle()
    hybrid.press(Qt.Key.Key_F, SHIFT)
    assert hybrid.content().resolved.fused is None
    assert any("frame of reference" in said for said in hybrid.notices)


def test_a_layer_that_comes_in_another_space_is_said_not_to_be_fused(hybrid: Desk) -> None:
    hybrid.press(Qt.Key.Key_F, SHIFT)
    hybrid.page.images.put_volumes([pet(space="2.25.9")])
    hybrid.settle()
    assert hybrid.content().resolved.fused is None
    assert "PT NOT FUSED: NOT IN THE SAME SPACE" in hybrid.content().warnings


def test_a_layer_that_grows_is_shown_as_far_as_it_has_come_with_its_gaps_hatched(hybrid: Desk) -> None:
    hybrid.case.views.lay_over(V1, lambda state: replace(state, fused=FusedLayer(VolumeReference(PET))))
    few = replace(volume_with_gap(), expected_slices=14)
    hybrid.page.images.put_volumes([few])
    hybrid.case.views.lay_over(V1, lambda state: replace(state, slice_index=18))
    hybrid.settle()
    assert {Mark.INCOMPLETE, Mark.PARTIAL} <= set(layer(hybrid).marks)
    assert "PT: 8 of 14 images" in hybrid.content().warnings
    ground = HATCH_GROUND.getRgb()[:3]
    hatched = np.abs(grabbed(hybrid.viewport()).astype(int) - ground).max(axis=2) < 3
    assert hatched.sum() > 1000
    hybrid.page.images.put_volumes([replace(pet(), expected_slices=14)])
    hybrid.settle()
    assert not set(layer(hybrid).marks) & {Mark.INCOMPLETE, Mark.PARTIAL}
    whole = np.abs(grabbed(hybrid.viewport()).astype(int) - ground).max(axis=2) < 3
    assert whole.sum() < 50


def volume_with_gap() -> Volume:
    found = volume_of(axial_grid([0.0, 3.0, 6.0, 9.0, 30.0, 33.0, 36.0, 39.0], 22, 3.0), smooth)
    return replace(as_series(found, PET), modality="PT", quantity=SUV_BODY_WEIGHT)


def test_planes_of_a_series_that_grows_hatch_what_has_not_come_and_fill_it(hybrid: Desk) -> None:
    few = volume_of(axial_grid([float(z) for z in range(40) if not 12 <= z < 28]), smooth)
    hybrid.page.images.put_volumes([replace(few, expected_slices=40)])
    hybrid.case.views.arrange(Arrangement.MPR)
    hybrid.case.views.lay_over(V1, lambda state: replace(state, fused=FusedLayer(VolumeReference(PET))))
    hybrid.settle()
    ground = HATCH_GROUND.getRgb()[:3]

    def hatched() -> int:
        return int((np.abs(grabbed(hybrid.viewport("v2")).astype(int) - ground).max(axis=2) < 3).sum())

    assert {Mark.INCOMPLETE, Mark.PARTIAL} <= set(hybrid.content("v2").resolved.marks)
    assert hatched() > 1000
    assert "24 of 40 images" in hybrid.content("v2").warnings
    whole = volume_of(axial_grid([float(z) for z in range(40)]), smooth)
    hybrid.page.images.put_volumes([replace(whole, expected_slices=40)])
    hybrid.settle()
    assert not set(hybrid.content("v2").resolved.marks) & {Mark.INCOMPLETE, Mark.PARTIAL}
    assert hatched() < 50


def test_planes_take_the_layer_along_and_a_restart_brings_all_of_it_back(hybrid: Desk, qtbot: QtBot) -> None:
    hybrid.press(Qt.Key.Key_F, SHIFT)
    hybrid.case.views.arrange(Arrangement.MPR)
    hybrid.settle()
    assert [layer(hybrid, name).plane == hybrid.content(name).resolved.plane for name in ("v1", "v2", "v3")] == [
        True
    ] * 3
    archive = hybrid.case.views.archive()
    hybrid.page.close_case()
    again = Desk(hybrid.page, Case(hybrid.case.volumes, view_state=archive), qtbot)
    again.case.studies = hybrid.case.studies
    again.open()
    again.page.images.put_volumes(again.case.volumes)
    again.settle()
    assert layer(again, "v2").volume == VolumeReference(PET)
