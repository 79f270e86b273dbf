"""Every tool of the table on the reading page: chosen by its act, listed with its values, taken back and done again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.support.drawn_marks import place_mark
from tests.workstation.shell.desk import Desk
from viewers.tools.registry import TOOLS
from workstation.shell.mark_text import MarkText

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


def place_all(desk: Desk) -> None:
    """A mark of each tool, each on an image of its own, so that none is taken hold of instead."""
    desk.focus()
    for tool in TOOLS.values():
        desk.press(Qt.Key.Key_Down)
        desk.page.acts.act(tool.id)
        widget = desk.viewport()
        place_mark(widget, tool, (widget.width() / 2 - 120.0, widget.height() / 2 - 120.0))
        desk.page.marks.select(None)
        field = desk.page.window().focusWidget()
        if isinstance(field, MarkText):
            desk.press(Qt.Key.Key_Escape)
        desk.focus()


def test_marks_of_every_tool_are_taken_back_and_done_again_in_order(desk: Desk) -> None:
    place_all(desk)
    placed = desk.case.session.annotations
    assert [one.tool for one in placed] == list(TOOLS)
    for count in reversed(range(len(TOOLS))):
        QTest.keyClick(desk.viewport(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert desk.case.session.annotations == placed[:count]
    for _ in TOOLS:
        QTest.keyClick(desk.viewport(), Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert desk.case.session.annotations == placed


def test_the_list_names_every_value_and_says_where_it_comes_from(desk: Desk) -> None:
    place_all(desk)
    panel = desk.page.measurements
    lines = {one.tool: panel.line(one) for one in desk.case.session.annotations}
    assert lines["bidirectional"].values.splitlines()[0].startswith("Long ")
    assert len(lines["freehand"].values.splitlines()) == 5
    assert lines["angle"].values.endswith("°")
    assert {tool for tool, line in lines.items() if not line.values} == {"arrow", "calibration"}
    for tool, line in lines.items():
        assert "Made on image" in line.details, tool
        has_size = tool in ("length", "bidirectional", "ellipse", "freehand")
        assert ("pixel spacing of the image" in line.details) == has_size
        assert ("without loss" in line.details) == bool(line.values)
    length = next(one for one in desk.case.session.annotations if one.tool == "length")
    desk.page.marks.select(length.id)
    shown = [label.text() for label in panel.findChildren(QLabel) if not label.isHidden()]
    assert lines["length"].details in shown
    desk.page.marks.select(None)
    assert lines["length"].details not in [one.text() for one in panel.findChildren(QLabel) if not one.isHidden()]
