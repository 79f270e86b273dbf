"""Carries the viewports of a page to a second window on two screens, and takes the second screen away."""

import json

from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.open_case import Case
from workstation.domain.window_place import WindowPlace
from workstation.shell.reading_page import ReadingPage
from workstation.shell.second_screen import VIEWPORTS
from workstation.translations import translator

SETTLED_MS = 800


def main() -> None:
    """Print on which screen the window stood at first, where its place was, and where it was once that was gone."""
    application = QApplication([])
    page = ReadingPage(translator("en"))
    page.resize(1200, 800)
    page.show()
    case = Case([])
    page.open_case(case.session, case.dispatcher, case.views, case.measure, case.studies)
    told: list[WindowPlace] = []
    page.second.placed.connect(told.append)
    window = page.second.window
    page.second.toggle(VIEWPORTS)
    QTest.qWait(SETTLED_MS)
    stood = window.screen().name()
    gone = next(screen for screen in QGuiApplication.screens() if screen.name() == stood)
    application.screenRemoved.emit(gone)
    QTest.qWait(SETTLED_MS)
    print(json.dumps([stood, told[0].screen, window.screen().name(), window.isVisible()]))
    page.close_case()


if __name__ == "__main__":
    main()
