"""The choice of lossy previews: said in words, shown as it is, told when it changes."""

import pytest
from pytestqt.qtbot import QtBot

from workstation.shell.preview_box import PreviewBox
from workstation.translations import translator

pytestmark = pytest.mark.qt


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_choice_is_shown_and_told(qtbot: QtBot, language: str) -> None:
    box = PreviewBox(translator(language))
    qtbot.addWidget(box)
    told: list[bool] = []
    box.chosen.connect(told.append)
    box.show_wanted(True)
    assert box.wanted.isChecked()
    assert told == []
    box.wanted.click()
    assert told[-1] is box.wanted.isChecked()
    assert box.wanted.text() == translator(language).text("shell.settings.previews.wanted")
