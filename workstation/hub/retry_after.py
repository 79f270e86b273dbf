"""What a Retry-After header asks for."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_ASKED: Final = timedelta(hours=1)
# Digits beyond which no clock can hold the number.
_DIGITS: Final = 12


def wait_asked(retry_after: str, now: datetime) -> timedelta:
    """Return what the header asks for, from none to an hour; one that makes no sense asks for nothing.

    Source: RFC 9110 10.2.3.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        # A number that no clock can hold is cut before it is a duration.
        return timedelta(seconds=min(float(text.lstrip("0")[:_DIGITS] or "0"), LONGEST_ASKED.total_seconds()))
    try:
        asked = parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)
    return min(max(asked, timedelta(0)), LONGEST_ASKED)
