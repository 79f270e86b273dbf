"""An open case on the reading page."""

import gc
import math
import weakref
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.displays import READING_ROOM, on
from tests.support.open_case import CURRENT, PRIOR, Case, as_series, study
from tests.support.patience import PATIENCE_MS
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.shell.desk import Desk
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID, ViewportId
from viewers.image.volume import Volume
from viewers.qt.volume_viewport import VolumeViewport
from viewers.state.view_state import VolumeReference
from workstation.domain.patient import Patient, PersonName
from workstation.errors import WorkstationError
from workstation.reading.arrangement import Arrangement
from workstation.reading.errors import NotMeasurable
from workstation.shell.mark_text import MarkText
from workstation.shell.reading_page import ReadingPage
from workstation.shell.series_rows import SeriesRow
from workstation.translations import translator

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


def prior() -> Volume:
    return as_series(volume_of(axial_grid([float(z) for z in range(40)]), smooth), PRIOR, "2.25.777")


def row_of(page: ReadingPage, series: SeriesUID) -> SeriesRow:
    row = page.series.row(series)
    assert row is not None
    return row


def drawn_length(desk: Desk) -> float:
    (mark,) = desk.case.session.annotations
    start, end = mark.points_lps
    return math.dist(start, end)


def test_the_series_with_most_images_is_asked_for_first(desk: Desk) -> None:
    assert desk.asked == [(StudyUID("1"), CURRENT)]


def test_a_length_drawn_with_the_mouse_is_in_the_session_and_in_the_list_with_its_value(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_D)
    desk.drag((200, 300), (320, 210))
    spacing = desk.content().resolved.plane.spacing_mm
    assert drawn_length(desk) == pytest.approx(150.0 * spacing)
    item = desk.page.measurements.table.item(0, 2)
    assert item is not None
    assert item.text() == f"{150.0 * spacing:.1f} mm"


def test_undo_takes_a_mark_back_and_redo_brings_it_again(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_E)
    desk.drag((200, 300), (320, 210))
    (mark,) = desk.case.session.annotations
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not desk.case.session.annotations
    assert desk.page.measurements.table.rowCount() == 0
    desk.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert desk.case.session.annotations == (mark,)
    assert desk.content().annotations == (mark,)


def test_delete_removes_the_selected_mark(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_D)
    desk.drag((200, 300), (320, 210))
    desk.press(Qt.Key.Key_Delete)
    assert (desk.case.session.annotations, desk.page.marks.selected) == ((), None)


def test_an_arrow_is_kept_at_once_and_named_where_it_lies(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_Q)
    desk.drag((200, 300), (320, 210))
    assert len(desk.case.session.annotations) == 1
    field = desk.page.window().focusWidget()
    assert isinstance(field, MarkText)
    QTest.keyClicks(field, "3 mm clip")
    desk.press(Qt.Key.Key_Return)
    assert desk.case.session.annotations[0].text == "3 mm clip"
    assert desk.viewport().hasFocus()


def test_closing_a_case_keeps_a_text_that_is_being_typed(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_Q)
    desk.drag((200, 300), (320, 210))
    field = desk.page.window().focusWidget()
    assert isinstance(field, MarkText)
    QTest.keyClicks(field, "half a wo")
    desk.page.close_case()
    assert desk.case.session.annotations[0].text == "half a wo"


def test_a_click_in_the_list_shows_the_image_of_the_mark(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_D)
    desk.drag((200, 300), (320, 210))
    desk.press(Qt.Key.Key_End)
    assert desk.content().resolved.slice_index == 39
    table = desk.page.measurements.table
    table.setFocus()
    table.selectRow(0)
    desk.press(Qt.Key.Key_Return)
    assert desk.content().resolved.slice_index == 20
    assert table.hasFocus()


def test_a_mark_on_images_that_have_not_come_says_so_instead_of_a_value(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_D)
    desk.drag((200, 300), (320, 210))
    (mark,) = desk.case.session.annotations
    line = desk.page.measurements.line(replace(mark, series=PRIOR, instance=InstanceUID(f"{PRIOR}.3")))
    assert (line.values, line.warning) == ("", "images not loaded")


