"""Every act is whole: a name in each language, keys of its own, a reason where it cannot be done."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.open_case import PRIOR, Case
from tests.workstation.shell.desk import Desk
from workstation.shell.acts.act import Act, Group
from workstation.shell.acts.registry import ACTS, ACTS_BY_ID
from workstation.shell.reading_page import ReadingPage
from workstation.translations import languages, translator

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


def test_no_two_acts_have_one_id() -> None:
    assert len(ACTS_BY_ID) == len(ACTS)


@pytest.mark.parametrize("language", languages())
def test_every_act_has_a_title_of_its_own(language: str) -> None:
    words = translator(language)
    titles = [words.text(act.title_key) for act in ACTS]
    assert all(titles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("act", [act for act in ACTS if act.needs], ids=lambda act: act.id)
def test_an_act_that_needs_a_case_says_so_where_there_is_none(qtbot: QtBot, act: Act) -> None:
    page = ReadingPage(translator("en"))
    qtbot.addWidget(page)
    said: list[str] = []
    page.notice.connect(said.append)
    page.acts.act(act.id)
    assert said == ["No case is open."]


def test_an_empty_viewport_says_once_that_it_has_no_picture_while_a_key_is_held(desk: Desk) -> None:
    desk.case = Case(desk.case.volumes)
    desk.open()
    desk.focus()
    said = len(desk.notices)
    for is_repeated in (False, True, True):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, "", is_repeated)
        QApplication.sendEvent(desk.viewport(), event)
    assert desk.notices[said:] == ["There is no picture in the active viewport."]


def test_nothing_joined_is_said_where_the_reader_separates_it(desk: Desk) -> None:
    other = replace(
        desk.case.volumes[0], series=PRIOR, passport=replace(desk.case.volumes[0].passport, frame_of_reference=None)
    )
    desk.page.images.put_volumes([other])
    desk.page.acts.act("compare")
    desk.settle()
    desk.page.acts.act("unlink")
    assert desk.notices[-1] == "Nothing is joined with the examination in the active viewport."
    desk.page.acts.act("link")
    said = len(desk.notices)
    desk.page.acts.act("unlink")
    assert desk.notices[said:] == []
    assert desk.case.views.comparing.joined is None


def test_acts_that_can_be_on_are_shown_as_they_are(desk: Desk) -> None:
    desk.focus()
    desk.page.acts.act("length")
    desk.page.acts.act("mpr")
    actions = desk.page.bar.actions_by_id
    chosen = (Group.TOOL, Group.MARK, Group.ARRANGEMENT)
    assert {act.id for act in ACTS if act.group in chosen and actions[act.id].isChecked()} == {"length", "mpr"}
