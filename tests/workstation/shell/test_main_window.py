"""The main window: notices that move nothing, words that follow the language."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from workstation.domain.identifiers import HubName
from workstation.domain.link import LinkSpeed
from workstation.hub.errors import HubUnreachable
from workstation.shell.about import AboutDialog
from workstation.shell.main_window import MainWindow
from workstation.translations import translator

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """A window with a queue page, as small as a laptop's screen."""
    window = MainWindow(translator("fr"), ("en", "fr"))
    qtbot.addWidget(window)
    for number, name in enumerate(("queue", "reading", "outbox", "verification", "settings"), start=1):
        window.add_page(name, QWidget(), f"Ctrl+{number}")
    window.resize(1366, 768)
    window.show()
    qtbot.wait(20)
    return window


def test_a_notice_moves_neither_a_picture_nor_a_row_under_the_pointer(window: MainWindow, qtbot: QtBot) -> None:
    stack = window.centralWidget().currentWidget().layout().itemAt(1).widget()
    before = stack.geometry()
    window.notices.show_notice("Le serveur ne répond pas. " * 20)
    qtbot.wait(20)
    assert stack.geometry() == before
    assert window.notices.isVisible()


def test_a_notice_hides_no_button_of_a_page_and_stays_on_the_window(window: MainWindow, qtbot: QtBot) -> None:
    window.notices.show_notice("Le serveur ne répond pas.")
    qtbot.wait(20)
    notice = window.notices.geometry()
    for button in window.centralWidget().findChildren(QPushButton):
        if not window.notices.isAncestorOf(button):
            assert not notice.intersects(
                button.geometry().translated(button.parentWidget().mapTo(window.centralWidget(), QPoint(0, 0)))
            )
    assert notice.width() > 400
    assert notice.right() < window.width()


def test_the_badge_of_a_page_survives_another_language(window: MainWindow) -> None:
    window.set_badge("queue", 2)
    window.retranslate(translator("en"))
    assert window.page_button("queue").text() == "Queue  (2)"


def test_what_was_loaded_is_said_in_the_language_of_the_window(window: MainWindow) -> None:
    window.status.show_idle("case.complete")
    window.retranslate(translator("en"))
    assert translator("en").text("case.complete") in window.status.words
    window.status.show_idle()
    assert translator("en").text("case.complete") not in window.status.words


@pytest.mark.parametrize(
    ("speed", "told"),
    [
        (None, "Liaison non mesurée"),
        (LinkSpeed(HubName("a"), 10_625_000.0), "Liaison 85 Mbit/s"),
        (LinkSpeed(HubName("b"), 312_500.0, is_of_several=True), "Liaison 2,5 Mbit/s (b)"),
    ],
)
def test_the_speed_of_the_link_is_always_told(window: MainWindow, speed: LinkSpeed | None, told: str) -> None:
    window.status.show_link(speed)
    assert told in window.status.words
    window.retranslate(translator("en"))
    assert told not in window.status.words
    window.retranslate(translator("fr"))
    assert told in window.status.words


def test_about_states_the_intended_use_and_closes_in_the_language_of_the_window(
    window: MainWindow, qtbot: QtBot
) -> None:
    words = translator("fr")
    about = AboutDialog(words, "1", window)
    qtbot.addWidget(about)
    assert about.statement.text() == words.text("shell.intended_use")
    assert [button.text() for button in about.findChildren(QPushButton)] == ["Fermer"]


def test_an_error_that_stays_is_said_in_the_language_of_the_window(window: MainWindow) -> None:
    window.notices.show_error(HubUnreachable("refused", hub="site"))
    window.retranslate(translator("en"))
    assert window.notices.text == translator("en").text("errors.hub.unreachable", hub="site")
    window.notices.show_warning("Something else.")
    window.retranslate(translator("fr"))
    assert window.notices.text == "Something else."
