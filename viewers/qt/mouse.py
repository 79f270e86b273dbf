"""From mouse events to intents: what the buttons do over one viewport, told to the pointer in logical pixels."""

from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent

from viewers.image.pixels import default_window
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.seen import Seen
from viewers.tools.base import Button, PointerEvent
from viewers.tools.cuts import Grasp
from viewers.tools.hit import Hit
from viewers.tools.intents import Intent, MoveCrosshair
from viewers.tools.navigate import LayerBasis, WindowBasis
from viewers.tools.path_drag import PathGrasp
from viewers.tools.pointer import Pointer, PointerContext
from viewers.tools.snap import EdgeFinder
from viewers.tools.view_plane import ViewPlane

BUTTONS = MappingProxyType(
    {
        Qt.MouseButton.LeftButton: Button.LEFT,
        Qt.MouseButton.MiddleButton: Button.MIDDLE,
        Qt.MouseButton.RightButton: Button.RIGHT,
    }
)
_OTHER_HAND = {Button.LEFT: Button.RIGHT, Button.RIGHT: Button.LEFT}


def button_of(event: QMouseEvent, *, is_left_handed: bool) -> Button:
    """Return which button an event is about; left and right change places for a left hand."""
    button = BUTTONS.get(event.button(), Button.NONE)
    return _OTHER_HAND.get(button, button) if is_left_handed else button


class Mouse:
    """The mouse over one viewport; without a picture there is nothing for it to do."""

    def __init__(self, pointer: Pointer, edge: EdgeFinder) -> None:
        self._pointer = pointer
        self._edge = edge
        self._usual: tuple[Volume, float] | None = None

    def button(self, event: QMouseEvent) -> Button:
        """Return which button an event is about; left and right change places for a left hand."""
        return button_of(event, is_left_handed=self._pointer.profile.is_left_handed)

    def press(self, event: QMouseEvent, seen: Seen | None) -> tuple[Intent, ...]:
        """Begin a drag or a mark."""
        if seen is None:
            return ()
        resolved = seen.content.resolved
        layer = None if resolved.fused is None else LayerBasis(resolved.fused.window, resolved.fused.opacity)
        basis = WindowBasis(resolved.window, resolved.voi_function, self._usual_width(seen.content.volume), layer)
        return self._pointer.press(self._told(event, seen.view), self._context(seen.content, basis))

    def under(self, event: QMouseEvent, seen: Seen | None) -> Grasp | Hit | PathGrasp | None:
        """Return what a press of the left button would take hold of."""
        return None if seen is None else self._pointer.under(self._told(event, seen.view), self._context(seen.content))

    def point(self, event: QMouseEvent, seen: Seen | None) -> tuple[Intent, ...]:
        """Share the point under the pointer while Shift is held and no button: the 3D cursor."""
        is_held = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if seen is None or not is_held or event.buttons() != Qt.MouseButton.NoButton:
            return ()
        return (MoveCrosshair(self._told(event, seen.view).point),)

    def move(self, event: QMouseEvent, seen: Seen | None) -> tuple[Intent, ...]:
        """Follow the pointer."""
        return self._pointer.move(self._told(event, seen.view)) if seen is not None and self._pointer.is_busy else ()

    def release(self, event: QMouseEvent, seen: Seen | None) -> tuple[Intent, ...]:
        """End a drag; where the picture has gone meanwhile, nothing comes of it."""
        if seen is None:
            self._pointer.cancel()
            return ()
        return self._pointer.release(self._told(event, seen.view))

    def goes_on(self, event: QMouseEvent, seen: Seen | None) -> tuple[Intent, ...] | None:
        """Return what a second click in quick succession does to the mark in hand.

        ``None`` where it means something else: no mark was in hand, or both clicks were in the place where it began.
        """
        intents = self.press(event, seen) if self._pointer.preview is not None else ()
        if intents or self._pointer.preview is not None:
            return intents
        self._pointer.cancel()
        return None

    def forget(self) -> None:
        """Let go of the volume last pressed on."""
        self._usual = None

    def _context(self, content: ViewportContent, basis: WindowBasis | None = None) -> PointerContext:
        return PointerContext(content.annotations, basis, content.cuts, content.crosshair_lps, self._edge, content.path)

    def _usual_width(self, volume: Volume) -> float:
        if self._usual is None or self._usual[0] is not volume:
            self._usual = (volume, default_window(volume).width)
        return self._usual[1]

    def _told(self, event: QMouseEvent, view: ViewPlane) -> PointerEvent:
        position, modifiers = event.position(), event.modifiers()
        return PointerEvent(
            position=(position.x(), position.y()),
            view=view,
            button=self.button(event),
            shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            control=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
            alt=bool(modifiers & Qt.KeyboardModifier.AltModifier),
        )
