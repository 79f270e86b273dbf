"""Whether a hub is well enough to be read from, judged by what is asked of it, and by a small question meanwhile.

A dead connection, or three failures in a row, make it ill. While it is ill, it is asked a small question beside the
reading, once in a while; its answer makes it well again. Safe for use from several threads.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from workstation.errors import WorkstationError
from workstation.hub.errors import HubAnsweredWrongly, HubUnreachable, TransferCut

FAILURES: Final = 3
ASK_AGAIN_S: Final = 2.0


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
            self._failures = FAILURES if isinstance(error, HubUnreachable) else self._failures + 1
            if self._failures >= FAILURES and self._asked_at is None:
                self._asked_at = self._monotonic()

    def ask_again(self) -> None:
        """Ask the small question beside what is going on, if it is time; does not wait."""
        with self._lock:
            is_time = self._asked_at is None or self._monotonic() - self._asked_at >= ASK_AGAIN_S
            if self._failures < FAILURES or self._is_asking or not is_time:
                return
            self._is_asking, self._asked_at = True, self._monotonic()
        threading.Thread(target=self._look, name="health", daemon=True).start()

    def _look(self) -> None:
        try:
            self._ask()
        except WorkstationError as error:
            is_well = not is_illness(error)
        else:
            is_well = True
        with self._lock:
            self._is_asking = False
            if is_well:
                self._failures, self._asked_at = 0, None
