"""Whether a hub is well enough to be read from, judged by what is asked of it, and by a small question meanwhile.

A dead connection, or three failures in a row, make it ill; so does silence, the small question's included, where a
mirror could be read instead. There, the small question follows a failure at once, and counts: a hub that fails in
everything is left by the reading that finds it so, and one that fails in one thing is not. While it is ill, it is
asked a small question beside the reading, once in a while; its answer makes it well again. One that takes long for
that answer is slow and not silent: the next time it is given longer. Safe for use from several threads.
"""

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import wait
from typing import Final

from workstation.errors import WorkstationError
from workstation.hub.beside import begin
from workstation.hub.door import Cancelled
from workstation.hub.errors import HubAnsweredWrongly, HubUnreachable, TransferCut

FAILURES: Final = 3
ASK_AGAIN_S: Final = 2.0
# After so much silence the small question is asked, and has so long to be answered.
QUIET_S: Final = 1.5
ANSWER_S: Final = 2.0
# A hub that is slow is given so many times what it took for the small question; one that took longer than this is ill.
PATIENCE: Final = 2.0
SLOWEST_S: Final = 10.0


def is_illness(error: WorkstationError) -> bool:
    """Whether a failure speaks against the hub, and not against what was asked."""
    if isinstance(error, HubAnsweredWrongly):
        return error.status >= 500
    return isinstance(error, HubUnreachable | TransferCut)


class Health:
    """The health of one hub; ``ask`` is the small question."""

    def __init__(self, ask: Callable[[], object], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._asked_at: float | None = None
        self._is_asking = False
        self._answer_s = 0.0

    @property
    def is_well(self) -> bool:
        """Whether the hub is to be asked first."""
        with self._lock:
            return self._failures < FAILURES

    def worked(self) -> None:
        """Note that it answered."""
        with self._lock:
            self._failures = 0

    def failed(self, error: WorkstationError) -> None:
        """Note a failure; a connection that is dead is not tried three times."""
        with self._lock:
            self._count(FAILURES if isinstance(error, HubUnreachable) else 1)

    def doubt(self) -> None:
        """Ask the small question of one that has failed, until it answers or has failed often enough to be ill."""
        while self.is_well:
            answer = begin(self._asked_for_s)
            if wait((answer,), ANSWER_S).done and answer.result() < math.inf:
                return
            with self._lock:
                self._count(1)

    def _count(self, failures: int) -> None:
        self._failures = min(FAILURES, self._failures + failures)
        if self._failures == FAILURES and self._asked_at is None:
            self._asked_at = self._monotonic()

    def ask_again(self) -> None:
        """Ask the small question of one that is ill beside what is going on, if it is time; does not wait."""
        if not self.is_well:
            self._ask_beside()

    def silence(self, heard_at: Callable[[], float], cancelled: Cancelled) -> "Silence":
        """Return what tells, while something is awaited from now on, that the hub says nothing at all."""
        with self._lock:
            patience_s = max(ANSWER_S, PATIENCE * self._answer_s)
        return Silence(self._ask_beside, heard_at, cancelled, self._monotonic, patience_s)

    def _ask_beside(self) -> None:
        with self._lock:
            is_time = self._asked_at is None or self._monotonic() - self._asked_at >= ASK_AGAIN_S
            if self._is_asking or not is_time:
                return
            self._is_asking, self._asked_at = True, self._monotonic()
        threading.Thread(target=self._look, name="health", daemon=True).start()

    def _look(self) -> None:
        took_s = math.inf
        try:
            took_s = self._asked_for_s()
            if ANSWER_S < took_s < math.inf:
                # Perhaps the end of a silence; how slow the hub is, the next answer tells.
                took_s = math.inf
                took_s = self._asked_for_s()
        finally:
            with self._lock:
                self._is_asking = False
                is_well = took_s <= SLOWEST_S
                self._answer_s = took_s if is_well else 0.0
                if is_well:
                    self._failures, self._asked_at = 0, None

    def _asked_for_s(self) -> float:
        """Ask the small question, and return how long a hub that is well took to answer: for ever if it is ill."""
        began_at = self._monotonic()
        try:
            self._ask()
        except WorkstationError as error:
            if is_illness(error):
                return math.inf
        return self._monotonic() - began_at


class Silence:
    """True once a reader stops what is awaited, or once its hub said nothing for too long, then ``is_too_long``.

    A hub that thinks about what it was asked still answers the small question; one that hangs does not. To be asked
    again and again while something is awaited, by whoever awaits it and by who looks at the exchange, at once.
    """

    def __init__(
        self,
        ask: Callable[[], None],
        heard_at: Callable[[], float],
        cancelled: Cancelled,
        monotonic: Callable[[], float],
        patience_s: float,
    ) -> None:
        self._ask = ask
        self._heard_at = heard_at
        self._cancelled = cancelled
        self._monotonic = monotonic
        self._patience_s = patience_s
        self._began_at = monotonic()
        self._asked_at: float | None = None
        self.is_too_long = False

    def __call__(self) -> bool:
        """Return whether to await it no longer."""
        if self._cancelled():
            return True
        now = self._monotonic()
        if now - max(self._began_at, self._heard_at()) <= QUIET_S:
            self._asked_at = None
        else:
            # Counted from the question on, so that a machine that slept meanwhile does not hold it against the hub.
            asked_at = self._asked_at
            if asked_at is None:
                self._asked_at = asked_at = now
            self._ask()
            self.is_too_long = self.is_too_long or now - asked_at > self._patience_s
        return self.is_too_long
