"""What the tab of objects says before, and after, the objects of a study have been looked for."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from workstation.reading.shown_objects import ShownObjects
from workstation.shell.objects_panel import ObjectsPanel
from workstation.translations import translator

pytestmark = pytest.mark.qt


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_said_to_be_there_before_it_was_looked_for(qtbot: QtBot, language: str) -> None:
    words = translator(language)
    panel = ObjectsPanel(words)
    qtbot.addWidget(panel)
    panel.show_objects(ShownObjects())
    assert words.text("objects.awaited") in said(panel)
    panel.show_objects(ShownObjects().with_objects(()))
    assert words.text("objects.none") in said(panel)
    panel.show_objects(ShownObjects())
    assert words.text("objects.none") not in said(panel)


def said(panel: ObjectsPanel) -> set[str]:
    return {label.text() for label in panel.findChildren(QLabel)}
