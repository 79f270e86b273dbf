"""Declining: no reason is told to a requester that the reader has not chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from workstation.hub.protocol import DeclineReason
from workstation.shell.decline_dialog import DeclineDialog
from workstation.translations import translator

pytestmark = pytest.mark.qt
CODES = [one.value.value for one in DeclineReason]


def test_a_request_is_declined_only_once_a_reason_is_chosen(qtbot: QtBot) -> None:
    words = translator("en")
    dialog = DeclineDialog(words, CODES)
    qtbot.addWidget(dialog)
    dialog.open()
    confirm = next(one for one in dialog.findChildren(QPushButton) if one.text() == words.text("decline.confirm"))
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not confirm.isEnabled()
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Down)
    assert dialog.code == CODES[0]
    qtbot.mouseClick(confirm, Qt.MouseButton.LeftButton)
    assert dialog.result() == QDialog.DialogCode.Accepted
