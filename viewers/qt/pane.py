"""What every viewport is that paints itself: a message in place of a picture, all keys handed on, a left hand."""

from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from viewers.identifiers import ViewportId
from viewers.qt.cell import CellWidget
from viewers.qt.content import KeyPress
from viewers.qt.labels import ViewportLabels
from viewers.qt.mouse import button_of
from viewers.tools.base import Button
from viewers.tools.navigate import Navigation
from viewers.tools.pointer import ActiveTool, MouseProfile


class PaneWidget(CellWidget):
    """A viewport of a kind that the plane painter cannot paint.

    The application translates what ``failed`` says and calls ``set_message``.
    """

    def __init__(self, viewport: ViewportId, labels: ViewportLabels, parent: QWidget | None = None) -> None:
        super().__init__(viewport, labels, parent)
        self._message = ""
        self._tool: ActiveTool = Navigation.WINDOW
        self._is_left_handed = False

    def set_tool(self, tool: ActiveTool) -> None:
        """Choose what the left button does, where a tool means something here."""
        self._tool = tool

    def set_profile(self, profile: MouseProfile) -> None:
        """Let left and right buttons change places for a left hand."""
        self._is_left_handed = profile.is_left_handed

    def set_message(self, message: str) -> None:
        """Say in words why there is no picture."""
        self._message = message
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on every key."""
        self.key_pressed.emit(KeyPress(event.key(), event.modifiers(), event.text(), event.isAutoRepeat()))

    def _button(self, event: QMouseEvent) -> Button:
        return button_of(event, is_left_handed=self._is_left_handed)
