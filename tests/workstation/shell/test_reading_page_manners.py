"""The reading page and the reader: keyboard, focus, words, what is dropped and what is refused."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu

from tests.support.open_case import CURRENT, NOW, PRIOR, Case, as_series
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.shell.desk import Desk
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.volume import Volume
from viewers.state.view_state import VolumeReference
from workstation.domain.study import SeriesSummary
from workstation.reading.arrangement import Arrangement
from workstation.shell.reading_page import ReadingPage
from workstation.shell.series_drag import series_mime
from workstation.shell.series_rows import SeriesRow
from workstation.translations import translator

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


def prior() -> Volume:
    return as_series(volume_of(axial_grid([float(z) for z in range(40)]), smooth), PRIOR, "2.25.777")


def row_of(page: ReadingPage, series: SeriesUID) -> SeriesRow:
    row = page.series.row(series)
    assert row is not None
    return row


def test_the_page_hands_the_keyboard_to_the_active_viewport(desk: Desk) -> None:
    desk.case.views.arrange(Arrangement.MPR)
    desk.case.views.activate(ViewportId("v3"))
    desk.page.series.tree.setFocus()
    desk.page.setFocus()
    assert desk.viewport("v3").hasFocus()


def test_nothing_takes_the_focus_from_where_the_reader_types(desk: Desk) -> None:
    tree = desk.page.series.tree
    tree.setFocus()
    desk.page.images.put_volumes([prior()])
    desk.page.state.show_saved(NOW)
    desk.page.show_tab("measurements")
    desk.case.views.arrange(Arrangement.MPR)
    desk.settle()
    assert tree.hasFocus()


def test_the_page_says_when_the_draft_was_kept_and_when_it_was_not(desk: Desk) -> None:
    assert desk.page.bar.state_text.startswith("saved ")
    desk.page.state.show_unsaved("The disk is full.")
    assert desk.page.bar.state_text == "NOT SAVED: The disk is full."
    desk.page.state.show_saved(NOW)
    assert desk.page.bar.state_text == f"saved {NOW.astimezone():%H:%M:%S}"


def test_the_page_speaks_french_at_run_time(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_J)
    desk.page.images.put_volumes([prior()])
    desk.page.images.set_progress(CURRENT, 40, 40)
    desk.page.retranslate(translator("fr"))
    desk.settle()
    assert desk.content("v2").series[0] == "ANTÉRIEUR 10/01/2025"
    assert desk.page.bar.actions_by_id["length"].text() == "Distance"
    assert desk.page.tabs.tabText(0) == "Mesures"
    assert row_of(desk.page, CURRENT).facts == "40 images sur 40"


def test_a_preset_on_a_magnetic_resonance_is_refused_with_a_sentence(desk: Desk) -> None:
    desk.page.images.put_volumes([replace(desk.case.volumes[0], modality="MR")])
    desk.focus()
    before = desk.content().resolved.window
    desk.press(Qt.Key.Key_3)
    assert desk.notices == ["The presets are in Hounsfield units and mean nothing on this image (MR)."]
    assert desk.content().resolved.window == before


def test_a_series_dropped_on_a_viewport_opens_there(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_J)
    desk.page.images.put_volumes([prior()])
    mime = series_mime(VolumeReference(CURRENT))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(9, 9), copy, mime, left, none)
    QApplication.sendEvent(desk.viewport("v2"), entered)
    assert entered.isAccepted()
    QApplication.sendEvent(desk.viewport("v2"), QDropEvent(QPointF(9, 9), copy, mime, left, none))
    desk.settle()
    assert desk.case.views.layout.active == "v2"
    assert desk.content("v2").volume.series == CURRENT


def test_the_menu_of_a_picture_offers_presets_and_the_deletion_of_the_mark(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_D)
    desk.drag((200, 300), (320, 210))
    desk.press(Qt.Key.Key_Menu)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    titles = [action.text() for action in menu.actions()]
    assert {"Lung", "Invert", "Key image", "Delete the mark"} <= set(titles)
    menu.actions()[titles.index("Delete the mark")].trigger()
    menu.close()
    assert not desk.case.session.annotations


def test_a_document_is_not_hung(desk: Desk) -> None:
    document = SeriesSummary(SeriesUID("2.25.110"), "SR", 9, "Report", 1)
    study = desk.case.studies[0]
    desk.page.images.set_series(replace(study, series=(*study.series, document)))
    desk.page.images.ask_for(VolumeReference(document.uid))
    assert desk.notices == ["This series holds a document, not images."]
    assert desk.content().volume.series == CURRENT


def test_the_parts_of_a_split_series_are_all_listed_and_open_one_by_one(desk: Desk) -> None:
    first = desk.case.volumes[0]
    second = replace(first, index=1, sources=tuple(replace(one, frame_index=1) for one in first.sources))
    desk.page.images.put_volumes([first, second])
    tree = desk.page.series.tree
    heading = tree.topLevelItem(0)
    assert heading is not None
    item = heading.child(0)
    assert item is not None
    assert item.childCount() == 2
    second_part = item.child(1)
    assert second_part is not None
    tree.setCurrentItem(second_part)
    tree.setFocus()
    desk.press(Qt.Key.Key_Return)
    assert desk.content().volume.index == 1


def test_two_examinations_scroll_together_after_the_link_button(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_Y)
    assert (desk.case.views.comparing.joined is not None, len(desk.notices)) == (False, 1)
    desk.press(Qt.Key.Key_J)
    desk.page.images.put_volumes([prior()])
    desk.settle()
    desk.press(Qt.Key.Key_Down)
    assert desk.content("v2").resolved.slice_index == 20
    desk.press(Qt.Key.Key_Y)
    desk.press(Qt.Key.Key_PageDown)
    assert (desk.content("v1").resolved.slice_index, desk.content("v2").resolved.slice_index) == (31, 30)


def test_a_case_opened_behind_another_page_is_shown_when_its_page_comes_forward(desk: Desk) -> None:
    desk.page.hide()
    desk.case = Case(desk.case.volumes)
    desk.open()
    desk.page.show()
    desk.page.images.put_volumes(desk.case.volumes)
    desk.settle()
    assert desk.content().volume is desk.case.volumes[0]
