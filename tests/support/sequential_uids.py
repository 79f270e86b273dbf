"""Identifiers that tests can foresee."""

from collections.abc import Callable
from itertools import count


def sequential_uids() -> Callable[[], str]:
    """Return a source of UIDs that counts up."""
    numbers = count(1)
    return lambda: f"2.25.9000{next(numbers)}"
