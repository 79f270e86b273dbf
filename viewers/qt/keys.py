"""The few keys that are a viewport's own: they end or remove what is in hand or selected there."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from viewers.qt.seen import Seen
from viewers.tools.intents import Intent
from viewers.tools.pointer import Pointer

_DELETE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


def own_key(event: QKeyEvent, pointer: Pointer, seen: Seen | None) -> tuple[Intent, ...] | None:
    """Return what a key does here; ``None`` where it is to be handed on.

    Escape drops what is in hand, Delete removes the selected mark.
    """
    if event.key() == Qt.Key.Key_Escape:
        return () if pointer.cancel() else None
    if event.key() in _DELETE_KEYS and seen is not None and seen.content.selected is not None:
        return pointer.delete(seen.content.selected, seen.content.annotations)
    return None
