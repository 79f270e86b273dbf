"""Every stroke and every pause in typing is on the disk, with the way back, also after a restart."""

import threading
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.support.patience import PATIENCE_MS
from tests.support.reports import READER
from tests.workstation.app.bench import CONTROL, LEFT, PLAIN, Bench
from workstation.app.signing_desk import Desk
from workstation.domain.report import Draft
from workstation.reading.finishing import Prepared
from workstation.shell import report_editor
from workstation.signing.errors import SigningError

pytestmark = pytest.mark.qt


def words_and_marks(draft: Draft) -> tuple[object, object]:
    return draft.annotations, draft.answers


def test_a_stroke_is_on_the_disk_when_the_button_is_let_go(bench: Bench) -> None:
    bench.read("r1")
    viewport = bench.show_images()
    QTest.keyClick(viewport, Qt.Key.Key_D)
    QTest.mousePress(viewport, LEFT, PLAIN, QPoint(60, 60))
    QTest.mouseMove(viewport, QPoint(120, 90))
    bench.settle()
    assert bench.disk().annotations == ()
    QTest.mouseRelease(viewport, LEFT, PLAIN, QPoint(120, 90))
    bench.settle()
    (mark,) = bench.disk().annotations
    assert (mark.tool, (mark,)) == ("length", bench.session.annotations)


def test_a_pause_in_typing_is_on_the_disk(bench: Bench) -> None:
    bench.read("r1")
    bench.type("Nodule")
    bench.qtbot.waitUntil(lambda: bench.findings("r1") == "Nodule", timeout=PATIENCE_MS)


def test_who_types_without_a_pause_is_saved_all_the_same(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_editor, "PAUSE_MS", 3_600_000)
    monkeypatch.setattr(report_editor, "LONGEST_MS", 50)
    bench.read("r1")
    bench.type("Nodule")
    bench.qtbot.waitUntil(lambda: bench.findings("r1") == "Nodule", timeout=PATIENCE_MS)


def test_going_elsewhere_keeps_what_was_typed(bench: Bench) -> None:
    bench.read("r1")
    field = bench.parts.editor.fields["findings"]
    field.setFocus()
    bench.type("Nodule")
    assert bench.session.answers.sections.get("findings") is None
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert bench.session.answers.sections["findings"] == "Nodule"


def test_undo_and_redo_are_offered_only_where_there_is_a_way(bench: Bench) -> None:
    actions = bench.parts.reading_page.bar.actions_by_id
    undo, redo = actions["undo"], actions["redo"]
    assert not undo.isEnabled()
    bench.read("r1")
    viewport = bench.show_images()
    assert (undo.isEnabled(), redo.isEnabled()) == (False, False)
    bench.draw(viewport)
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    undo.trigger()
    assert (undo.isEnabled(), redo.isEnabled()) == (False, True)
    assert bench.parts.window.notices.text == "Undone: mark placed."


def test_the_way_back_is_there_after_a_restart(bench: Bench) -> None:
    bench.read("r1")
    viewport = bench.show_images()
    states = [words_and_marks(bench.session.draft)]
    for act in (lambda: bench.draw(viewport), lambda: bench.type("Nodule"), lambda: bench.draw(viewport, (50, 99))):
        act()
        bench.parts.editor.flush()
        states.append(words_and_marks(bench.session.draft))
    again = bench.restart()
    again.read("r1")
    viewport = again.show_images()
    for state in (states[2], states[1], states[0]):
        QTest.keyClick(viewport, Qt.Key.Key_Z, CONTROL)
        assert words_and_marks(again.session.draft) == state
        again.settle()
        assert again.disk() == again.session.draft
    last = again.restart()
    last.read("r1")
    viewport = last.show_images()
    for state in states[1:]:
        QTest.keyClick(viewport, Qt.Key.Key_Y, CONTROL)
        assert words_and_marks(last.session.draft) == state
    last.close()


