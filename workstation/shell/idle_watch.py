"""Notices that nobody is there: no touch for some minutes, or a computer that slept.

A touch is a key, a button, the pointer or the wheel in a window of this program, or a change of the report by whatever
means (dictation types no keys). Sleep is noticed by the wall clock, which leaps while this program stood still; that
works on every system, where the system's own announcement is not heard.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

TICK_MS = 1000
LEAP_S = 20.0
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)


class IdleWatch(QObject):
    """Says once that the reader is away; ``touch`` begins anew."""

    idle = Signal()
    slept = Signal()

    def __init__(
        self,
        parent: QObject,
        limit_s: float,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._limit_s = limit_s
        self._monotonic = monotonic
        self._wall = wall
        self._touched = monotonic()
        self._seen = wall()
        self._said = False
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._watch_window)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(TICK_MS)

    def set_limit(self, limit_s: float) -> None:
        """Change after how long the reader counts as away."""
        self._limit_s = limit_s

    def touch(self) -> None:
        """Note that the reader is there."""
        self._touched = self._monotonic()
        self._said = False

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def look(self) -> None:
        """Compare the clocks with what was seen last."""
        now, moment = self._monotonic(), self._wall()
        leapt, self._seen = moment - self._seen > LEAP_S, moment
        if leapt:
            self._said = True
            self.slept.emit()
        elif now - self._touched >= self._limit_s and not self._said:
            self._said = True
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what comes into a window before its widgets do."""
        if event.type() in _TOUCHES:
            self.touch()
        return super().eventFilter(watched, event)

    def _watch_window(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)
