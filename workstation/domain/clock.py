"""The time, as something that is passed in, so that tests can fix it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present time, with its zone."""
    return datetime.now(UTC)
