"""The second window: it carries a part of the reading page to another monitor, under the banner of the patient.

Its title names no patient. It holds nothing by itself: what it carries goes home when it closes.
"""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.domain.window_place import WindowPlace
from workstation.shell.banner import PatientBanner
from workstation.translations import Translator

_SETTLED_MS = 600
_SMALLEST = 200


class SecondWindow(QWidget):
    """``left`` tells that the reader closed it, ``moved`` that it has come to rest in another place."""

    left = Signal()
    moved = Signal()

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self._is_used = False
        self.banner = PatientBanner(words)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 4, 6, 4)
        self._column.setSpacing(4)
        self._column.addWidget(self.banner)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self.moved)
        self.retranslate(words)

    def carry(self, widget: QWidget) -> None:
        """Take a part of the page in."""
        self._column.addWidget(widget, 1)
        widget.show()
        self._is_used = True

    def let_go(self) -> None:
        """Be gone until something is carried again, whoever wants to show the window."""
        self._is_used = False
        self.hide()

    def setVisible(self, visible: bool) -> None:
        """Show the window only while it carries something."""
        super().setVisible(visible and self._is_used)

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self.setWindowTitle(words.text("second_window.title"))
        self.banner.retranslate(words)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave what is carried to whoever takes it home."""
        event.ignore()
        self.left.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Note the place once it has settled."""
        super().moveEvent(event)
        self._settled.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Note the size once it has settled."""
        super().resizeEvent(event)
        self._settled.start()


def placed(wanted: WindowPlace | None, screens: Mapping[str, QRect], home: str) -> QRect:
    """Return where the window stands: where it was, if that screen is still there, else on a screen that is.

    ``screens`` are the rooms on each screen by name, ``home`` names the one of the main window. The first time another
    screen is filled; with one screen the window takes its right half.
    """
    if wanted is not None and wanted.screen in screens:
        room = screens[wanted.screen]
        width, height = (
            min(max(wanted.width, _SMALLEST), room.width()),
            min(max(wanted.height, _SMALLEST), room.height()),
        )
        left = min(max(wanted.left, room.left()), room.right() + 1 - width)
        top = min(max(wanted.top, room.top()), room.bottom() + 1 - height)
        return QRect(left, top, width, height)
    other = next((room for name, room in screens.items() if name != home), None)
    if other is not None and wanted is None:
        return other
    room = screens[home]
    return QRect(room.left() + room.width() // 2, room.top(), room.width() // 2, room.height())
