"""How many objects are expected of a series: by a count, by a list, by a list that may be cut, and without any."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from viewers.identifiers import SeriesUID
from workstation.retrieval.expectations import Expectations
from workstation.retrieval.result import CountSource

SERIES, OTHER = SeriesUID("1.2.3"), SeriesUID("1.2.4")
COUNT, LIST, EARLIER = CountSource.COUNT, CountSource.LIST, CountSource.EARLIER


@dataclass(slots=True)
class Hub:
    """What is here of a series, and how its hub answers."""

    held: int = 0
    is_cut: bool = False
    is_mirrored: bool = False
    before: int = 0
    others: Mapping[SeriesUID, int] = field(default_factory=dict)
    is_guess: bool = False
    is_choice: bool = False

    def expectations(self, stated: Mapping[CountSource, int]) -> Expectations:
        return Expectations(
            {SERIES: stated},
            lambda _series: self.held,
            lambda _series: self.is_cut,
            lambda: self.is_mirrored,
            {SERIES: self.before, **self.others},
            frozenset({SERIES} if self.is_guess else ()),
            is_choice=self.is_choice,
        )


@pytest.mark.parametrize(
    ("hub", "stated", "expected", "is_numbered"),
    [
        (Hub(), {COUNT: 5}, 5, True),
        (Hub(), {COUNT: 0}, 0, True),
        (Hub(is_cut=True), {COUNT: 5}, 5, True),
        (Hub(), {LIST: 5}, 5, True),
        (Hub(is_cut=True), {LIST: 5}, 6, False),
        (Hub(), {}, 1, False),
    ],
)
def test_of_what_nobody_numbers_one_more_is_expected_than_is_listed(
    hub: Hub, stated: Mapping[CountSource, int], expected: int, is_numbered: bool
) -> None:
    found = hub.expectations(stated)
    assert (found.of(SERIES), found.is_numbered(SERIES), found.stated(SERIES)) == (expected, is_numbered, stated)
    assert (list(found.series), found.total(found.series)) == ([SERIES], expected)


def test_it_is_short_until_as_much_is_here_as_is_expected() -> None:
    hub = Hub()
    found = hub.expectations({COUNT: 2})
    hub.held = 1
    assert found.is_short(SERIES)
    hub.held = 2
    assert not found.is_short(SERIES)


@pytest.mark.parametrize(
    ("hub", "stated", "expected", "told", "due"),
    [
        (Hub(before=7), {COUNT: 5}, 5, 7, 7),
        (Hub(before=7, is_mirrored=True), {COUNT: 5}, 7, 7, 7),
        (Hub(before=3, is_mirrored=True), {COUNT: 5}, 5, None, 5),
        (Hub(before=7, held=7, is_cut=True), {LIST: 5}, 7, 7, 7),
        (Hub(before=5, held=5, is_cut=True), {LIST: 5}, 5, None, 5),
        (Hub(before=5, held=4, is_cut=True), {LIST: 5}, 6, None, 6),
        (Hub(before=7), {}, 7, 7, 7),
        (Hub(before=7, is_choice=True), {COUNT: 5}, 5, None, 7),
        (Hub(before=7, is_guess=True), {COUNT: 5}, 5, 6, 6),
        (Hub(before=6, is_guess=True), {COUNT: 5}, 5, None, 5),
        (Hub(before=6, is_guess=True, is_mirrored=True), {COUNT: 5}, 6, 6, 6),
        (Hub(before=5, held=5, is_guess=True, is_cut=True), {LIST: 5}, 6, None, 6),
    ],
)
def test_what_was_expected_before_is_held_against_what_is_stated_now(
    hub: Hub, stated: Mapping[CountSource, int], expected: int, told: int | None, due: int
) -> None:
    found = hub.expectations(stated)
    assert (found.of(SERIES), found.stated(SERIES).get(EARLIER), found.due(SERIES)) == (expected, told, due)


def test_what_is_stated_again_is_no_matter_of_the_past() -> None:
    found = Hub(before=7).expectations({COUNT: 5})
    found.state(SERIES, LIST, 6)
    assert found.stated(SERIES) == {COUNT: 5, LIST: 6, EARLIER: 7}
    found.state(SERIES, LIST, 7)
    assert found.stated(SERIES) == {COUNT: 5, LIST: 7}


@pytest.mark.parametrize(
    ("hub", "count", "expected", "due"),
    [
        (Hub(before=7), 4, 5, 5),
        (Hub(before=7), 6, 6, 6),
        (Hub(before=7, is_mirrored=True), 6, 7, 7),
        (Hub(before=7, is_choice=True), 6, 6, 7),
    ],
)
def test_only_the_hub_itself_lowers_what_is_due_by_its_whole_list(
    hub: Hub, count: int, expected: int, due: int
) -> None:
    found = hub.expectations({COUNT: 5})
    assert (found.is_compared(SERIES), found.uncompared()) == (False, {SERIES})
    found.compare(SERIES, count)
    assert (found.is_compared(SERIES), found.uncompared()) == (True, set())
    assert (found.of(SERIES), found.due(SERIES)) == (expected, due)


def test_a_mirror_that_steps_in_later_lowers_nothing() -> None:
    hub = Hub(before=7)
    found = hub.expectations({COUNT: 5})
    found.compare(SERIES, 5)
    assert found.due(SERIES) == 5
    hub.is_mirrored = True
    assert (found.of(SERIES), found.due(SERIES)) == (5, 7)


def test_a_list_that_may_be_cut_compares_nothing() -> None:
    found = Hub(is_cut=True).expectations({LIST: 5})
    found.compare(SERIES, 8)
    assert (found.of(SERIES), found.uncompared()) == (8, {SERIES})


@pytest.mark.parametrize(
    ("stated", "is_cut", "held", "is_ended", "expected"),
    [
        ({COUNT: 5}, True, 9, True, 5),
        ({LIST: 5}, False, 9, True, 5),
        ({LIST: 5}, True, 5, False, 6),
        ({LIST: 5}, True, 9, False, 10),
        ({LIST: 5}, True, 4, True, 5),
        ({LIST: 5}, True, 9, True, 9),
        ({}, False, 0, True, 1),
        ({}, False, 3, False, 3),
        ({}, False, 3, True, 3),
    ],
)
def test_without_a_number_what_came_by_the_end_of_the_stream_is_all(
    stated: Mapping[CountSource, int], is_cut: bool, held: int, is_ended: bool, expected: int
) -> None:
    hub = Hub(is_cut=is_cut)
    found = hub.expectations(stated)
    hub.held = held
    if is_ended:
        found.end(SERIES)
    found.take_number(SERIES)
    assert (found.of(SERIES), found.has_ended(SERIES)) == (expected, is_ended)


def test_a_guess_is_let_go_of_at_the_end_of_a_stream_but_for_what_was_known() -> None:
    hub = Hub(before=6, is_guess=True)
    found = hub.expectations({})
    assert (found.of(SERIES), found.due(SERIES), found.is_guessed(SERIES)) == (6, 6, True)
    hub.held = 4
    found.end(SERIES)
    found.take_number(SERIES)
    assert (found.of(SERIES), found.due(SERIES), found.is_guessed(SERIES)) == (4, 5, False)
    assert found.stated(SERIES) == {}


@pytest.mark.parametrize(("stated", "expected", "is_guessed"), [({COUNT: 3}, 3, False), ({}, 4, True)])
def test_after_a_cut_one_more_than_came_is_expected_of_what_nobody_counts(
    stated: Mapping[CountSource, int], expected: int, is_guessed: bool
) -> None:
    hub = Hub()
    found = hub.expectations(stated)
    hub.held = 3
    found.expect_more((SERIES,))
    assert (found.of(SERIES), found.is_guessed(SERIES)) == (expected, is_guessed)


@pytest.mark.parametrize(("is_choice", "gone"), [(False, {OTHER: 3}), (True, {})])
def test_a_series_that_is_listed_no_more_is_told_but_not_of_a_choice(
    is_choice: bool, gone: Mapping[SeriesUID, int]
) -> None:
    hub = Hub(others={OTHER: 3, SeriesUID("1.2.5"): 0, SeriesUID(""): 2}, is_choice=is_choice)
    assert hub.expectations({COUNT: 5}).listed_no_more() == gone
