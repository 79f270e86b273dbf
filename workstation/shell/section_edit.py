"""The field of one section: it grows with its text, leaves by Tab, and tells when it has nothing more to take back."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSizeF, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit

from workstation.reading.history import text_change

_LINE_PX = 18
_MOST_LINES = 14
_UNDO = (QKeySequence("Ctrl+Z"),)
_REDO = (QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y"))


class SectionEdit(QPlainTextEdit):
    """Takes back its own typing first; ``undo_asked`` and ``redo_asked`` say that it remembers nothing more."""

    undo_asked = Signal()
    redo_asked = Signal()
    left = Signal()

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setTabChangesFocus(True)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit(QSizeF(0, lines))

    def show_text(self, text: str) -> None:
        """Show another text, the cursor behind what is other; the same text stays as it is."""
        before = self.toPlainText()
        if before == text:
            return
        self.setPlainText(text)
        change = text_change("", before, text)
        cursor = self.textCursor()
        # Positions in a document count UTF-16 units.
        cursor.setPosition(len(text[: change.at + len(change.inserted or "")].encode("utf-16-le")) // 2)
        self.setTextCursor(cursor)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the history from the page while text is typed."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_of_history(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take back or do again what was typed here; everything else is typing."""
        if not _is_of_history(event):
            super().keyPressEvent(event)
        elif QKeySequence(event.keyCombination()) in _UNDO:
            self._step(self.document().isUndoAvailable(), self.undo, self.undo_asked.emit)
        else:
            self._step(self.document().isRedoAvailable(), self.redo, self.redo_asked.emit)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the reader goes on elsewhere."""
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again: a narrower field breaks its text into more lines."""
        super().resizeEvent(event)
        self._fit(self.document().size())

    def _step(self, is_possible_here: bool, step: Callable[[], None], ask: Callable[[], None]) -> None:
        if is_possible_here:
            step()
        else:
            ask()

    def _fit(self, size: QSizeF) -> None:
        # A plain text document states its height in lines.
        lines = max(self._lines, min(_MOST_LINES, int(size.height())))
        self.setFixedHeight(lines * _LINE_PX + 14)


def _is_of_history(event: QKeyEvent) -> bool:
    return QKeySequence(event.keyCombination()) in (*_UNDO, *_REDO)
