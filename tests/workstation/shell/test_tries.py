"""When a case asks again by itself: for a silent hub alone, and less and less soon."""

from viewers.identifiers import SeriesUID
from workstation.hub.errors import HubRefused, HubUnreachable
from workstation.shell.tries import Tries


def test_only_what_a_silent_hub_did_not_give_is_asked_for_again_once_that_hub_answers() -> None:
    tries = Tries()
    tries.note(HubRefused("status 401", hub="west"), [SeriesUID("1")])
    assert not tries.may_try({"west", "east"})
    tries.note(HubUnreachable("no route", hub="east"), [SeriesUID("2")])
    assert not tries.may_try({"west"})
    assert tries.may_try({"west", "east"})
    assert tries.begin() == (SeriesUID("2"),)


def test_each_time_in_vain_more_answers_are_let_pass() -> None:
    tries, asked = Tries(), []
    for answer in range(64):
        tries.note(HubUnreachable("no route", hub="east"), [])
        if tries.may_try({"east"}):
            tries.begin()
            asked.append(answer)
    assert asked == [0, 2, 6, 14, 30, 46, 62]
