"""A reader's hands on a reading page: keys, drags, and what is then on screen."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.support.open_case import Case
from viewers.identifiers import SeriesUID, StudyUID, ViewportId
from viewers.qt.content import ViewportContent
from viewers.qt.viewport import ViewportWidget
from workstation.shell.reading_page import ReadingPage


@dataclass
class Desk:
    """A page, its case, and what it asked for and said."""

    page: ReadingPage
    case: Case
    qtbot: QtBot
    asked: list[tuple[StudyUID, SeriesUID]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    archives: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.series_asked.connect(lambda study, series: self.asked.append((study, series)))
        self.page.notice.connect(self.notices.append)
        self.page.view_state_changed.connect(self.archives.append)

    def open(self) -> None:
        case = self.case
        self.page.open_case(case.session, case.dispatcher, case.views, case.measure, case.studies)
        self.settle()

    def settle(self) -> None:
        self.qtbot.wait(20)

    def viewport(self, name: str = "v1") -> ViewportWidget:
        return self.page.board.grid.viewports[ViewportId(name)]

    def content(self, name: str = "v1") -> ViewportContent:
        return self.page.board.contents[ViewportId(name)]

    def focus(self, name: str = "v1") -> None:
        self.viewport(name).setFocus(Qt.FocusReason.TabFocusReason)
        self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target: QWidget | None = self.page.window().focusWidget()
        QTest.keyClick(self.page if target is None else target, key, modifiers)
        self.settle()

    def drag(self, start: tuple[int, int], end: tuple[int, int], name: str = "v1") -> None:
        left, none, widget = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.viewport(name)
        QTest.mousePress(widget, left, none, QPoint(*start))
        for step in range(1, 5):
            x, y = (round(a + (b - a) * step / 4) for a, b in zip(start, end, strict=True))
            QTest.mouseMove(widget, QPoint(x, y))
        QTest.mouseRelease(widget, left, none, QPoint(*end))
        self.settle()
