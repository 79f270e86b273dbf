"""The small field in which a mark is named where it lies: pauses and Enter keep, Escape leaves it as it was."""

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_WIDTH = 260
_PAUSE_MS = 700


class MarkText(QLineEdit):
    """A line over the viewports; what was typed is kept too when the reader goes on elsewhere."""

    paused = Signal(str)
    finished = Signal(str)
    cancelled = Signal()

    def __init__(self, text: str, hint: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._over = parent
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setMaxLength(120)
        self.setFixedWidth(_WIDTH)
        self._is_done = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(lambda: self.paused.emit(self.text().strip()))
        self.textEdited.connect(lambda _text: self._pause.start(_PAUSE_MS))

    def open_at(self, place: QPoint) -> None:
        """Show the field near ``place``, inside its parent, and give it the keyboard."""
        self.adjustSize()
        x = min(max(place.x() + 12, 0), max(0, self._over.width() - self.width()))
        y = min(max(place.y() + 12, 0), max(0, self._over.height() - self.height()))
        self.move(x, y)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.selectAll()

    def keep(self) -> None:
        """Keep what has been typed so far and go."""
        self._close(is_kept=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep on Enter, leave on Escape; everything else is typing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close(is_kept=True)
        elif event.key() == Qt.Key.Key_Escape:
            self._close(is_kept=False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep what was typed, unless only the window lost the focus."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._close(is_kept=True)

    def _close(self, *, is_kept: bool) -> None:
        if self._is_done:
            return
        self._is_done = True
        self._pause.stop()
        if is_kept:
            self.finished.emit(self.text().strip())
        else:
            self.cancelled.emit()
        self.hide()
        self.deleteLater()
