"""The queue page: order, filters, keys, and the details of the chosen request."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.support.patience import PATIENCE_MS
from workstation.demonstration.cases import load_cases
from workstation.domain.identifiers import HubName, RequestId
from workstation.domain.request import (
    Carrier,
    Holder,
    Request,
    Requester,
    RequestKey,
    RequestState,
    reading_order,
)
from workstation.shell.queue_model import COLUMNS
from workstation.shell.queue_page import QueuePage
from workstation.translations import translator

pytestmark = pytest.mark.qt
TAKEN = (RequestState.IN_PROGRESS, RequestState.COMPLETED)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
REQUESTS = reading_order(tuple(case.request for case in load_cases(NOW, HubName("demonstration"))))


@pytest.fixture
def page(qtbot: QtBot) -> QueuePage:
    page = QueuePage(translator("fr"), lambda: NOW)
    qtbot.addWidget(page)
    page.resize(1400, 800)
    page.show_queue(REQUESTS, None, ())
    page.show()
    return page


def cell(page: QueuePage, row: int, column: str) -> str:
    return str(page.model.data(page.model.index(row, COLUMNS.index(column))))


def test_rows_are_in_reading_order_and_speak_french(page: QueuePage) -> None:
    assert [page.model.request(row).id for row in range(page.model.rowCount())] == [one.id for one in REQUESTS]
    assert cell(page, 0, "severity") == "● immédiat"
    assert cell(page, 0, "waiting") == "6 min"
    assert cell(page, 0, "left") == "30 min"


def test_the_language_changes_at_run_time(page: QueuePage) -> None:
    page.retranslate(translator("en"))
    assert cell(page, 0, "severity") == "● immediate"
    assert page.refresh.text() == "Refresh (F5)"


def test_a_deadline_that_has_passed_is_said_in_words(qtbot: QtBot) -> None:
    page = QueuePage(translator("en"), lambda: NOW.replace(hour=9))
    qtbot.addWidget(page)
    page.show_queue(REQUESTS, None, ())
    assert cell(page, 0, "left") == "overdue 30 min"


@pytest.mark.parametrize(
    ("key", "signal"),
    [(Qt.Key.Key_Return, "open_asked"), (Qt.Key.Key_D, "decline_asked"), (Qt.Key.Key_I, "information_asked")],
)
def test_keys_act_on_the_chosen_request(page: QueuePage, qtbot: QtBot, key: Qt.Key, signal: str) -> None:
    page.table.selectRow(2)
    page.table.setFocus()
    with qtbot.waitSignal(getattr(page, signal), timeout=PATIENCE_MS) as blocker:
        qtbot.keyClick(page.table, key)
    assert blocker.args is not None
    chosen = blocker.args[0]
    assert isinstance(chosen, Request)
    assert chosen.id == REQUESTS[2].id


def test_a_filter_hides_and_never_sorts(page: QueuePage) -> None:
    page.search.setText("embolie")
    assert page.model.rowCount() == 1
    page.search.setText("")
    page.modality.setCurrentIndex(page.modality.findData("CT"))
    assert [page.model.request(row).id for row in range(page.model.rowCount())] == [
        one.id for one in REQUESTS if one.modality == "CT"
    ]


def test_a_refresh_keeps_the_selection(page: QueuePage) -> None:
    page.table.selectRow(3)
    chosen = page.current
    page.show_queue(REQUESTS[1:], None, ())
    assert page.current == chosen


def test_another_language_keeps_the_selection_and_names_every_column(page: QueuePage) -> None:
    page.table.selectRow(3)
    chosen, words = page.current, translator("fr")
    page.retranslate(words)
    assert page.current == chosen
    header = page.model.headerData(COLUMNS.index("severity"), Qt.Orientation.Horizontal)
    assert header == words.text("shell.queue.column.severity")


def test_details_show_question_clinical_and_telephone(page: QueuePage) -> None:
    page.table.selectRow(0)
    shown = [label.text() for label in page.details._values.values()]
    assert REQUESTS[0].question in shown
    assert any("+33199001212" in text for text in shown)


def test_an_unreachable_hub_is_named(page: QueuePage) -> None:
    page.show_queue(REQUESTS, None, ("site-z",))
    assert "site-z" in page.notice.text()
    assert page.notice.isVisible()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_mark_of_a_request_is_cut_off(page: QueuePage, language: str) -> None:
    # What a mark needs beside the others of its row is not asked here.
    page.setStyleSheet("QTableView { font-family: 'DejaVu Sans'; font-size: 13px; }")
    page.retranslate(translator(language))
    plain = replace(REQUESTS[0], question="", region="", requester=Requester("A", "", ""), carrier=Carrier.REQUEST_SR)
    states = tuple(
        replace(plain, id=RequestId(state.name), state=state, holder=Holder("A") if state in TAKEN else None)
        for state in RequestState
    )
    for marked in (frozenset[RequestKey](), frozenset(one.key for one in states)):
        page.show_queue(states, None, ())
        page.show_of_mirror(marked)
        page.show_not_given(marked)
        heights = {cell(page, row, "state"): page.table.sizeHintForRow(row) for row in range(len(states))}
        assert max(heights.values()) <= page.table.rowHeight(0), heights


def test_a_hub_that_was_read_in_part_is_named(page: QueuePage) -> None:
    page.show_queue(REQUESTS, None, ("site-z",), ("site-y",))
    silent, in_part = page.notice.text().splitlines()
    assert ("site-z" in silent, "site-y" in in_part) == (True, True)


def test_a_hub_that_refuses_is_not_called_unreachable_and_both_are_named_in_the_language_of_the_page(
    page: QueuePage,
) -> None:
    page.show_queue(REQUESTS, None, ("site-z",), (), ("site-y",))
    for language in ("en", "fr"):
        words = translator(language)
        page.retranslate(words)
        assert page.notice.text().splitlines() == [
            words.text("shell.queue.unreachable", hubs="site-z"), words.text("shell.queue.refused", hubs="site-y"),
        ]  # fmt: skip


def test_markup_in_a_name_is_shown_as_text(page: QueuePage) -> None:
    page.details.show_first_report(REQUESTS[0].key, "<b>bold</b>")
    page.table.selectRow(0)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.details._values.values())


def test_every_column_is_on_the_smallest_laptop_screen(page: QueuePage, qtbot: QtBot) -> None:
    page.resize(1366, 700)
    qtbot.wait(20)
    assert page.table.horizontalScrollBar().maximum() == 0
    assert page.table.columnWidth(COLUMNS.index("question")) >= 140, "the question is what one chooses by"