def test_a_text_field_takes_back_its_own_words_and_nothing_else(bench: Bench) -> None:
    bench.read("r1")
    bench.draw(bench.show_images())
    field = bench.parts.editor.fields["findings"]
    field.setFocus()
    for words in ("one", " two"):
        bench.type(words)
        bench.parts.editor.flush()
    assert len(bench.session.draft.history.done) == 3
    for _ in range(4):
        QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    bench.parts.editor.flush()
    assert (field.toPlainText(), len(bench.session.annotations)) == ("", 1)
    assert len(bench.session.draft.history.done) == 1
    for _ in range(4):
        QTest.keyClick(field, Qt.Key.Key_Y, CONTROL)
    bench.parts.editor.flush()
    assert (field.toPlainText(), bench.session.draft.history.undone) == ("one two", 0)


def test_a_text_field_takes_back_what_was_typed_before_a_restart(bench: Bench) -> None:
    bench.read("r1")
    bench.draw(bench.show_images())
    for words in ("one", " two"):
        bench.type(words)
        bench.parts.editor.flush()
    again = bench.restart()
    again.read("r1")
    field = again.parts.editor.fields["findings"]
    field.setFocus()
    found = []
    for _ in range(4):
        QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
        found.append(field.toPlainText())
    assert found == ["one", "", "", ""]
    assert len(again.session.annotations) == 1
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert (field.toPlainText(), field.textCursor().position()) == ("one", 3)
    again.close()


def test_the_name_of_a_mark_is_kept_while_it_is_typed(bench: Bench) -> None:
    bench.read("r1")
    bench.draw(bench.show_images())
    table = bench.parts.reading_page.measurements.table
    bench.parts.reading_page.show_tab("measurements")
    table.editItem(table.item(0, 1))
    field = table.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "Nodule")
    bench.close()
    assert [mark.text for mark in bench.disk().annotations] == ["Nodule"]


def test_nothing_is_taken_while_the_report_is_signed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.read("r1")
    viewport = bench.show_images()
    page, signing = bench.parts.reading_page, bench.parts.signing
    bench.draw(viewport)
    before, began, gate = bench.session.draft, threading.Event(), threading.Event()

    def sign(_desk: Desk, *_given: object) -> int:
        began.set()
        assert gate.wait(10)
        raise SigningError("the card was pulled out")

    monkeypatch.setattr(Desk, "sign", sign)
    signing._sign(bench.session, cast("Prepared", SimpleNamespace(draft=before)), READER, "code")
    assert began.wait(10)
    assert page.bar.state_text == "BEING SIGNED: nothing can be changed"
    assert not page.bar.actions_by_id["length"].isEnabled()
    bench.draw(viewport, (50, 99))
    QTest.keyClick(viewport, Qt.Key.Key_Z, CONTROL)
    (mark,) = bench.session.annotations
    page.intents.rename(mark.id, "another name")
    assert bench.parts.window.notices.text == "The report is being signed: nothing can be changed for the moment."
    bench.parts.editor.retranslate(bench.parts.words)
    bench.open("r2")
    bench.qtbot.wait(50)
    assert (bench.session.draft, bench.parts.editor.isEnabled(), bench.shown("r1")) == (before, False, True)
    gate.set()
    bench.qtbot.waitUntil(bench.parts.editor.isEnabled, timeout=PATIENCE_MS)
    bench.draw(viewport, (50, 99))
    assert len(bench.session.annotations) == 2


def test_undo_beside_a_field_takes_back_the_words_being_typed_and_not_the_mark_before(bench: Bench) -> None:
    bench.read("r1")
    bench.draw(bench.show_images())
    bench.type("Nodule")
    actions = bench.parts.reading_page.bar.actions_by_id
    actions["undo"].trigger()
    assert (len(bench.session.annotations), bench.parts.editor.fields["findings"].toPlainText()) == (1, "")
    actions["redo"].trigger()
    assert bench.session.answers.sections["findings"] == "Nodule"