def test_a_value_on_lossy_and_partial_pixels_is_flagged(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_D)
    desk.drag((200, 300), (320, 210))
    desk.case.volumes[0] = replace(desk.case.volumes[0], lossy=True, expected_slices=42)
    desk.page.images.put_volumes(desk.case.volumes)
    desk.settle()
    line = desk.page.measurements.line(desk.case.session.annotations[0])
    assert line.warning == "on lossy pixels, on incomplete images"
    assert desk.content().warnings == ("40 of 42 images",)
    row = desk.page.series.row(CURRENT)
    assert row is not None
    assert "LOSSY" in row.warnings


def test_a_missing_image_is_told_in_the_list_and_beside_its_gap(qtbot: QtBot) -> None:
    gappy = replace(volume_of(axial_grid([float(z) for z in (*range(18), *range(21, 40))]), smooth), expected_slices=40)
    page = ReadingPage(translator("en"), displays=on(READING_ROOM))
    qtbot.addWidget(page)
    page.show()
    desk = Desk(page, Case([gappy]), qtbot)
    desk.open()
    page.images.set_progress(CURRENT, 37, 40)
    assert row_of(page, CURRENT).facts == "37 of 40 received"
    page.images.put_volumes([gappy])
    desk.settle()
    row = page.series.row(CURRENT)
    assert row is not None
    assert (row.facts, row.warnings[0]) == ("37 of 40 images", "3 missing")
    assert "Gap between images" in row.warnings
    desk.focus()
    desk.press(Qt.Key.Key_Up)
    assert desk.content().resolved.slice_index == 17
    assert desk.content().warnings == ("37 of 40 images", "Images missing after this one")
    page.close_case()


def test_a_volume_that_comes_late_replaces_nothing_that_is_looked_at(desk: Desk) -> None:
    before = desk.content()
    desk.page.images.put_volumes([prior()])
    desk.page.images.set_progress(PRIOR, 40, 40)
    desk.settle()
    assert desk.content() is before
    assert row_of(desk.page, PRIOR).facts == "40 of 40 images"


def test_the_comparison_asks_for_the_prior_and_shows_it_when_it_comes(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_J)
    assert desk.asked[-1] == (StudyUID("2"), PRIOR)
    desk.page.images.put_volumes([prior()])
    desk.settle()
    assert desk.content("v2").series[0] == "PRIOR 2025-01-10"
    assert desk.content("v1").volume.series == CURRENT


def test_a_case_without_priors_says_so(desk: Desk) -> None:
    desk.case.studies = desk.case.studies[:1]
    desk.open()
    desk.focus()
    desk.press(Qt.Key.Key_J)
    assert desk.notices == ["No prior examination of this patient is known."]
    assert desk.case.views.arrangement is Arrangement.STACK
    assert desk.page.bar.actions_by_id["stack"].isChecked()


def test_enter_on_a_series_opens_it_and_asks_for_it_once(desk: Desk) -> None:
    scout = SeriesUID("2.25.109")
    desk.page.series.open_asked.emit(VolumeReference(scout))
    desk.page.series.open_asked.emit(VolumeReference(scout))
    assert desk.asked[1:] == [(StudyUID("1"), scout)]
    desk.settle()
    assert desk.page.board.contents == {}


def test_a_series_that_fails_is_told_and_may_be_asked_for_again(desk: Desk) -> None:
    scout = SeriesUID("2.25.109")
    desk.page.images.ask_for(VolumeReference(scout))
    error: WorkstationError = NotMeasurable("gone")
    desk.page.images.show_failure(scout, error)
    assert row_of(desk.page, scout).warnings == (translator("en").error(error),)
    desk.page.images.ask_for(VolumeReference(scout))
    assert [series for _, series in desk.asked] == [CURRENT, scout, scout]


def test_nothing_is_said_to_be_on_its_way_after_a_cancellation(desk: Desk) -> None:
    scout = SeriesUID("2.25.109")
    desk.page.images.set_progress(PRIOR, 3, 40)
    desk.page.images.ask_for(VolumeReference(scout))
    assert (row_of(desk.page, PRIOR).share, row_of(desk.page, scout).share) == (3 / 40, 0.0)
    desk.settle()
    waiting = desk.viewport().grab().toImage()
    desk.page.images.show_cancelled()
    desk.settle()
    assert (row_of(desk.page, PRIOR).share, row_of(desk.page, scout).share) == (None, None)
    assert desk.viewport().grab().toImage() != waiting
    desk.page.images.ask_for(VolumeReference(scout))
    assert [series for _, series in desk.asked].count(scout) == 2


