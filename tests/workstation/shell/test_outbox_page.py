"""The outbox page: reports with every step, and what may be decided about them, by mouse and by keys."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from tests.workstation.outbox.outbox_bench import OutboxBench, real_object
from tests.workstation.store.samples import HUB
from workstation.domain.delivery import CompletionState, DeliveryState, ObjectRole
from workstation.domain.delivery_acts import DeliveryAct
from workstation.domain.identifiers import DraftId, RequestId
from workstation.shell.confirm_dialog import ConfirmDialog
from workstation.shell.outbox_page import OutboxPage
from workstation.shell.outbox_tree import COLUMNS, KEYS
from workstation.translations import languages, translator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
FORCE, HOLD, RELEASE, CANCEL = DeliveryAct.FORCE, DeliveryAct.HOLD, DeliveryAct.RELEASE, DeliveryAct.CANCEL
STATE, REASON = COLUMNS.index("state"), COLUMNS.index("reason")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[OutboxBench]:
    bench = OutboxBench(tmp_path, {HUB: "http://127.0.0.1:9/dicom-web"})
    for number in (1, 2):
        objects = tuple(
            real_object(10 * number + place, role=role)
            for place, role in enumerate((ObjectRole.KEY_IMAGES, ObjectRole.REPORT))
        )
        bench.sign(objects, f"d{number}", request=number == 1)
    yield bench
    bench.close()


@pytest.fixture
def page(qtbot: QtBot) -> OutboxPage:
    page = OutboxPage(translator("en"))
    qtbot.addWidget(page)
    page.resize(1000, 600)
    page.show()
    return page


def show(page: OutboxPage, bench: OutboxBench) -> None:
    page.show_deliveries(bench.outbox.deliveries(), {"d1": "FIRST", "d2": "SECOND"}, bench.completions.completions())


def group(page: OutboxPage, title: str) -> QTreeWidgetItem:
    (item,) = page.tree.findItems(title, Qt.MatchFlag.MatchExactly)
    return item


def allowed(page: OutboxPage) -> set[DeliveryAct]:
    return {act for act, button in page.buttons.items() if button.isEnabled()}


def test_the_latest_report_comes_first_with_its_objects_its_request_and_each_step(
    page: OutboxPage, bench: OutboxBench
) -> None:
    deliveries = bench.outbox.deliveries()
    bench.outbox.step(deliveries[0].id, DeliveryState.CONFLICT, "other_bytes", "why", "why")
    bench.completions.step(DraftId("d1"), RequestId("r1"), CompletionState.BLOCKED, "no such request")
    show(page, bench)
    assert [page.tree.topLevelItem(place).text(0) for place in range(2)] == ["SECOND", "FIRST"]
    first = group(page, "FIRST")
    assert (first.text(STATE), first.text(REASON)) == ("conflict", "why")
    rows = [first.child(place) for place in range(first.childCount())]
    assert [row.text(STATE) for row in rows] == ["conflict", "waiting", "refused"]
    assert rows[2].text(REASON) == "no such request"
    assert [rows[0].child(n).text(0) for n in range(2)] == ["signed and queued", "other content found"]
    assert all(rows[0].child(n).text(COLUMNS.index("when")) for n in range(2))


def test_only_what_makes_sense_for_the_chosen_report_can_be_pressed(page: OutboxPage, bench: OutboxBench) -> None:
    assert allowed(page) == set()
    bench.decisions.decide(HOLD, "d2")
    show(page, bench)
    page.tree.setCurrentItem(group(page, "SECOND"))
    assert allowed(page) == {RELEASE, CANCEL}
    page.tree.setCurrentItem(group(page, "FIRST").child(1).child(0))
    assert allowed(page) == {FORCE, HOLD, CANCEL}
    for delivery in bench.outbox.deliveries():
        if delivery.draft == "d1":
            bench.outbox.step(delivery.id, DeliveryState.SENT, "read_back")
    show(page, bench)
    assert allowed(page) == set()


def test_each_act_has_a_key_and_a_button_that_ask_for_the_chosen_report(page: OutboxPage, bench: OutboxBench) -> None:
    asked: list[tuple[DeliveryAct, str]] = []
    page.act_asked.connect(lambda act, draft: asked.append((act, draft)))
    show(page, bench)
    page.tree.setCurrentItem(group(page, "FIRST"))
    page.tree.setFocus()
    for act in DeliveryAct:
        QTest.keyClick(page.tree, KEYS[act])
        QTest.mouseClick(page.buttons[act], Qt.MouseButton.LeftButton)
    assert asked == [(act, "d1") for act in (FORCE, FORCE, HOLD, HOLD, CANCEL, CANCEL)]
    assert all(button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in page.buttons.values())


def test_a_refresh_moves_neither_the_choice_nor_what_is_open(page: OutboxPage, bench: OutboxBench) -> None:
    show(page, bench)
    group(page, "FIRST").child(0).setExpanded(True)
    group(page, "SECOND").setExpanded(False)
    page.tree.setCurrentItem(group(page, "FIRST").child(0).child(0))
    bench.outbox.step(bench.outbox.deliveries()[0].id, DeliveryState.BLOCKED, "refused", "no", "no")
    show(page, bench)
    assert group(page, "FIRST").child(0).isExpanded()
    assert not group(page, "SECOND").isExpanded()
    current = page.tree.currentItem()
    assert current is not None
    assert (page.tree.chosen_draft, current.text(0)) == ("d1", "signed and queued")


def test_the_whole_reason_of_the_chosen_line_is_readable(page: OutboxPage, bench: OutboxBench) -> None:
    reason = "A long reason. " * 20
    bench.outbox.step(bench.outbox.deliveries()[0].id, DeliveryState.BLOCKED, "refused", reason, reason)
    show(page, bench)
    page.tree.setCurrentItem(group(page, "FIRST"))
    assert page.reason.text() == reason
    assert page.reason.wordWrap()


@pytest.mark.parametrize("language", languages())
def test_every_state_has_its_words(language: str, page: OutboxPage, bench: OutboxBench) -> None:
    words = translator(language)
    page.retranslate(words)
    show(page, bench)
    assert group(page, "FIRST").text(STATE) == words.text("outbox.state.pending")
    assert page.buttons[CANCEL].text() == words.text("outbox.act.cancel")


def test_cancelling_is_asked_about_and_enter_goes_back(qtbot: QtBot) -> None:
    dialog = ConfirmDialog("Title", "SUBJECT", "Sure?", "Do it", "Back")
    qtbot.addWidget(dialog)
    accepted: list[bool] = []
    dialog.accepted.connect(lambda: accepted.append(True))
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert accepted == []
    dialog.show()
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert accepted == [True]
