"""Carries parts of the reading page to the second window and back home."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QSplitter, QWidget

from workstation.domain.patient import Patient
from workstation.domain.window_place import WindowPlace
from workstation.shell.second_window import SecondWindow, placed
from workstation.translations import Translator

VIEWPORTS, SIDE, FULL = "viewports", "side", "full"


class SecondScreen(QObject):
    """One part of the page at a time is carried; without a case nothing is.

    ``FULL`` is the viewports over the whole screen that the page is on, without a banner: each picture names its
    patient.

    Signals
    -------
    opened, closed
        The window carries something now, or nothing any more.
    placed
        A ``WindowPlace``: where the reader left the window.
    """

    opened = Signal()
    closed = Signal()
    placed = Signal(object)

    def __init__(self, page: QWidget, panes: QSplitter, parts: Mapping[str, QWidget], words: Translator) -> None:
        super().__init__(page)
        self._page = page
        self._panes = panes
        self._parts = {**parts, FULL: parts[VIEWPORTS]}
        self._words = words
        self._home: tuple[int, list[int]] = (0, [])
        self._place: WindowPlace | None = None
        self._patient: Patient | None = None
        self._wanted = ""
        self.carried = ""
        self.window = SecondWindow(words)
        self.window.left.connect(lambda: self.toggle(self.carried))
        self.window.moved.connect(self._note)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._lost)

    def place(self, place: WindowPlace | None) -> None:
        """Open the window where it was, when next a case is open and the reader asks."""
        self._place = place

    def open_case(self, patient: Patient | None) -> None:
        """Show whose case it is; a window that was in use is opened again."""
        self._patient = patient
        if self._wanted and self._wanted != FULL:
            self._open(self._wanted)

    def close_case(self) -> None:
        """Take everything home and name nobody."""
        self._bring_home()
        self._patient = None
        self.window.banner.clear()

    def toggle(self, part: str) -> None:
        """Carry a part to the second window, or take it home."""
        self._wanted = "" if part == self.carried else part
        self._bring_home()
        self.window.setWindowState(Qt.WindowState.WindowNoState)
        if self._wanted:
            self._open(self._wanted)

    def retranslate(self, words: Translator) -> None:
        """Show the window in another language."""
        self._words = words
        self.window.retranslate(words)

    def _open(self, part: str) -> None:
        if self.window.parentWidget() is not self._page.window():
            # Of the main window: it never keeps the program running, and is never left behind.
            self.window.setParent(self._page.window(), Qt.WindowType.Window)
            # The keys of the main window act here too, above all the one that locks.
            self.window.addActions(self._page.window().actions())
        widget = self._parts[part]
        self._home = (self._panes.indexOf(widget), self._panes.sizes())
        if self._patient is not None:
            self.window.banner.show_patient(self._patient)
        self.carried = part
        self.window.carry(widget)
        if part == VIEWPORTS:
            # The series keep their width; the report takes the room.
            first, *others = self._home[1]
            self._panes.setSizes([first, sum(others)])
        self._stand()
        self.window.show()
        self.window.activateWindow()
        self.opened.emit()

    def _bring_home(self) -> None:
        if not self.carried:
            return
        self._note()
        index, sizes = self._home
        self._panes.insertWidget(index, self._parts[self.carried])
        self._panes.setSizes(sizes)
        self.carried = ""
        self.window.let_go()
        self.closed.emit()

    def _stand(self) -> None:
        self.window.banner.setVisible(self.carried != FULL)
        if self.carried == FULL:
            self.window.setGeometry(self._page.window().screen().geometry())
            self.window.setWindowState(Qt.WindowState.WindowFullScreen)
            return
        screens = {screen.name(): screen.availableGeometry() for screen in QGuiApplication.screens()}
        home = self._page.window().screen().name()
        self.window.setGeometry(placed(self._place, screens, home))
        if self._place is not None and self._place.is_maximised:
            self.window.setWindowState(Qt.WindowState.WindowMaximized)

    def _note(self) -> None:
        if self.carried in ("", FULL) or not self.window.isVisible():
            return
        area, screen = self.window.normalGeometry(), self.window.screen().name()
        place = WindowPlace(screen, area.left(), area.top(), area.width(), area.height(), self.window.isMaximized())
        if place != self._place:
            self._place = place
            self.placed.emit(place)

    def _lost(self, gone: QScreen) -> None:
        """Come back to the main window's screen from one that is gone."""
        if self.carried and (self._place is None or self._place.screen == gone.name()):
            home = self._page.window().screen().availableGeometry()
            self.window.setWindowState(Qt.WindowState.WindowNoState)
            self.window.move(home.topLeft() + QPoint(40, 40))
            self.window.resize(self.window.size().boundedTo(home.size() - QSize(80, 80)))
