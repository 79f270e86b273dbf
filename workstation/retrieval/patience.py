"""What is asked for again after a failure, how often, and how long is waited in between.

A question that fails on its way is repeated at most five times. Objects are asked for in passes, each of what is still
missing; the passes end when five further ones in a row brought nothing. Waits double, and chance takes a share of each,
so that many workstations do not come back together. A hub that does not answer at all is given up after the third
time: then its mirror is asked, or what is held here is read. What a hub refuses is not asked for again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import SystemRandom
from typing import TypeVar

from workstation.domain.clock import system_clock
from workstation.errors import WorkstationError
from workstation.hub.errors import (
    HubAnsweredWrongly,
    HubBusy,
    HubUnreachable,
    TransferCancelled,
    TransferCut,
    UntrustedHub,
)
from workstation.hub.retry_after import wait_asked
from workstation.retrieval.errors import RetrievalCancelled
from workstation.retrieval.ports import Cancelled

MOST_RETRIES = 5
MOST_RETRIES_UNANSWERED = 2
_FIRST_S = 0.1
_LONGEST_S = 5.0
_STEP_S = 0.1
# A hub that asks for a longer pause is left to whoever asked for the study.
_LONGEST_ASKED_S = 10
_NOT_IMPLEMENTED = 501
_CHANCE = SystemRandom()
Result = TypeVar("Result")


def retries_after(error: WorkstationError) -> int:
    """Return how often a request may be repeated that failed in this way."""
    if isinstance(error, UntrustedHub) or lacks_service(error):
        return 0
    if isinstance(error, HubBusy):
        return MOST_RETRIES if _pause_asked_s(error) <= _LONGEST_ASKED_S else 0
    if isinstance(error, HubUnreachable):
        return MOST_RETRIES_UNANSWERED
    if isinstance(error, HubAnsweredWrongly):
        return MOST_RETRIES if error.status < 300 or error.status >= 500 else 0
    return MOST_RETRIES if isinstance(error, TransferCut) else 0


def lacks_service(error: WorkstationError) -> bool:
    """Whether the hub says that it does not do what was asked, now or ever."""
    return isinstance(error, HubAnsweredWrongly) and error.status == _NOT_IMPLEMENTED


def _pause_asked_s(error: WorkstationError | None) -> float:
    """Return for how long the hub wishes to be left alone; a wish that makes no sense is none."""
    if not isinstance(error, HubBusy):
        return 0.0
    return wait_asked(error.retry_after, system_clock()).total_seconds()


class Patience:
    """Asks again. ``sleep`` and ``share`` (0 to 1, chance's part of each wait) are replaced in tests."""

    def __init__(
        self, sleep: Callable[[float], None] = time.sleep, share: Callable[[], float] = _CHANCE.random
    ) -> None:
        self._sleep = sleep
        self._share = share

    def ask(self, question: Callable[[], Result], cancelled: Cancelled) -> Result:
        """Return the answer to a question, which is repeated after failures of the line.

        Raises
        ------
        RetrievalCancelled
            The reader stopped it.
        WorkstationError
            The last failure, or one that a repetition does not mend.
        """
        retry = 0
        while True:
            try:
                return question()
            except TransferCancelled as error:
                raise RetrievalCancelled("by the reader") from error
            except WorkstationError as error:
                if retry >= retries_after(error):
                    raise
                self.wait(retry, cancelled, error)
            retry += 1

    def wait(self, retry: int, cancelled: Cancelled, error: WorkstationError | None = None) -> None:
        """Wait before repetition ``retry`` (from 0), or until the reader stops it."""
        left = _pause_asked_s(error) + self._share() * min(_LONGEST_S, _FIRST_S * 2.0**retry)
        while left > 0 and not cancelled():
            self._sleep(min(left, _STEP_S))
            left -= _STEP_S
        if cancelled():
            raise RetrievalCancelled("by the reader")


@dataclass(slots=True)
class Passes:
    """How many passes in a row brought nothing of a series."""

    in_vain: int = 0

    def is_another_worth_it(self, brought: int, failure: WorkstationError | None, *, refused: bool) -> bool:
        """Judge one pass: how many objects it brought, what ended it early, and whether something did not come whole.

        Raises
        ------
        WorkstationError
            ``failure``, where asking again does not mend it.
        """
        self.in_vain = 0 if brought else self.in_vain + 1
        if failure is not None:
            if self.in_vain > retries_after(failure) or retries_after(failure) == 0:
                raise failure
            return True
        return self.in_vain <= MOST_RETRIES and (refused or brought > 0)
