"""What a slow link is used for: said in words, shown as it is, told when it changes."""

import pytest
from pytestqt.qtbot import QtBot

from workstation.shell.link_box import LinkBox
from workstation.translations import translator

pytestmark = pytest.mark.qt


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_choices_are_shown_and_told(qtbot: QtBot, language: str) -> None:
    box, words = LinkBox(translator(language)), translator(language)
    qtbot.addWidget(box)
    told: list[tuple[str, bool]] = []
    box.previews_chosen.connect(lambda is_wanted: told.append(("previews", is_wanted)))
    box.ahead_chosen.connect(lambda is_wanted: told.append(("ahead", is_wanted)))
    box.show_wanted(previews=False, ahead=True)
    assert (box.previews.isChecked(), box.ahead.isChecked(), told) == (False, True, [])
    box.previews.click()
    box.ahead.click()
    assert told == [("previews", True), ("ahead", False)]
    assert box.previews.text() == words.text("shell.settings.link.previews")
    assert box.ahead.text() == words.text("shell.settings.link.ahead")
