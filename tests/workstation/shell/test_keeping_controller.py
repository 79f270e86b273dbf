"""While the window is open: a backup is made beside the work, and what was repaired is told until it is closed."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.support.patience import PATIENCE_MS
from tests.workstation.store.damage import Filled, filled, zero
from tests.workstation.store.samples import NOW
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell.keeping_controller import KeepingController
from workstation.shell.main_window import MainWindow
from workstation.store.profile_store import ProfileStore
from workstation.translations import languages, translator

pytestmark = pytest.mark.qt
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

OPEN = Callable[[datetime], tuple[MainWindow, ProfileStore]]


@pytest.fixture
def one(tmp_path: Path) -> Filled:
    return filled(tmp_path / "profile")


@pytest.fixture
def opened(one: Filled, qtbot: QtBot) -> Iterator[OPEN]:
    closing: list[Callable[[], None]] = []

    def open_window(now: datetime) -> tuple[MainWindow, ProfileStore]:
        store = ProfileStore.open(one.profile, one.vault, lambda: now)
        words = translator("en")
        main_thread = MainThread()
        executor = Executor(main_thread.post)
        window = MainWindow(words, languages())
        qtbot.addWidget(window)
        window.show()
        controller = KeepingController(window, store, executor, lambda: words)
        closing.extend((executor.close, store.close))
        controller.start()
        return window, store

    yield open_window
    for close in closing:
        close()


def backups(one: Filled) -> int:
    return len(list(one.profile.backups.glob("*.db")))


def test_a_backup_is_made_when_the_last_is_an_hour_old(one: Filled, opened: OPEN, qtbot: QtBot) -> None:
    opened(NOW + timedelta(hours=1))
    qtbot.waitUntil(lambda: backups(one) == 2, timeout=PATIENCE_MS)


def test_a_repair_is_told_until_the_reader_closes_the_notice(one: Filled, opened: OPEN, qtbot: QtBot) -> None:
    zero(one.profile.database)
    window, store = opened(NOW)
    told = window.notices.text
    assert "drafts 10, signed reports 2" in told
    window.notices.show_notice("something else")
    button = window.notices.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    button.click()
    assert window.notices.text == told
    assert store.restoration is not None
    button.click()
    qtbot.waitUntil(lambda: store.restoration is None, timeout=PATIENCE_MS)
    assert window.notices.text == ""


def test_a_backup_that_fails_is_told_and_the_work_goes_on(one: Filled, opened: OPEN, qtbot: QtBot) -> None:
    for path in one.profile.backups.iterdir():
        path.unlink()
    one.profile.backups.rmdir()
    one.profile.backups.write_text("a file where the folder should be", encoding="utf-8")
    window, store = opened(NOW)
    qtbot.waitUntil(lambda: "No backup" in window.notices.text, timeout=PATIENCE_MS)
    one.assert_whole(store)
