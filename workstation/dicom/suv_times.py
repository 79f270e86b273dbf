"""When the activity of a PET image counts, and when the tracer was given: both as readings of one clock.

Source: QIBA FDG-PET/CT profile, "SUV calculation"; PS3.3 C.8.9.1.1.4, PS3.5 6.2 (DA, TM, DT).
"""

import math
from datetime import datetime, timedelta

from workstation.dicom.header import Header
from workstation.dicom.private import private_texts

_GE_BLOCK = "GEMS_PETD_01"
_OFFSET_LENGTH = 5
_DAY = timedelta(days=1)


class UnknownTime(Exception):
    """A time is missing, or cannot be put on the clock of the others; ``why`` names the reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def scan_time(header: Header, half_life_s: float) -> datetime:
    """Return the moment to which the activity was corrected, for decay correction START.

    That is the start of the series, unless the series was made after the acquisition, by a reconstruction; then what
    the maker keeps, or what the frame's own times give.

    Raises
    ------
    UnknownTime
        Nothing tells.
    """
    series, acquired = _moment(header, "Series"), _moment(header, "Acquisition")
    if series is not None and acquired is not None and series <= acquired:
        return series
    for text in private_texts(header, 0x0009, _GE_BLOCK, 0x0D):
        kept = _read(text)
        if kept is not None:
            return _on_day_of(kept, acquired or series)
    reference_ms, duration_ms = header.number("FrameReferenceTime"), header.number("ActualFrameDuration")
    if acquired is None or reference_ms is None or not duration_ms or reference_ms <= 0.0 or duration_ms <= 0.0:
        raise UnknownTime("suv.no_scan_time")
    # The frame reference time is when the mean count rate was met, counted from the start; the acquisition time is
    # when the frame began.
    constant = math.log(2.0) / half_life_s
    decay = constant * duration_ms / 1000.0
    mean_s = math.log(decay / (1.0 - math.exp(-decay))) / constant
    return acquired - timedelta(seconds=reference_ms / 1000.0 - mean_s)


def injection_time(header: Header, tracer: Header, scanned: datetime) -> datetime:
    """Return when the tracer was given; a time without a date was the last one of that reading before the scan.

    Raises
    ------
    UnknownTime
        It is not stated, or in a time zone whose relation to the series is not.
    """
    stated = tracer.text("RadiopharmaceuticalStartDateTime")
    local = _read(stated)
    hours = _time(tracer.text("RadiopharmaceuticalStartTime"))
    if local is not None:
        return _in_zone_of(header, stated, local, hours)
    if hours is None:
        raise UnknownTime("suv.no_injection_time")
    given = scanned.replace(hour=0, minute=0, second=0, microsecond=0) + hours
    return given if given <= scanned else given - _DAY


def _in_zone_of(header: Header, stated: str, local: datetime, hours: timedelta | None) -> datetime:
    own = _offset(stated)
    series = _offset(header.text("TimezoneOffsetFromUTC"))
    if own is None or own == series:
        return local
    if series is not None:
        return local - own + series
    # Only where the reading agrees with the time of day that was written without a zone is it known to be the same.
    if hours is not None and abs(local.replace(hour=0, minute=0, second=0, microsecond=0) + hours - local) < timedelta(
        seconds=60
    ):
        return local
    raise UnknownTime("suv.time_zone")


def _moment(header: Header, name: str) -> datetime | None:
    stated = _read(header.text(f"{name}DateTime")) if name == "Acquisition" else None
    date, hours = _date(header.text(f"{name}Date")), _time(header.text(f"{name}Time"))
    return date + hours if date is not None and hours is not None else stated


def _on_day_of(moment: datetime, like: datetime | None) -> datetime:
    """Return a maker's private moment on the day of the standard ones, which de-identification may have moved."""
    if like is None:
        return moment
    same = like.replace(hour=moment.hour, minute=moment.minute, second=moment.second, microsecond=moment.microsecond)
    return same if same <= like else same - _DAY


def _read(text: str) -> datetime | None:
    """Return a date and time as its clock shows it, without its zone."""
    plain = text.strip()
    if _offset(plain) is not None:
        plain = plain[:-_OFFSET_LENGTH]
    date, hours = _date(plain[:8]), _time(plain[8:])
    return date + hours if date is not None and hours is not None else None


def _offset(text: str) -> timedelta | None:
    sign, digits = text.strip()[-_OFFSET_LENGTH:][:1], text.strip()[-_OFFSET_LENGTH + 1 :]
    if sign not in ("+", "-") or len(digits) != _OFFSET_LENGTH - 1 or not digits.isdecimal():
        return None
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if sign == "-" else offset


def _date(text: str) -> datetime | None:
    digits = text.strip().replace(".", "")
    if len(digits) != 8 or not digits.isdecimal():
        return None
    try:
        return datetime.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except ValueError:
        return None


def _time(text: str) -> timedelta | None:
    whole, _, part = text.strip().replace(":", "").partition(".")
    if not whole.isdecimal() or len(whole) not in (2, 4, 6) or not (part.isdecimal() or not part):
        return None
    hours, minutes, seconds = int(whole[:2]), int(whole[2:4] or 0), int(whole[4:6] or 0)
    if hours > 23 or minutes > 59 or seconds > 60:
        return None
    return timedelta(hours=hours, minutes=minutes, seconds=seconds + float(f"0.{part or 0}"))
