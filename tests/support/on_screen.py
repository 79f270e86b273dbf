"""What somebody in front of the screen can read of this program."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)


def readable() -> str:
    """Return the titles of all windows that can be seen, and every text in them that can be seen or pointed at."""
    never = Qt.WidgetAttribute.WA_DontShowOnScreen
    windows = [one for one in QApplication.topLevelWidgets() if one.isVisible() and not one.testAttribute(never)]
    shown = [one for window in windows for one in _of(window) if one.isVisible()]
    return "\n".join(text for one in shown for text in _texts(one) if text)


def _of(window: QWidget) -> list[QWidget]:
    """Return a window and what it shows; dialogs over it are its children too, but windows of their own."""
    return [window, *(one for one in window.findChildren(QWidget) if one.window() is window)]


def _texts(widget: QWidget) -> list[str]:
    found = [widget.windowTitle() if widget.isWindow() else "", widget.toolTip(), widget.accessibleName()]
    if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
        found.append(widget.text())
    elif isinstance(widget, QPlainTextEdit | QTextEdit):
        found.append(widget.toPlainText())
    elif isinstance(widget, QComboBox):
        found.append(widget.currentText())
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        found += [
            str(model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole) or "")
            for row in range(model.rowCount())
            for column in range(model.columnCount())
        ]
    return found
