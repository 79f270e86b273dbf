"""The lock of the window: nothing to be read, nothing lost, nobody in without the passphrase, everything back after."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.support.displays import READING_ROOM, on
from tests.support.on_screen import readable
from tests.support.patience import PATIENCE_MS
from tests.support.reports import READER
from tests.workstation.store.samples import make_draft, make_request
from tests.workstation.vault.keepers import MemoryKeeper
from workstation.app.core import Core, open_core
from workstation.app.window import _open
from workstation.app.window_parts import WindowParts, build_parts
from workstation.audit.events import AuditEvent, Outcome
from workstation.audit.facts import read_facts
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.domain.identifiers import DraftId, RequestId
from workstation.domain.report import Answers
from workstation.domain.request import Request, Severity
from workstation.reading.opening import OpenedCase, Opening
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell.labels import plain
from workstation.shell.lock_page import LockReason
from workstation.shell.passphrase_dialog import PassphraseDialog
from workstation.shell.second_screen import SIDE, VIEWPORTS
from workstation.translations import translator
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.unlock import unlock
from workstation.worklist.queue import Queue

pytestmark = pytest.mark.qt
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PASSPHRASE = "five words nobody will guess"
MARK = "MARKED"


@dataclass
class Bench:
    """A window with a case open whose every text holds the mark."""

    core: Core
    parts: WindowParts
    executor: Executor
    qtbot: QtBot

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier) -> None:
        QTest.keyClick(self.parts.window, key, modifiers)

    def lock(self) -> None:
        self.parts.lock.controller.lock(LockReason.ASKED)

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        page = self.parts.lock.controller.page
        page.field.setText(passphrase)
        page.unlock.click()

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def wait_open(self) -> None:
        self.wait(lambda: not self.parts.lock.controller.is_locked)

    def told(self) -> list[tuple[object, object, str]]:
        kinds = (AuditEvent.LOCKED, AuditEvent.SIGNED_IN)
        lines = [one for one in self.core.store.audit.lines() if one.event in kinds]
        # The first line is the start of the program.
        return [(one.event, one.outcome, str(read_facts(one.detail)["reason"])) for one in lines[1:]]

    def type(self, words: str) -> None:
        self.qtbot.keyClicks(self.parts.editor.fields["findings"], words)


def request_of(identifier: str, severity: Severity = Severity.GRAVE) -> Request:
    return replace(make_request(identifier), question=f"{MARK}?", severity=severity, holder=None)


@pytest.fixture
def asks() -> bool:
    return True


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, asks: bool) -> Iterator[Bench]:
    with open_core(Profile(tmp_path / "profile"), None, passphrase=PASSPHRASE) as core:
        core.store.settings.set_reader(READER)
        draft = replace(make_draft("r1"), annotations=(), answers=Answers(), author=READER, request=RequestId("r1"))
        core.drafting.save(draft)
        main_thread = MainThread()
        executor = Executor(main_thread.post)
        parts = build_parts(core, executor, translator("en"), asks=asks, displays=on(READING_ROOM))

        def opened(_opening: Opening, request: Request, *_others: object) -> OpenedCase:
            return OpenedCase(request, (), core.drafting.load(DraftId(request.id)), offline=True)

        monkeypatch.setattr(Opening, "open", opened)
        parts.window.closed.connect(parts.close)
        qtbot.addWidget(parts.window)
        parts.window.show()
        parts.case.open(request_of("r1"))
        qtbot.waitUntil(lambda: parts.case.session is not None, timeout=PATIENCE_MS)
        yield Bench(core, parts, executor, qtbot)
        parts.window.close()
        executor.close()


def dialog_of(parent: QWidget) -> QDialog:
    dialog = QDialog(parent)
    layout = QVBoxLayout(dialog)
    layout.addWidget(plain(MARK))
    code = QLineEdit()
    code.setEchoMode(QLineEdit.EchoMode.Password)
    code.setText("typed code")
    layout.addWidget(code)
    dialog.setWindowTitle(MARK)
    return dialog


def test_ctrl_l_leaves_nothing_to_be_read_and_the_draft_on_the_disk(bench: Bench) -> None:
    window = bench.parts.window
    bench.type(MARK)
    dialog, chooser = dialog_of(window), QFileDialog(None, MARK, "")
    dialog.show()
    chooser.setOption(QFileDialog.Option.DontUseNativeDialog)
    chooser.show()
    window.setToolTip(MARK)
    window.notices.show_notice(MARK)
    window.status.show_reader(READER)
    assert READER.display in readable()
    window.setWindowTitle(f"{MARK} - Requis")
    assert readable().count(MARK) >= 4
    window.setToolTip("")
    bench.key(Qt.Key.Key_L)
    assert MARK not in readable()
    assert "locked" in window.windowTitle()
    assert READER.display not in readable()
    assert not chooser.isVisible()
    assert dialog.findChild(QLineEdit).text() == ""
    bench.wait(lambda: bench.parts.case.is_saved)
    assert bench.core.drafting.load(DraftId("r1")).answers.sections["findings"] == MARK
    bench.wait(lambda: bench.told() == [(AuditEvent.LOCKED, Outcome.SUCCESS, "asked")])


def test_a_grab_of_the_locked_window_is_the_same_whatever_lies_behind(bench: Bench) -> None:
    bench.lock()
    bench.parts.lock.controller.page.field.clearFocus()
    first = bench.parts.window.grab().toImage()
    bench.parts.window.show_page("queue")
    bench.parts.window.notices.show_warning(MARK)
    assert bench.parts.window.grab().toImage() == first
    assert first.size() != QSize(0, 0)


def test_the_right_passphrase_brings_everything_back_as_it_was(bench: Bench) -> None:
    dialog = dialog_of(bench.parts.window)
    bench.type(MARK)
    bench.parts.editor.fields["findings"].setFocus()
    focus, session = bench.parts.window.focusWidget(), bench.parts.case.session
    dialog.show()
    bench.lock()
    bench.unlock("wrong words entirely")
    page = bench.parts.lock.controller.page
    bench.wait(lambda: bool(page.problem.text()))
    assert bench.parts.window.is_covered
    assert page.field.text() == ""
    bench.unlock()
    bench.wait_open()
    assert not bench.parts.window.is_covered
    assert dialog.isVisible()
    assert bench.parts.window.current_page == "reading"
    assert bench.parts.case.session is session
    assert bench.parts.window.focusWidget() is focus
    assert bench.parts.editor.fields["findings"].toPlainText() == MARK
    bench.wait(lambda: len(bench.told()) == 3)
    assert bench.told()[1:] == [
        (AuditEvent.SIGNED_IN, Outcome.MINOR_FAILURE, "unlock"),
        (AuditEvent.SIGNED_IN, Outcome.SUCCESS, "unlock"),
    ]
    assert not bench.core.profile.locked.exists()


@pytest.mark.parametrize("part", [VIEWPORTS, SIDE])
def test_the_second_window_is_locked_with_the_first_by_a_key_pressed_in_it(bench: Bench, part: str) -> None:
    bench.type(MARK)
    second = bench.parts.reading_page.second
    second.toggle(part)
    assert second.window.isVisible()
    assert MARK in readable()
    QTest.keyClick(second.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert bench.parts.lock.controller.is_locked
    assert not second.window.isVisible()
    assert MARK not in readable()
    second.window.show()
    bench.qtbot.wait(10)
    assert not second.window.isVisible()
    bench.unlock()
    bench.wait_open()
    assert (second.carried, second.window.isVisible()) == (part, True)
    assert MARK in readable()


def test_a_case_put_away_behind_the_lock_is_in_no_window_afterwards(bench: Bench) -> None:
    second = bench.parts.reading_page.second
    second.toggle(SIDE)
    bench.lock()
    bench.parts.case.close()
    bench.unlock()
    bench.wait_open()
    assert (second.carried, second.window.isVisible(), second.window.banner.text) == ("", False, "")


def test_five_wrong_passphrases_make_the_right_one_wait(bench: Bench) -> None:
    page = bench.parts.lock.controller.page
    bench.lock()
    for _ in range(5):
        bench.unlock("wrong words entirely")
        bench.wait(lambda: bool(page.problem.text()))
    bench.unlock()
    bench.wait(lambda: "Wait" in page.problem.text())
    assert bench.parts.lock.controller.is_locked


def test_a_dialog_that_opens_behind_the_lock_waits_for_the_reader(bench: Bench) -> None:
    bench.lock()
    late = dialog_of(bench.parts.window)
    late.open()
    assert MARK not in readable()
    bench.wait(lambda: not late.isVisible())
    bench.unlock()
    bench.wait_open()
    assert late.isVisible()
    assert MARK in readable()
    late.close()


def test_keys_of_the_window_do_nothing_while_it_is_locked(bench: Bench) -> None:
    bench.lock()
    bench.key(Qt.Key.Key_1)
    bench.key(Qt.Key.Key_Z)
    assert bench.parts.window.current_page == "reading"
    bench.unlock()
    bench.wait_open()
    bench.key(Qt.Key.Key_1)
    assert bench.parts.window.current_page == "queue"


def test_hubs_are_forgotten_at_the_lock_and_after_each_look_at_the_queue(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[int] = []
    close = bench.core.hubs.close

    def closing() -> None:
        closed.append(1)
        close()

    monkeypatch.setattr(bench.core.hubs, "close", closing)
    bench.lock()
    bench.wait(lambda: len(closed) == 1)
    bench.parts.queue.refresh()
    bench.wait(lambda: len(closed) == 2)


def test_an_immediate_request_rings_behind_the_lock_without_content(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(QApplication, "beep", lambda: rung.append(1))
    urgent = request_of("r2", Severity.IMMEDIATE)
    bench.parts.queue.refreshed.emit(0)
    bench.parts.queue._show(Queue((), ()))
    bench.lock()
    assert "Immediate" not in readable()
    bench.parts.queue._show(Queue((urgent,), ()))
    assert rung == [1]
    assert "Immediate requests waiting: 1" in readable()
    assert MARK not in readable()


def test_what_keeps_a_draft_from_being_taken_does_not_keep_the_screen_open(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ValueError(MARK)

    monkeypatch.setattr(bench.parts.lock.controller, "_save", fail)
    bench.lock()
    assert bench.parts.window.is_covered
    assert MARK not in readable()


def test_every_trigger_locks_and_says_why(bench: Bench) -> None:
    lock = bench.parts.lock
    for trigger, words in (
        (lock.idle.idle, "nobody used it"),
        (lock.idle.slept, "went to sleep"),
        (lock.session.sleeping, "went to sleep"),
        (lock.session.locked, "session of this computer"),
    ):
        trigger.emit()
        assert lock.controller.is_locked
        assert words in readable()
        lock.controller._open()


def test_another_language_reaches_the_lock(bench: Bench) -> None:
    bench.parts.speak("fr")
    bench.lock()
    assert "Requis est verrouillé" in readable()


class TestTheDemonstration:
    @pytest.fixture
    def asks(self) -> bool:
        return False

    def test_opens_by_a_button_that_says_so_and_leaves_no_mark(self, bench: Bench) -> None:
        bench.lock()
        page = bench.parts.lock.controller.page
        assert not page.field.isVisible()
        assert "demonstration" in page.unlock.text()
        page.unlock.click()
        bench.wait_open()
        bench.wait(lambda: len(bench.told()) == 2)
        assert not bench.core.profile.locked.exists()


def test_who_is_locked_out_does_not_get_in_by_a_new_start(tmp_path: Path, qtbot: QtBot) -> None:
    profile, slot = Profile(tmp_path), KeyringSlot(MemoryKeeper(), "one")
    unlock(profile, slot, system_clock, PASSPHRASE)
    profile.locked.touch()
    seen: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PassphraseDialog)
        seen.append(readable())
        dialog.first.setText(PASSPHRASE if len(seen) == 2 else "wrong words entirely")
        if len(seen) == 1:
            QTimer.singleShot(0, answer)
        dialog._try()

    QTimer.singleShot(0, answer)
    with ExitStack() as stack:
        assert _open(stack, profile, slot, translator("en"), None) is not None
    assert "was locked when it was last closed" in seen[0]
    assert "does not open" in seen[1]
    assert not profile.locked.exists()
    with ExitStack() as stack:
        assert _open(stack, profile, slot, translator("en"), None) is not None
