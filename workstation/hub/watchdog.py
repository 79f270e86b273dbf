"""Ends exchanges from outside: cancelled, overdue, or fed by drops.

A thread that waits for bytes cannot look at a clock. One thread per hub looks ten times a second at what is under way
and shuts the connection of what must end, which wakes the waiting thread; the pieces themselves cost nothing more.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from workstation.hub.exchange import Cancelled, DoorLimits

LOOK_S: Final = 0.1
# The thread ends after so many looks at nothing.
_IDLE_LOOKS: Final = 50
CANCELLED: Final = "cancelled"
OVERDUE: Final = "deadline"
TOO_SLOW: Final = "slower than the floor"


class Watch:
    """One exchange that is looked at. ``stopped`` says why it was ended, empty while it may go on."""

    __slots__ = (
        "_cancelled",
        "_connection",
        "_deadline",
        "_floor_bytes",
        "_header_deadline",
        "_lock",
        "_window_bytes",
        "_window_looks",
        "_window_used",
        "is_waiting",
        "received",
        "stopped",
    )

    def __init__(self, cancelled: Cancelled, deadline: float, limits: DoorLimits) -> None:
        self.stopped = ""
        self.received = 0
        self.is_waiting = False
        self._cancelled = cancelled
        self._deadline = deadline
        self._header_deadline: float | None = None
        self._connection: socket.socket | None = None
        self._lock = threading.Lock()
        self._window_looks = max(1, round(limits.floor_window_s / LOOK_S))
        self._floor_bytes = limits.floor_bytes_s * limits.floor_window_s
        self._window_used, self._window_bytes = 0, 0

    def attach(self, connection: socket.socket) -> None:
        """Name the connection that is shut when the exchange must end; one that must end already is shut now."""
        with self._lock:
            self._connection = connection
            if self.stopped:
                _shut(connection)

    def detach(self) -> None:
        """Touch the connection no more: it goes on to another exchange, or is closed."""
        with self._lock:
            self._connection = None

    def expect_headers(self, until: float | None) -> None:
        """Set the time by which all headers must be there; none once they are."""
        self._header_deadline = until

    def look(self, now: float) -> None:
        """End the exchange if it must end."""
        reason = self._reason(now)
        if not reason or self.stopped:
            return
        with self._lock:
            self.stopped = reason
            if self._connection is not None:
                _shut(self._connection)

    def _reason(self, now: float) -> str:
        if self._cancelled():
            return CANCELLED
        if now > self._deadline or (self._header_deadline is not None and now > self._header_deadline):
            return OVERDUE
        return TOO_SLOW if self._is_below_floor() else ""

    def _is_below_floor(self) -> bool:
        # Only looks that find the exchange waiting for the hub count: a reader that is slow itself is not its fault.
        if not self.is_waiting:
            return False
        self._window_used += 1
        if self._window_used < self._window_looks:
            return False
        came = self.received - self._window_bytes
        self._window_used, self._window_bytes = 0, self.received
        return came < self._floor_bytes


def _shut(connection: socket.socket) -> None:
    # Of the plain socket, also under TLS: ours would take the TLS layer from the thread that reads it.
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class Watchdog:
    """Looks at exchanges for as long as there are any."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._watches: set[Watch] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, watch: Watch) -> None:
        """Look at an exchange from now on."""
        with self._lock:
            self._watches.add(watch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hub-watchdog", daemon=True)
                self._thread.start()

    def end(self, watch: Watch) -> None:
        """Look at it no more."""
        with self._lock:
            self._watches.discard(watch)

    def _run(self) -> None:
        idle = 0
        while True:
            time.sleep(LOOK_S)
            with self._lock:
                watches = tuple(self._watches)
                idle = 0 if watches else idle + 1
                if idle > _IDLE_LOOKS:
                    self._thread = None
                    return
            for watch in watches:
                watch.look(self._monotonic())
