"""From mouse events to intents: what the buttons do over one viewport, told to the pointer in logical pixels."""

from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent

from viewers.qt.content import ViewportContent
from viewers.qt.seen import Seen
from viewers.tools.base import Button, PointerEvent
from viewers.tools.cuts import Grasp
from viewers.tools.hit import Hit
from viewers.tools.intents import Intent
from viewers.tools.navigate import WindowBasis
from viewers.tools.pointer import Pointer, PointerContext
from viewers.tools.view_plane import ViewPlane

BUTTONS = MappingProxyType(
    {
        Qt.MouseButton.LeftButton: Button.LEFT,
        Qt.MouseButton.MiddleButton: Button.MIDDLE,
        Qt.MouseButton.RightButton: Button.RIGHT,
    }
)


class Mouse:
    """The mouse over one viewport; without a picture there is nothing for it to do."""

    def __init__(self, pointer: Pointer) -> None:
        self._pointer = pointer

    def press(self, event: QMouseEvent, seen: Seen | None) -> tuple[Intent, ...]:
        """Begin a drag or a mark."""
        return () if seen is None else self._pointer.press(_told(event, seen.view), _context(seen.content))

    def under(self, event: QMouseEvent, seen: Seen | None) -> Grasp | Hit | None:
        """Return what a press of the left button would take hold of."""
        return None if seen is None else self._pointer.under(_told(event, seen.view), _context(seen.content))

    def move(self, event: QMouseEvent, seen: Seen | None) -> tuple[Intent, ...]:
        """Follow the pointer."""
        return self._pointer.move(_told(event, seen.view)) if seen is not None and self._pointer.is_busy else ()

    def release(self, event: QMouseEvent, seen: Seen | None) -> tuple[Intent, ...]:
        """End a drag."""
        return () if seen is None else self._pointer.release(_told(event, seen.view))

    def ends_mark(self, event: QMouseEvent, seen: Seen | None) -> tuple[Intent, ...]:
        """Return what a second click in quick succession ends; nothing where it means something else.

        What is in hand is dropped then.
        """
        intents = self.press(event, seen) if self._pointer.preview is not None else ()
        if not intents:
            self._pointer.cancel()
        return intents


def _told(event: QMouseEvent, view: ViewPlane) -> PointerEvent:
    position, modifiers = event.position(), event.modifiers()
    return PointerEvent(
        position=(position.x(), position.y()),
        view=view,
        button=BUTTONS.get(event.button(), Button.NONE),
        shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
        control=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
    )


def _context(content: ViewportContent) -> PointerContext:
    resolved = content.resolved
    basis = WindowBasis(resolved.window, resolved.voi_function)
    return PointerContext(content.annotations, basis, content.cuts, content.crosshair_lps, path=content.path)
