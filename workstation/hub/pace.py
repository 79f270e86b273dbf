"""When a hub may be asked: after what it asked for itself, and not over and over while it does not answer.

After ``FAILURES`` exchanges in a row without an answer the circuit opens: requests fail at once for a while that chance
chooses and that doubles up to ``LONGEST_OPEN_S``; then one request tries, and its answer closes the circuit.
"""

import math
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Final

from workstation.domain.clock import Clock, system_clock
from workstation.hub.errors import HubBusy, HubUnreachable
from workstation.hub.retry_after import LONGEST_ASKED

FAILURES: Final = 5
FIRST_OPEN_S: Final = 0.5
LONGEST_OPEN_S: Final = 10.0
_DOUBLINGS: Final = 10


def jittered(step: int, first_s: float, longest_s: float, fraction: float | None = None) -> float:
    """Return a random share of ``first_s`` doubled ``step`` times, at most ``longest_s``: full jitter, in seconds.

    ``fraction`` (0 to 1) replaces chance in tests.
    """
    share = SystemRandom().random() if fraction is None else fraction
    return share * min(longest_s, first_s * 2.0 ** min(max(step, 0), _DOUBLINGS))


class Pace:
    """The pace of one hub. Safe for use from several threads."""

    def __init__(
        self,
        hub: str,
        clock: Clock = system_clock,
        monotonic: Callable[[], float] = time.monotonic,
        fraction: float | None = None,
    ) -> None:
        self._hub = hub
        self._clock = clock
        self._monotonic = monotonic
        self._fraction = fraction
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0
        self._busy_until: datetime | None = None

    def enter(self) -> None:
        """Return if a request may be sent now.

        Raises
        ------
        HubBusy
            The hub asked not to come back before.
        HubUnreachable
            The circuit is open.
        """
        with self._lock:
            wait = self._wait()
            if wait > timedelta(0):
                raise HubBusy("asked to wait", str(math.ceil(wait.total_seconds())), hub=self._hub)
            now = self._monotonic()
            if self._failures < FAILURES:
                return
            if now < self._open_until:
                raise HubUnreachable("not asked again so soon", hub=self._hub)
            # This one tries; the others wait for its answer, or for their turn.
            self._open_until = now + self._open_s()

    def answered(self) -> None:
        """Note an answer, whatever it says."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Note an exchange without an answer."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._open_until = self._monotonic() + self._open_s()

    def told_to_wait(self, asked: timedelta) -> None:
        """Note that the hub asked to be left alone for so long."""
        with self._lock:
            self._busy_until = self._clock() + asked

    def _wait(self) -> timedelta:
        """Return how long the hub is still to be left alone."""
        if self._busy_until is not None:
            wait = self._busy_until - self._clock()
            # A clock that was set back must not make the wait longer than any that is honoured.
            if timedelta(0) < wait <= LONGEST_ASKED:
                return wait
            self._busy_until = None
        return timedelta(0)

    def _open_s(self) -> float:
        return jittered(self._failures - FAILURES, FIRST_OPEN_S, LONGEST_OPEN_S, self._fraction)
