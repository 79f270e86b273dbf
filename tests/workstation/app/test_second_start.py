"""A second start on one profile: refused in words, in a window of its own."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.on_screen import readable
from workstation.app.window import run_window
from workstation.config import Profile
from workstation.shell.refusal_dialog import RefusalDialog
from workstation.store.errors import ProfileInUse
from workstation.store.profile_lock import ProfileLock
from workstation.translations import translator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.mark.qt
@pytest.mark.parametrize(("language", "words"), [("en", "already open"), ("fr", "déjà ouvert")])
def test_the_second_window_says_so_and_opens_nothing(tmp_path: Path, qtbot: QtBot, language: str, words: str) -> None:
    profile, seen = Profile(tmp_path), list[str]()

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, RefusalDialog)
        seen.append(readable())
        dialog.reject()

    QTimer.singleShot(0, close)
    with ProfileLock(profile.lock), pytest.raises(ProfileInUse):
        run_window(profile, None, translator(language))
    assert words in seen[0]
    assert not profile.database.exists()
    assert not profile.keys.exists()
