"""Marks placed with the mouse, for any tool of the table."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.viewers.tools.views import PLACES, round_about
from viewers.qt.viewport import ViewportWidget
from viewers.tools.base import Gesture, ToolSpec

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def pointed(position: tuple[float, float]) -> QPoint:
    """Return the widget's pixel at a position."""
    return QPoint(round(position[0]), round(position[1]))


def place_mark(
    widget: ViewportWidget,
    tool: ToolSpec,
    shift: tuple[float, float] = (60.0, 60.0),
    between: Qt.MouseButton = Qt.MouseButton.NoButton,
) -> None:
    """Place a mark with the tool that is chosen: the button held as far as that goes, then clicks.

    The button ``between`` is clicked on each place before it is set, or while it is held.
    """
    drawn = round_about() if tool.gesture is Gesture.OUTLINE else PLACES[: min(tool.anchors, 2)]
    spots = [pointed((x + shift[0], y + shift[1])) for x, y in drawn]
    QTest.mousePress(widget, _LEFT, _NONE, spots[0])
    for spot in spots[1:] or spots:
        QTest.mouseMove(widget, spot)
        _click(widget, between, spot)
    QTest.mouseRelease(widget, _LEFT, _NONE, spots[-1])
    for x, y in PLACES[2 : tool.anchors] if tool.gesture is Gesture.ANCHORS else ():
        QTest.mouseMove(widget, pointed((x + shift[0], y + shift[1])))
        _click(widget, between, pointed((x + shift[0], y + shift[1])))
        QTest.mouseClick(widget, _LEFT, _NONE, pointed((x + shift[0], y + shift[1])))


def _click(widget: ViewportWidget, button: Qt.MouseButton, at: QPoint) -> None:
    if button is not Qt.MouseButton.NoButton:
        QTest.mouseClick(widget, button, _NONE, at)