def test_a_viewport_says_whether_it_waits_or_waits_in_vain(desk: Desk) -> None:
    scout, words = SeriesUID("2.25.109"), translator("en")
    desk.page.images.ask_for(VolumeReference(scout))
    desk.settle()
    waiting = desk.viewport().grab().toImage()
    desk.page.images.show_failure(scout, NotMeasurable("gone"))
    desk.settle()
    assert desk.notices == [words.error(NotMeasurable("gone"))]
    assert desk.viewport().grab().toImage() != waiting


def test_a_study_of_somebody_else_is_named_as_such(desk: Desk) -> None:
    stranger = Patient("43", PersonName("TEST", "BRAVO"), birth_date="19710102", sex="F")
    desk.case.studies[1] = study("2", "20250110", *desk.case.studies[1].series, patient=stranger)
    desk.open()
    desk.page.images.put_volumes([prior()])
    desk.page.images.ask_for(VolumeReference(PRIOR))
    desk.settle()
    assert desk.content().warnings[0].startswith("OTHER PATIENT? Differs: identifier, name, birth date")
    assert desk.content().identity[0] == "TEST BRAVO"


def test_the_planes_show_crosshair_and_reference_lines_that_follow(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_M)
    desk.press(Qt.Key.Key_X)
    QTest.mouseClick(desk.viewport("v1"), Qt.MouseButton.LeftButton, pos=QPoint(90, 60))
    desk.settle()
    point = desk.content("v1").crosshair_lps
    assert point is not None
    assert desk.content("v1").resolved.plane.lps_to_pixel(point) == pytest.approx((89.5, 59.5))
    coronal, sagittal = desk.content("v2"), desk.content("v3")
    assert coronal.resolved.plane.distance_mm(point) == pytest.approx(0.0, abs=1e-9)
    assert sagittal.resolved.plane.distance_mm(point) == pytest.approx(0.0, abs=1e-9)
    assert [cut.viewport for cut in coronal.cuts] == ["v1", "v3"]


def test_the_volume_in_3d_comes_once_the_planes_are_at_rest_and_goes_with_them(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_M)
    pane = desk.page.board.panes.widgets[ViewportId("v4")]
    assert isinstance(pane, VolumeViewport)
    assert pane.picture_width == 0
    desk.qtbot.waitUntil(lambda: pane.picture_width > 0, timeout=PATIENCE_MS)
    desk.press(Qt.Key.Key_N)
    assert not desk.page.board.panes.widgets
    assert set(desk.page.board.grid.viewports) == {"v1"}


def test_a_crosshair_of_another_space_is_not_drawn(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_J)
    desk.page.images.put_volumes([prior()])
    desk.settle()
    desk.press(Qt.Key.Key_X)
    QTest.mouseClick(desk.viewport("v1"), Qt.MouseButton.LeftButton, pos=QPoint(150, 150))
    desk.settle()
    assert desk.content("v1").crosshair_lps is not None
    assert desk.content("v2").crosshair_lps is None
    assert desk.content("v2").reference_lines == ()


def test_the_state_of_the_views_is_told_after_a_pause_and_hung_again(desk: Desk, qtbot: QtBot) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_End)
    qtbot.waitUntil(lambda: bool(desk.archives), timeout=PATIENCE_MS)
    again = Case(desk.case.volumes, view_state=desk.archives[-1])
    desk.page.close_case()
    other = Desk(desk.page, again, qtbot)
    other.open()
    assert other.asked == [(StudyUID("1"), CURRENT)]
    desk.page.images.put_volumes(again.volumes)
    other.settle()
    assert other.content().resolved.slice_index == 39


def test_closing_a_case_tells_the_state_at_once(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_End)
    told = len(desk.archives)
    desk.page.close_case()
    assert len(desk.archives) == told + 1


def test_closing_a_case_leaves_nothing_of_it_behind(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_D)
    desk.drag((200, 300), (320, 210))
    desk.press(Qt.Key.Key_M)
    desk.qtbot.wait(400)
    case = desk.case
    gone: list[Callable[[], object]] = [weakref.ref(one) for one in (case.views, case.session, case.dispatcher)]
    voxels = weakref.ref(case.volumes[0].voxels)
    desk.page.close_case()
    desk.settle()
    desk.case = Case([])
    del case
    QApplication.sendPostedEvents(None, 0)
    gc.collect()
    assert all(one() is None for one in gone)
    assert voxels() is None
    assert desk.page.banner.text == ""
    assert desk.page.series.tree.topLevelItemCount() == 0
