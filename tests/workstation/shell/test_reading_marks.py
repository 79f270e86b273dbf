"""Marks on the reading page: drawn, listed, named, undone."""

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.support.open_case import CURRENT, PRIOR
from tests.workstation.shell.desk import Desk
from viewers.identifiers import InstanceUID
from workstation.shell.mark_text import MarkText

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


def drawn_length(desk: Desk) -> float:
    (mark,) = desk.case.session.annotations
    start, end = mark.points_lps
    return math.dist(start, end)


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
    assert (desk.case.session.annotations, desk.page.selected) == ((), None)


def test_an_arrow_is_kept_at_once_and_named_where_it_lies(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_A)
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
    desk.press(Qt.Key.Key_A)
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
    desk.page.put_volumes(desk.case.volumes)
    desk.settle()
    line = desk.page.measurements.line(desk.case.session.annotations[0])
    assert line.warning == "on lossy pixels, on incomplete images"
    assert desk.content().warnings == ("40 of 42 images",)
    row = desk.page.series.row(CURRENT)
    assert row is not None
    assert "LOSSY" in row.warnings
