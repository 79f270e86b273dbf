"""Retry-After: whatever a hub sends, the wait is one that can be kept."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from workstation.hub.retry_after import LONGEST_ASKED, wait_asked

moments = st.integers(31_536_000, 32_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
ZONES = st.sampled_from(["GMT", "UTC", "+0200", "-0000", "EST", "", "Z"])


@given(st.text(max_size=60), moments)
def test_any_text_asks_for_nothing_or_at_most_an_hour(text: str, now: datetime) -> None:
    assert timedelta(0) <= wait_asked(text, now) <= LONGEST_ASKED


@given(st.from_regex(r"\A[ ]?[-+]?[0-9]{1,400}([.eE][0-9]{1,3})?[ ]?\Z"), moments)
def test_any_number_asks_for_nothing_or_at_most_an_hour(text: str, now: datetime) -> None:
    assert timedelta(0) <= wait_asked(text, now) <= LONGEST_ASKED


@given(st.integers(0, 10**30), st.integers(0, 20), moments)
def test_seconds_are_honoured_up_to_an_hour(seconds: int, zeros: int, now: datetime) -> None:
    expected = min(timedelta(seconds=min(seconds, 10**6)), LONGEST_ASKED)
    assert wait_asked("0" * zeros + str(seconds), now) == expected


@given(st.integers(-(10**7), 10**7), moments)
def test_a_date_is_honoured_up_to_an_hour(seconds: int, now: datetime) -> None:
    header = format_datetime(now + timedelta(seconds=seconds), usegmt=True)
    assert wait_asked(header, now) == min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_ASKED)


@given(st.integers(0, 10**5), st.integers(0, 99), st.integers(0, 99), ZONES, moments)
def test_dates_that_no_calendar_has_ask_for_nothing_unkept(
    year: int, day: int, hour: int, zone: str, now: datetime
) -> None:
    assert timedelta(0) <= wait_asked(f"Mon, {day} Nov {year} {hour}:00:00 {zone}", now) <= LONGEST_ASKED
