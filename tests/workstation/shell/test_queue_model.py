"""The rows of the queue: whatever comes, goes or moves, what stays keeps its row under the reader's hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.workstation.hub.test_ups import REQUEST
from workstation.domain.identifiers import HubName, RequestId
from workstation.domain.request import Carrier, Holder, Request
from workstation.shell.labels import as_tooltip
from workstation.shell.queue_model import COLUMNS, QueueModel
from workstation.translations import translator

pytestmark = pytest.mark.qt
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
names = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


def rows(listed: list[str], question: str = "Q") -> tuple[Request, ...]:
    return tuple(replace(REQUEST, id=RequestId(name), question=question) for name in listed)


@settings(deadline=None, max_examples=60)
@given(names, names)
def test_any_listing_becomes_any_other_and_what_stays_keeps_its_row(before: list[str], after: list[str]) -> None:
    model = QueueModel(translator("en"), lambda: NOW)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_requests(rows(before))
    kept = {name: QPersistentModelIndex(model.index(row, 2)) for row, name in enumerate(before)}
    model.show_requests(rows(after, "Q2"))
    assert [model.request(row).id for row in range(model.rowCount())] == after
    assert {model.request(row).question for row in range(model.rowCount())} <= {"Q2"}
    for name, index in kept.items():
        assert index.isValid() == (name in after)
        assert not index.isValid() or model.request(index.row()).id == name


def test_a_request_that_is_listed_twice_has_one_row(qtbot: QtBot) -> None:
    model = QueueModel(translator("en"), lambda: NOW)
    model.show_requests(rows(["a", "a", "b", "a"]))
    assert [model.request(row).id for row in range(model.rowCount())] == ["a", "b"]


def test_requests_of_one_name_on_two_hubs_are_two_rows_that_say_which_hub(qtbot: QtBot) -> None:
    model = QueueModel(translator("en"), lambda: NOW)
    other = replace(REQUEST, hub=HubName("other"))
    model.show_requests((REQUEST, other, replace(REQUEST, id=RequestId("alone"))))
    model.show_images({other.key: 7})
    cells = [
        [model.data(model.index(row, COLUMNS.index(column))) for column in ("requester", "images")] for row in range(3)
    ]
    asks = REQUEST.requester.organisation
    assert cells == [[f"{asks} · {REQUEST.hub}", "…"], [f"{asks} · other", "7"], [asks, "…"]]


def test_a_request_whose_images_are_not_given_says_so_in_its_row(qtbot: QtBot) -> None:
    model = QueueModel(translator("en"), lambda: NOW)
    model.show_requests((REQUEST,))
    model.show_images({REQUEST.key: 12})
    cell = model.index(0, COLUMNS.index("images"))
    model.show_not_given(frozenset({REQUEST.key}))
    assert model.data(cell) == "not given"
    assert "not there yet" in model.data(cell, Qt.ItemDataRole.ToolTipRole)
    model.show_not_given(frozenset())
    assert (model.data(cell), model.data(cell, Qt.ItemDataRole.ToolTipRole)) == ("12", as_tooltip(""))


def test_a_state_that_only_a_mirror_tells_is_called_so(qtbot: QtBot) -> None:
    model = QueueModel(translator("en"), lambda: NOW)
    model.show_requests((REQUEST,))
    cell = model.index(0, COLUMNS.index("state"))
    plain = model.data(cell)
    model.show_of_mirror(frozenset({REQUEST.key}))
    assert model.data(cell) == f"{plain} (mirror)"
    assert "may be behind" in model.data(cell, Qt.ItemDataRole.ToolTipRole)
    model.show_of_mirror(frozenset())
    assert model.data(cell) == plain


def test_only_a_claim_that_is_no_lock_is_called_soft(qtbot: QtBot) -> None:
    model = QueueModel(translator("fr"), lambda: NOW)
    held = replace(REQUEST, holder=Holder("Lecteur Alpha"))
    model.show_requests((held, replace(held, id=RequestId("2"), carrier=Carrier.REQUEST_SR)))
    column = COLUMNS.index("state")
    shown = [model.data(model.index(row, column)) for row in range(2)]
    assert shown == ["en attente", "en attente (souple)"]
