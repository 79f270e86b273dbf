"""When to try again: full jitter, so that many workstations do not come back together.

A hub that does not answer at all is asked at least twice a minute, so that everything is sent within a minute of its
return; one that answers, but cannot or will not take what it is given, is left alone for up to five minutes, and for as
long as it asks itself, up to an hour.
"""

from datetime import datetime, timedelta
from secrets import SystemRandom

from workstation.errors import WorkstationError
from workstation.hub.errors import HubBusy, HubUnreachable
from workstation.hub.retry_after import wait_asked

FIRST_S = 1.0
LONGEST_S = 300.0
LONGEST_SILENT_S = 30.0


def full_jitter(attempts: int, fraction: float | None = None, longest_s: float = LONGEST_S) -> timedelta:
    """Return how long to wait after ``attempts`` failures: a random share of 1 s doubled each time, at most 5 min.

    ``fraction`` (0 to 1) replaces chance in tests.
    """
    share = SystemRandom().random() if fraction is None else fraction
    return timedelta(seconds=share * min(longest_s, FIRST_S * 2.0 ** min(max(attempts, 0), 16)))


def wait_after(error: WorkstationError, attempts: int, now: datetime, fraction: float | None = None) -> timedelta:
    """Return how long to wait after a failure; what the hub asks for is honoured up to an hour."""
    if isinstance(error, HubBusy):
        return wait_asked(error.retry_after, now) + full_jitter(attempts, fraction)
    if isinstance(error, HubUnreachable):
        return full_jitter(attempts, fraction, LONGEST_SILENT_S)
    return full_jitter(attempts, fraction)
