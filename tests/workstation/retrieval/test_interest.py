"""What is asked for first: what is on screen, key series, the middle, then what lies about the screen."""

from itertools import pairwise

from tests.workstation.retrieval.desk import STUDY
from viewers.identifiers import InstanceUID, SeriesUID
from workstation.domain.study import InstanceReference
from workstation.retrieval.agenda import Agenda
from workstation.retrieval.interest import Interest

A, B, C = (SeriesUID(f"1.{number}") for number in range(1, 4))


def stack(series: SeriesUID, count: int, *, numbered: bool = True) -> list[InstanceReference]:
    """Return a series as a hub lists it: in an order of its own where it tells numbers."""
    listed = [
        InstanceReference(STUDY, series, InstanceUID(f"{series}.{k}"), "1.2", k if numbered else None)
        for k in range(1, count + 1)
    ]
    return [*listed[1::2], *listed[::2]] if numbered else listed


def taken(agenda: Agenda, count: int) -> list[int]:
    found = [agenda.take() for _ in range(count)]
    return [int(one.instance.rpartition(".")[2]) for one in found if one is not None]


def test_series_that_nobody_asked_for_keep_the_order_of_the_hub() -> None:
    assert Interest().ordered((B, A, C)) == (B, A, C)


def test_key_series_come_first_and_what_is_on_screen_before_them() -> None:
    interest = Interest((C, SeriesUID("9.9")))
    assert interest.ordered((A, B, C)) == (C, A, B)
    interest.look_at(B)
    assert interest.ordered((A, B, C)) == (B, C, A)
    interest.look_at(A)
    interest.look_at(B)
    assert interest.ordered((A, B, C)) == (B, A, C)


def test_looking_at_a_series_again_keeps_the_image_that_was_on_screen() -> None:
    interest = Interest()
    interest.look_at(A, InstanceUID("1.1.4"))
    interest.look_at(B)
    interest.look_at(A)
    assert (interest.on_screen(A), interest.on_screen(B)) == (InstanceUID("1.1.4"), None)


def test_the_middle_the_first_and_the_last_image_come_first() -> None:
    agenda = Agenda((A,), lambda series: stack(series, 101), Interest())
    assert taken(agenda, 3) == [51, 1, 101]


def test_a_coarse_stack_comes_before_the_rest() -> None:
    agenda = Agenda((A,), lambda series: stack(series, 121), Interest())
    coarse = sorted(taken(agenda, 13))
    assert max(after - before for before, after in pairwise(coarse)) == 10


def test_the_order_follows_the_screen_while_it_is_given_out() -> None:
    interest = Interest()
    agenda = Agenda((A,), lambda series: stack(series, 101), interest)
    taken(agenda, 3)
    interest.look_at(A, InstanceUID(f"{A}.90"))
    assert taken(agenda, 5) == [90, 89, 91, 88, 92]
    taken(agenda, 10)
    assert abs(taken(agenda, 1)[0] - 90) <= 4


def test_another_series_on_screen_goes_before_the_rest_of_this_one() -> None:
    interest, asked = Interest(), []

    def listed(series: SeriesUID) -> list[InstanceReference]:
        asked.append(series)
        return stack(series, 5)

    agenda = Agenda((A, B, C), listed, interest)
    taken(agenda, 2)
    assert asked == [A]
    interest.look_at(C)
    found = [agenda.take() for _ in range(13)]
    assert [one.series for one in found if one is not None] == [C] * 5 + [A] * 3 + [B] * 5
    assert agenda.take() is None


def test_a_hub_without_numbers_is_taken_in_its_order() -> None:
    agenda = Agenda((A,), lambda series: stack(series, 9, numbered=False), Interest())
    assert taken(agenda, 3) == [5, 1, 9]


def test_each_object_is_given_out_once() -> None:
    agenda = Agenda((A,), lambda series: stack(series, 57), Interest())
    assert sorted(taken(agenda, 57)) == list(range(1, 58))


def test_the_first_is_given_out_before_anything_is_listed_and_not_again() -> None:
    asked: list[SeriesUID] = []

    def listed(series: SeriesUID) -> list[InstanceReference]:
        asked.append(series)
        return stack(series, 9)

    agenda = Agenda((A, B), listed, Interest(), lambda series: stack(series, 9)[3])
    first = agenda.take()
    assert (first, asked) == (stack(A, 9)[3], [])
    rest = [agenda.take() for _ in range(17)]
    assert agenda.take() is None
    assert sorted(one.instance for one in (first, *rest) if one) == sorted(
        one.instance for series in (A, B) for one in stack(series, 9)
    )


def test_a_hub_that_tells_no_first_one_is_listed() -> None:
    agenda = Agenda((A,), lambda series: stack(series, 9), Interest(), lambda _: None)
    assert taken(agenda, 3) == [5, 1, 9]
