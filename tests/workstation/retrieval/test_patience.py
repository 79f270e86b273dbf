"""How often, and after what pause, something is asked for again where a hub says that it is busy."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.hub.errors import HubAnsweredWrongly, HubBusy
from workstation.retrieval.patience import MOST_RETRIES, Patience, retries_after


def busy(retry_after: str) -> HubBusy:
    return HubBusy("status 503", retry_after, hub="hub")


def paused_s(retry_after: str) -> float:
    slept: list[float] = []
    Patience(slept.append, lambda: 0.0).wait(0, lambda: False, busy(retry_after))
    return sum(slept)


@pytest.mark.parametrize(
    ("asked", "pause_s"), [("", 0.0), ("3", 3.0), ("007", 7.0), ("²", 0.0), ("-5", 0.0), ("x", 0.0)]
)
def test_a_pause_that_is_short_or_makes_no_sense_is_kept_and_the_question_repeated(asked: str, pause_s: float) -> None:
    assert retries_after(busy(asked)) == MOST_RETRIES
    assert paused_s(asked) == pytest.approx(pause_s)


def test_a_pause_may_be_told_as_the_moment_at_which_it_ends() -> None:
    now = datetime.now(UTC)
    assert retries_after(busy(format_datetime(now + timedelta(seconds=4), usegmt=True))) == MOST_RETRIES
    assert 2.0 < paused_s(format_datetime(now + timedelta(seconds=4), usegmt=True)) <= 4.0
    assert retries_after(busy(format_datetime(now + timedelta(minutes=5), usegmt=True))) == 0


@pytest.mark.parametrize("asked", ["11", "99999999999999999999"])
def test_a_long_pause_is_left_to_whoever_asked(asked: str) -> None:
    assert retries_after(busy(asked)) == 0


@settings(max_examples=30)
@given(st.text(max_size=12))
def test_no_wish_of_a_hub_is_an_error(asked: str) -> None:
    assert retries_after(busy(asked)) in (0, MOST_RETRIES)


@pytest.mark.parametrize(("status", "retries"), [(500, MOST_RETRIES), (501, 0), (502, MOST_RETRIES)])
def test_what_a_hub_does_not_do_at_all_is_not_asked_for_again(status: int, retries: int) -> None:
    assert retries_after(HubAnsweredWrongly("played", status, hub="hub")) == retries
