"""The palette over the page: a line to type in and what it finds; it is gone once an act is chosen or the focus is."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget
from shiboken6 import isValid

from workstation.shell.labels import as_tooltip
from workstation.shell.palette.search import Entry, found
from workstation.translations import Translator

_WIDTH, _HEIGHT = 680, 380
_BELOW_TOP = 36
_TO_THE_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ACT_ROLE = int(Qt.ItemDataRole.UserRole)


class Palette(QFrame):
    """Lies over what ``page`` gives while it is used. ``chosen`` gives the id of an act, once the focus is back."""

    chosen = Signal(str)

    def __init__(self, page: Callable[[], QWidget], entries: Callable[[], tuple[Entry, ...]]) -> None:
        super().__init__(page())
        self.setObjectName("panel")
        self._page = page
        self._entries = entries
        self._known: tuple[Entry, ...] = ()
        self._before: QWidget | None = None
        self.line = QLineEdit()
        self.list = QTreeWidget()
        self.list.setHeaderHidden(True)
        self.list.setColumnCount(3)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.line)
        layout.addWidget(self.list, 1)
        self.line.textChanged.connect(lambda _text: self._show_found())
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(lambda item, _column: self._choose(item))
        self.hide()

    def retranslate(self, words: Translator) -> None:
        """Ask in another language."""
        self.line.setPlaceholderText(words.text("palette.hint"))
        self.list.setAccessibleName(words.text("palette.list"))

    def open(self) -> None:
        """Show everything that can be done, and take the keyboard until one is chosen; open, it closes."""
        if self.isVisible():
            self._close()
            return
        self._before = QApplication.focusWidget()
        self._known = self._entries()
        self.line.clear()
        self._show_found()
        page = self._page()
        self.setParent(page)
        width, height = min(_WIDTH, page.width() - 20), min(_HEIGHT, page.height() - _BELOW_TOP - 10)
        self.setGeometry((page.width() - width) // 2, _BELOW_TOP, width, height)
        self.list.setColumnWidth(0, width * 48 // 100)
        self.list.setColumnWidth(1, width * 28 // 100)
        self.show()
        self.raise_()
        self.line.setFocus()

    def close_quietly(self) -> None:
        """Be gone, without giving the keyboard to anything."""
        self._before = None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the list the keys that go through it, choose with Enter, leave with Escape and with the focus."""
        del watched
        if isinstance(event, QFocusEvent) and event.lostFocus() and self.isVisible():
            if event.reason() == Qt.FocusReason.ActiveWindowFocusReason:
                self._close()
            else:
                self.close_quietly()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(event)
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        if event.key() in _TO_THE_LIST:
            QApplication.sendEvent(self.list, event)
        elif event.key() in _ENTER:
            self._choose(self.list.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            return False
        return True

    def _show_found(self) -> None:
        self.list.clear()
        for entry in found(self.line.text(), self._known):
            item = QTreeWidgetItem([entry.title, entry.group, entry.keys])
            item.setData(0, _ACT_ROLE, entry.act)
            if entry.refusal:
                for column in range(3):
                    item.setForeground(column, self.palette().placeholderText())
                    item.setToolTip(column, as_tooltip(entry.refusal))
            self.list.addTopLevelItem(item)
        self.list.setCurrentIndex(self.list.model().index(0, 0))

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        act = str(item.data(0, _ACT_ROLE))
        self._close()
        self.chosen.emit(act)

    def _close(self) -> None:
        """Be gone, and give the keyboard back."""
        before, self._before = self._before, None
        self.hide()
        if before is not None and isValid(before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)
