"""Puts every window but the main one out of sight, and brings dialogs and the second window back as they were."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QToolTip, QWidget
from shiboken6 import isValid

from workstation.shell.second_window import SecondWindow

_PASSING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen)


class Curtain(QObject):
    """While it is drawn no other window of this program can be seen, also none that opens meanwhile."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._hidden: list[QWidget] = []

    def draw(self) -> None:
        """Hide dialogs, close menus and file dialogs, end tooltips, empty a clipboard that is ours."""
        QToolTip.hideText()
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible():
                self._hide(widget)
        clipboard = QApplication.clipboard()
        if clipboard.ownsClipboard():
            clipboard.clear()
        if clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def open(self) -> None:
        """Show the dialogs again."""
        self.remove()
        hidden, self._hidden = self._hidden, []
        for widget in hidden:
            if isValid(widget):
                widget.show()

    def remove(self) -> None:
        """Look at windows no more, without showing any."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a window that opens now from ever reaching the screen, then hide it."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and self._is_other(watched):
            watched.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            QTimer.singleShot(0, self, lambda: self._hide(watched))
        return False

    def _is_other(self, widget: QWidget) -> bool:
        return widget.isWindow() and widget is not self._window

    def _hide(self, widget: QWidget) -> None:
        if not isValid(widget) or not self._is_other(widget):
            return
        if isinstance(widget, QFileDialog):
            widget.reject()
            return
        if widget.windowType() in _PASSING:
            widget.close()
            return
        for field in widget.findChildren(QLineEdit):
            if field.echoMode() is QLineEdit.EchoMode.Password:
                field.clear()
        widget.hide()
        widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
        if isinstance(widget, QDialog | SecondWindow) and widget not in self._hidden:
            self._hidden.append(widget)
