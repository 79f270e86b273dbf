"""Hearing what a hub tells by itself, for as long as it takes: channels break and are opened again.

After each loss the listener says that the hub is not heard any more, waits a little longer than the time before, and
opens the channel anew; the first news of a new channel is that everything is to be asked again, because what happened
in between was not told. A hub that offers no events is asked now and then whether it does by now.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import SystemRandom
from typing import Final

from workstation.domain.identifiers import HubName
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import NotOffered
from workstation.hub.news import Deaf, HubNews

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 30.0
OFFER_AGAIN_S: Final = 300.0
# A channel that lived this long was a good one: the waits begin anew.
GOOD_CHANNEL_S: Final = 10.0
_SLICE_S: Final = 0.2
Told = Callable[[HubNews], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Time:
    """Clock and sleep, so that tests need not wait."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    share: Callable[[], float] = SystemRandom().random


class HubEars:
    """Listens to the hubs of a profile. ``subscriber`` is the AE title of this profile."""

    def __init__(self, hubs: HubDirectory, subscriber: Callable[[], str], passing: Time | None = None) -> None:
        self._hubs = hubs
        self._subscriber = subscriber
        self._time = passing or Time()

    def listen(self, hub: HubName, told: Told, cancelled: Cancelled) -> None:
        """Tell the news of one hub until ``cancelled``; blocks, and gives no error."""
        failures = 0
        while not cancelled():
            began = self._time.monotonic()
            try:
                self._hubs.client(hub).listen(self._subscriber(), told, cancelled)
                continue
            except NotOffered:
                wait_s = OFFER_AGAIN_S
            except WorkstationError:
                failures = 0 if self._time.monotonic() - began >= GOOD_CHANNEL_S else failures
                wait_s = wait_after(failures, self._time.share())
                failures += 1
            told(Deaf(hub))
            self._wait(wait_s, cancelled)

    def _wait(self, seconds: float, cancelled: Cancelled) -> None:
        until = self._time.monotonic() + seconds
        while not cancelled() and (left := until - self._time.monotonic()) > 0:
            self._time.sleep(min(_SLICE_S, left))


def wait_after(failures: int, share: float) -> float:
    """Return how long to wait, in seconds: between half and all of 1 s doubled each time, at most 30 s.

    ``share`` (0 to 1) is chance: many workstations do not come back to a hub together.
    """
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures, 16))
    return longest * (0.5 + share / 2.0)
