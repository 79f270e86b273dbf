"""One thread that ends what takes too long; works the same on every system, whatever the reader is blocked in."""

import threading
from collections.abc import Callable
from time import monotonic


class Alarm:
    """One running limit. ``fired`` tells afterwards whether the action was taken."""

    def __init__(self, watchdog: "Watchdog", action: Callable[[], None]) -> None:
        self._watchdog = watchdog
        self.action = action
        self.deadline = float("inf")
        self.fired = False

    def set(self, seconds: float) -> None:
        """Start, or start again with so many seconds from now."""
        self._watchdog.schedule(self, monotonic() + seconds)

    def cancel(self) -> None:
        """Stop without acting."""
        self._watchdog.forget(self)


class Watchdog:
    """Keeps alarms; its thread starts with the first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._alarms: set[Alarm] = set()
        # When the thread looks again by itself: most alarms are forgotten before, and need not wake it.
        self._looks_at = float("inf")
        self._thread: threading.Thread | None = None
        self._closed = False

    def alarm(self, action: Callable[[], None]) -> Alarm:
        """Return an alarm that is not yet running; ``action`` must be quick and must not raise."""
        return Alarm(self, action)

    def schedule(self, alarm: Alarm, deadline: float) -> None:
        """Run ``alarm`` at ``deadline``, of the monotonic clock."""
        with self._changed:
            alarm.deadline = deadline
            self._alarms.add(alarm)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._watch, name="decoding-watchdog", daemon=True)
                self._thread.start()
            if deadline < self._looks_at:
                self._changed.notify()

    def forget(self, alarm: Alarm) -> None:
        """Drop an alarm."""
        with self._changed:
            self._alarms.discard(alarm)

    def close(self) -> None:
        """Drop all alarms and end the thread."""
        with self._changed:
            self._closed = True
            self._alarms.clear()
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = monotonic()
                for alarm in [alarm for alarm in self._alarms if alarm.deadline <= now]:
                    self._alarms.discard(alarm)
                    alarm.fired = True
                    alarm.action()
                nearest = min((alarm.deadline for alarm in self._alarms), default=None)
                self._looks_at = float("inf") if nearest is None else nearest
                self._changed.wait(None if nearest is None else max(0.0, nearest - now))
