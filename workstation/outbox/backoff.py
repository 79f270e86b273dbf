"""When to try again: full jitter, so that many workstations do not come back together."""

from datetime import timedelta
from secrets import SystemRandom

FIRST_S = 1.0
LONGEST_S = 300.0


def full_jitter(attempts: int, fraction: float | None = None) -> timedelta:
    """Return how long to wait after ``attempts`` failures: a random share of 1 s doubled each time, at most 5 min.

    ``fraction`` (0 to 1) replaces chance in tests.
    """
    share = SystemRandom().random() if fraction is None else fraction
    return timedelta(seconds=share * min(LONGEST_S, FIRST_S * 2.0 ** min(max(attempts, 0), 16)))
