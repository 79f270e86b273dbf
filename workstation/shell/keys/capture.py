"""A field that takes the next key that is pressed, whatever it would do elsewhere."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from workstation.shell.keys.digit_row import digit_of
from workstation.shell.keys.keymap import spelt

_HELD = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock)


class KeyCapture(QLineEdit):
    """``captured`` gives a key as keymaps spell it; ``left`` tells that none was pressed."""

    captured = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)

    def event(self, event: QEvent) -> bool:
        """Take keys before any shortcut and before Tab moves the focus."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._pressed(event)
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the reader turned to something else."""
        super().focusOutEvent(event)
        self.left.emit()

    def _pressed(self, event: QKeyEvent) -> None:
        if event.key() not in _HELD:
            self.captured.emit(digit_of(event) or spelt(event.key(), event.modifiers()))
