"""The digits of the top row on layouts that give them with Shift only, such as French AZERTY.

There the key of 3 is ``"`` and no shortcut "3" hears it. The place of the key on the keyboard is the same on every
layout, so a key without modifiers in that row is taken for its digit.
"""

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

# The keys 1 to 9 and 0. X11 and Wayland: the key codes of evdev and 8. Windows: scan codes of set 1. macOS: kVK_ANSI.
_X11 = dict(zip(range(10, 20), "1234567890", strict=True))
_WINDOWS = dict(zip(range(2, 12), "1234567890", strict=True))
_MACOS = dict(zip((18, 19, 20, 21, 23, 22, 26, 28, 25, 29), "1234567890", strict=True))
_TYPING = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
_OF_KEYS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


def digit_of(event: QKeyEvent, platform: str = sys.platform) -> str | None:
    """Return the digit printed in the place of the pressed key where the layout gives something else, or ``None``."""
    if event.modifiers() != Qt.KeyboardModifier.NoModifier or Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
        return None
    if platform == "darwin":
        return _MACOS.get(event.nativeVirtualKey())
    return (_WINDOWS if platform == "win32" else _X11).get(event.nativeScanCode())


class DigitRow(QObject):
    """Looks at the keys of windows and triggers what digits stand for, where shortcuts act and no text is typed."""

    def __init__(self, action_with: Callable[[str], QAction | None], parent: QObject) -> None:
        super().__init__(parent)
        self._action_with = action_with

    def watch(self, page: QWidget) -> None:
        """Look at the keys pressed on a page, whose window has been shown."""
        handle = page.window().windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key that stands for a digit; leave every other event alone."""
        if event.type() not in _OF_KEYS or not isinstance(event, QKeyEvent):
            return False
        del watched
        digit, focused = digit_of(event), QApplication.focusWidget()
        if digit is None or focused is None or isinstance(focused, _TYPING):
            return False
        action = self._action_with(digit)
        if action is None or not _acts_at(focused, action):
            return False
        if event.type() == QEvent.Type.KeyPress:
            action.trigger()
        else:
            # On AZERTY the key of 6 gives "-": no shortcut of that sign may take it first.
            event.accept()
        return True


def _acts_at(widget: QWidget | None, action: QAction) -> bool:
    """Whether the shortcut of an action acts while ``widget`` has the focus."""
    while widget is not None:
        if action in widget.actions():
            return True
        widget = widget.parentWidget()
    return False
