"""The one main window: a bar of pages, notices over it, the pages, the status bar."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.shell.labels import as_tooltip, plain
from workstation.shell.notices import NoticeBar
from workstation.shell.status import StatusLine
from workstation.translations import Translator

LOCK_KEY = "Ctrl+L"


class MainWindow(QMainWindow):
    """Holds the pages and shows one of them; it knows nothing of what they do."""

    language_asked = Signal(str)
    about_asked = Signal()
    lock_asked = Signal()
    closed = Signal()

    def __init__(self, translator: Translator, languages: tuple[str, ...]) -> None:
        super().__init__()
        self._translator = translator
        self._pages: dict[str, QWidget] = {}
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget()
        self._centre = QWidget()
        self._root = QStackedWidget()
        self._intended_use = plain(style="quiet", parent=self._centre)
        self.notices = NoticeBar(translator, self._intended_use)
        self.status = StatusLine(translator)
        self._badges: dict[str, int] = {}
        self._may_close: Callable[[], bool] = lambda: True
        self._bar = QHBoxLayout()
        self._language_buttons = tuple(self._language_button(code) for code in languages)
        self._about = QPushButton()
        self._about.clicked.connect(self.about_asked)
        self.lock = QPushButton()
        self.lock.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.lock.clicked.connect(self.lock_asked)
        self._build()
        self._add_lock_key()
        self.retranslate(translator)
        self.resize(1600, 960)

    def add_page(self, name: str, page: QWidget, shortcut: str) -> None:
        """Add a page with its button; ``name`` is the key of its title."""
        button = QPushButton()
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _checked: self.show_page(name))
        action = QAction(self)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _checked: self.show_page(name))
        self.addAction(action)
        self._group.addButton(button)
        self._bar.insertWidget(len(self._pages), button)
        self._pages[name] = page
        self._buttons[name] = button
        self._stack.addWidget(page)
        self._name_page(name)
        button.setToolTip(as_tooltip(shortcut))
        if len(self._pages) == 1:
            self.show_page(name)

    def show_page(self, name: str) -> None:
        """Bring one page forward and give it the keyboard."""
        self._stack.setCurrentWidget(self._pages[name])
        self._buttons[name].setChecked(True)
        self._pages[name].setFocus()

    @property
    def current_page(self) -> str:
        """The name of the page in front."""
        current = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is current), "")

    def page_button(self, name: str) -> QPushButton:
        """Return the button of one page."""
        return self._buttons[name]

    def set_badge(self, name: str, count: int) -> None:
        """Show a number beside a page's title; nothing takes the focus."""
        self._badges[name] = count
        self._name_page(name)

    @property
    def is_covered(self) -> bool:
        """Whether something lies over everything."""
        return self._root.currentWidget() is not self._centre

    def cover(self, page: QWidget) -> None:
        """Show ``page`` and nothing else: no pages, no notices, no status; keys of the window do nothing."""
        if self._root.indexOf(page) < 0:
            self._root.addWidget(page)
        self._root.setCurrentWidget(page)
        self._set_covered(True)

    def uncover(self) -> None:
        """Show the pages again, as they were."""
        self._root.setCurrentWidget(self._centre)
        self._set_covered(False)

    def _set_covered(self, covered: bool) -> None:
        self.status.setVisible(not covered)
        for action in self.actions():
            action.setEnabled(not covered)
        self.retranslate(self._translator)

    def _add_lock_key(self) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(LOCK_KEY))
        action.triggered.connect(self.lock_asked)
        self.addAction(action)

    def retranslate(self, translator: Translator) -> None:
        """Show the window's own texts in another language."""
        self._translator = translator
        self.setWindowTitle(translator.text("lock.title" if self.is_covered else "shell.title"))
        self.lock.setText(translator.text("lock.lock"))
        self.lock.setToolTip(as_tooltip(f"{translator.text('lock.lock')} ({LOCK_KEY})"))
        self._intended_use.setText(translator.text("shell.intended_use"))
        self._about.setText(translator.text("shell.about.title"))
        for name in self._buttons:
            self._name_page(name)
        for button in self._language_buttons:
            button.setChecked(button.text().lower() == translator.language)
        self.notices.retranslate(translator)
        self.status.retranslate(translator)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close if that may be, and tell the application, which stops what is running."""
        if not self._may_close():
            event.ignore()
            return
        self.closed.emit()
        super().closeEvent(event)

    def guard_closing(self, may_close: Callable[[], bool]) -> None:
        """Let ``may_close`` decide whether the window closes when it is asked to."""
        self._may_close = may_close

    def each_page(self, visit: Callable[[QWidget], None]) -> None:
        """Call ``visit`` with every page."""
        for page in self._pages.values():
            visit(page)

    def _name_page(self, name: str) -> None:
        title, count = self._translator.text(f"shell.page.{name}"), self._badges.get(name, 0)
        self._buttons[name].setText(f"{title}  ({count})" if count else title)

    def _language_button(self, code: str) -> QPushButton:
        button = QPushButton(code.upper())
        button.setCheckable(True)
        button.setFixedWidth(44)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _checked: self.language_asked.emit(code))
        return button

    def _build(self) -> None:
        self._bar.setContentsMargins(8, 6, 8, 2)
        self._intended_use.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._intended_use.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar.addWidget(self._intended_use, 1)
        for button in (*self._language_buttons, self.lock, self._about):
            self._bar.addWidget(button)
        column = QVBoxLayout(self._centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._bar)
        column.addWidget(self._stack, 1)
        self._root.addWidget(self._centre)
        self.setCentralWidget(self._root)
        self.setStatusBar(self.status)
