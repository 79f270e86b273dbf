"""From the wheel and from touchpads to intents."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent

from viewers.tools.intents import Intent, ScrollBy, ZoomBy

_NOTCH = 120
_ZOOM_PER_NOTCH = 1.15


class Wheel:
    """The wheel over one viewport: it keeps the fraction of a notch that has not been told yet."""

    def __init__(self) -> None:
        self._rest = 0

    def turn(self, event: QWheelEvent) -> tuple[Intent, ...]:
        """Scroll by slices; with Control, zoom about the pointer. Fractions of a notch add up."""
        self._rest += event.angleDelta().y()
        notches = int(self._rest / _NOTCH)
        self._rest -= notches * _NOTCH
        if not notches:
            return ()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            position = event.position()
            return (ZoomBy(_ZOOM_PER_NOTCH**notches, (position.x(), position.y())),)
        return (ScrollBy(-notches),)
