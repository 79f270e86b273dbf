"""Hanging protocols on the reading page: keys, the menu, and cases that follow one another."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.support.displays import READING_ROOM, on
from tests.support.open_case import CURRENT, PATIENT, PRIOR, Case, as_series, series, study
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.shell.desk import Desk
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.volume import Volume
from viewers.state.view_state import VolumeReference
from workstation.domain.patient import PersonName
from workstation.reading.arrangement import Arrangement
from workstation.reading.protocols.facts import facts_of_volume
from workstation.reading.protocols.shelf import Shelf, shipped
from workstation.reading.session import ReadingSession
from workstation.reading.views import Views
from workstation.shell.empty_words import empty_words
from workstation.shell.protocol_hanging import ProtocolHanging
from workstation.shell.reading_page import ReadingPage
from workstation.translations import translator

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]
LATE = SeriesUID("2.25.102")


def phantom(uid: SeriesUID = CURRENT) -> Volume:
    return as_series(volume_of(axial_grid([float(z) for z in range(40)]), smooth, rescale_type="HU"), uid)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """A page with the shipped protocols and a chest CT of which nothing has come."""
    yield from opened(qtbot, Shelf(shipped()))


@pytest.fixture
def bare(qtbot: QtBot) -> Iterator[Desk]:
    """The same whose protocols have not come."""
    yield from opened(qtbot, Shelf())


def opened(qtbot: QtBot, shelf: Shelf) -> Iterator[Desk]:
    page = ReadingPage(translator("en"), displays=on(READING_ROOM))
    page.images.hanging.protocols.shelf = shelf
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    desk = Desk(page, Case([phantom()]), qtbot)
    desk.open()
    yield desk
    page.close_case()


def hanging(desk: Desk) -> ProtocolHanging:
    return desk.page.images.hanging.protocols


def shown(desk: Desk) -> dict[str, str]:
    return {viewport: content.volume.series for viewport, content in desk.page.board.contents.items()}


def test_a_case_hangs_before_its_images_and_asks_for_each_series_once(desk: Desk) -> None:
    assert desk.case.views.arrangement is Arrangement.PROTOCOL
    assert (desk.case.views.layout.rows, desk.case.views.layout.columns) == (2, 2)
    assert [series for _study, series in desk.asked] == [CURRENT]
    desk.page.images.set_series(*desk.case.studies)
    assert len(desk.asked) == 1
    desk.page.images.put_volumes(desk.case.volumes)
    desk.settle()
    assert shown(desk) == dict.fromkeys(("v1", "v2", "v3", "v4"), CURRENT)


def test_protocols_that_come_late_hang_a_case_as_it_was_opened(bare: Desk) -> None:
    bare.page.images.put_volumes(bare.case.volumes)
    assert bare.case.views.arrangement is Arrangement.STACK
    hanging(bare).take_shelf(Shelf(shipped()))
    bare.settle()
    assert bare.case.views.arrangement is Arrangement.PROTOCOL
    assert shown(bare) == dict.fromkeys(("v1", "v2", "v3", "v4"), CURRENT)


def test_protocols_that_come_late_move_nothing_that_the_reader_has_arranged_or_left_so(bare: Desk) -> None:
    bare.page.images.put_volumes(bare.case.volumes)
    archive = bare.case.views.archive()
    bare.page.acts.act("mpr")
    hanging(bare).take_shelf(Shelf(shipped()))
    assert bare.case.views.arrangement is Arrangement.MPR
    hanging(bare).shelf = Shelf()
    bare.case = Case([phantom()], view_state=archive)
    bare.open()
    hanging(bare).take_shelf(Shelf(shipped()))
    bare.page.images.put_volumes(bare.case.volumes)
    assert bare.case.views.arrangement is Arrangement.STACK


def test_space_and_points_step_the_protocol_and_say_where(desk: Desk) -> None:
    desk.page.images.put_volumes(desk.case.volumes)
    desk.focus()
    for key, modifiers, number in (
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Period, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_Comma, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier, 0),
    ):
        desk.press(key, modifiers)
        step = desk.case.views.step
        assert step is not None
        assert step.number == number
    assert desk.notices[0] == "CT chest: Beside the prior, mediastinum (2 of 4)"
    assert PRIOR in {series for _study, series in desk.asked}


def test_from_another_arrangement_the_step_hangs_again(desk: Desk) -> None:
    desk.page.images.put_volumes(desk.case.volumes)
    desk.page.acts.act("next_step")
    desk.page.acts.act("mpr")
    desk.page.acts.act("next_step")
    step = desk.case.views.step
    assert step is not None
    assert (step.protocol, step.number) == ("ct_chest", 1)


def test_the_menu_explains_chooses_and_keeps_the_choice(desk: Desk) -> None:
    kept: list[Shelf] = []
    hanging(desk).shelf_changed.connect(kept.append)
    desk.page.acts.act("protocols")
    menu = desk.page.findChildren(QMenu)[-1]
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[0] == "CT chest: modality CT, region “thorax”"
    assert texts[-1] == "Always for such examinations (CT chest)"
    next(action for action in menu.actions() if action.text().startswith("CT, any region")).trigger()
    assert hanging(desk).hung is not None
    assert hanging(desk).kind == "CT chest"
    hanging(desk).keep_always(wanted=True)
    assert kept[-1].always == {"CT chest": "ct"}
    menu.close()
    desk.open()
    assert desk.case.views.step is not None
    assert desk.case.views.step.protocol == "ct"


def test_headers_that_become_known_move_nothing_that_the_reader_has_touched(desk: Desk) -> None:
    coronal = replace(facts_of_volume(phantom()), plane="coronal")
    axial = replace(facts_of_volume(phantom(LATE)), plane="axial")
    listed = replace(desk.case.studies[0], series=(*desk.case.studies[0].series, series(LATE, "Reformat", 40)))
    desk.page.images.set_series(listed)
    desk.page.images.know((coronal, axial))
    first = desk.case.views.state(desk.case.views.layout.active)
    assert first is not None
    assert first.volume == VolumeReference(LATE)
    desk.page.images.put_volumes([phantom(LATE)])
    desk.settle()
    desk.focus()
    desk.press(Qt.Key.Key_Down)
    seen = desk.case.views.state(desk.case.views.layout.active)
    desk.page.images.know((replace(coronal, plane="axial"), replace(axial, plane="coronal")))
    assert desk.case.views.state(desk.case.views.layout.active) == seen


def test_nothing_of_one_patient_hangs_or_is_known_in_the_case_of_the_next(desk: Desk, qtbot: QtBot) -> None:
    other = replace(PATIENT, patient_id="43", name=PersonName("TEST", "BETA"))
    following = Case([phantom(LATE)])
    following.views = Views()
    following.session = ReadingSession(desk.case.session.draft, lambda: desk.case.session.draft.created)
    following.studies = [study("9", "20260111", series(LATE, "Thorax 1 mm", 40), patient=other)]
    desk.page.images.put_volumes(desk.case.volumes)
    following_desk = Desk(desk.page, following, qtbot)
    following_desk.open()
    # A series of the case before that was still being built when the next one was opened.
    desk.page.images.put_volumes([phantom(PRIOR), phantom()])
    desk.settle()
    assert shown(desk) == {}
    assert following.views.open_series() == {LATE}
    desk.page.images.put_volumes(following.volumes)
    desk.settle()
    assert set(shown(desk).values()) == {LATE}


def test_a_series_that_is_replaced_takes_no_window_and_no_place_of_another(desk: Desk) -> None:
    desk.page.images.put_volumes(desk.case.volumes)
    desk.focus()
    desk.press(Qt.Key.Key_4)
    desk.page.images.put_volumes([phantom(LATE)])
    desk.page.images.ask_for(VolumeReference(LATE))
    desk.settle()
    state = desk.case.views.state(desk.case.views.layout.active)
    assert state is not None
    assert (state.volume, state.window, state.slice_index) == (VolumeReference(LATE), None, 20)


@pytest.mark.parametrize("goes_on", [False, True])
def test_who_went_on_in_a_protocol_keeps_it_whatever_comes_late(desk: Desk, goes_on: bool) -> None:
    if goes_on:
        desk.focus()
        desk.press(Qt.Key.Key_Space)
    late = series(LATE, "PET AC", 40, "PT")
    first = desk.case.studies[0]
    desk.page.images.set_series(replace(first, modalities=("CT", "PT"), series=(*first.series, late)))
    step = desk.case.views.step
    assert step is not None
    assert (step.protocol, step.number) == (("ct_chest", 1) if goes_on else ("petct", 0))


def test_viewports_say_what_they_wait_for_and_that_nothing_fits(desk: Desk) -> None:
    def said(viewport: str) -> str:
        page = desk.page
        return empty_words(desk.case.views, ViewportId(viewport), page.images.case, lost, translator("en"))

    lost: set[SeriesUID] = set()
    assert said("v1") == "Loading CT  Thorax 1 mm…"
    lost.add(CURRENT)
    assert said("v1") == "These images could not be loaded"
    hanging(desk).choose("mr_brain")
    assert said("v3") == "No series of this examination fits here yet"
    hanging(desk).step_on(1)
    assert said("v2") == "No earlier examination fits here yet"


def test_drawing_a_mark_and_every_act_hold_what_hangs(desk: Desk) -> None:
    desk.page.images.put_volumes(desk.case.volumes)
    desk.settle()
    assert not desk.case.views.has_acted
    desk.page.board.hands.set_tool("length")
    desk.drag((120, 100), (200, 150))
    assert len(desk.case.session.annotations) == 1
    assert desk.case.views.has_acted
    desk.page.acts.act("next_step")
    assert not desk.case.views.has_acted
    desk.page.acts.act("length")
    assert desk.case.views.has_acted
