"""Dates with times as DICOM writes them (VR DT). Source: PS3.5 6.2."""

import re
from datetime import UTC, datetime, timedelta, timezone

_DATE_TIME = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?(?P<hour>\d\d)?(?P<minute>\d\d)?(?P<second>\d\d)?"
    r"(?:\.(?P<fraction>\d{1,6}))?(?P<offset>[+-]\d{4})?"
)


def date_time_text(moment: datetime) -> str:
    """Return ``moment`` as DT in UTC, with the offset stated."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S.%f}+0000"


def date_time(text: str, offset: str = "") -> datetime | None:
    """Read a DT; without an offset of its own it takes ``offset`` (``+0100``), else UTC. None when unreadable."""
    match = _DATE_TIME.fullmatch(text.strip())
    if match is None:
        return None
    part = match.groupdict()
    try:
        return datetime(
            int(part["year"]),
            int(part["month"] or 1),
            int(part["day"] or 1),
            int(part["hour"] or 0),
            int(part["minute"] or 0),
            # A leap second is the last one that can be told.
            min(int(part["second"] or 0), 59),
            int((part["fraction"] or "").ljust(6, "0")),
            tzinfo=_zone(part["offset"] or offset),
        )
    except ValueError:
        return None


def _zone(offset: str) -> timezone:
    if not re.fullmatch(r"[+-]\d{4}", offset.strip()):
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[3:5])
    return timezone(timedelta(minutes=minutes if offset[0] == "+" else -minutes))
