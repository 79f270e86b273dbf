"""Which objects count for what their source has, by its list, by a list that is not whole, and without any."""

from collections.abc import Mapping

import pytest

from viewers.identifiers import InstanceUID, SeriesUID
from workstation.domain.listing import Doubt
from workstation.retrieval.doubt_ledger import DoubtLedger

SERIES, OTHER = SeriesUID("1.2.3"), SeriesUID("1.2.4")
ONE, TWO, THREE, FOUR = (InstanceUID(f"1.2.3.{number}") for number in range(1, 5))


def ledger(*held: InstanceUID, **doubted: InstanceUID) -> DoubtLedger:
    """Return one in which some objects are held, and one of each kind of doubt."""
    doubts = {instance: Doubt(kind) for kind, instance in doubted.items()}
    return DoubtLedger({SERIES: held}, doubts)


def came(found: DoubtLedger, *instances: InstanceUID) -> set[InstanceUID]:
    for instance in instances:
        found.add(SERIES, instance)
    return set(instances)


def news(found: DoubtLedger) -> tuple[Mapping[InstanceUID, Doubt], set[InstanceUID]]:
    doubts, settled = found.take_news()
    return doubts, set(settled)


@pytest.mark.parametrize(("kind", "count"), [("uncompared", 2), ("imported", 2), ("unlisted", 1)])
def test_only_what_a_whole_list_did_not_name_does_not_count_at_first(kind: str, count: int) -> None:
    found = ledger(ONE, TWO, **{kind: TWO})
    assert (found.count(SERIES), found.here(SERIES), found.counts()) == (count, 2, {SERIES: count})
    assert (found.count(OTHER), found.here(OTHER)) == (0, 0)
    assert news(found) == ({}, set())


def test_what_came_counts_and_is_taken_back_as_if_it_never_had() -> None:
    found = ledger(ONE)
    came(found, TWO)
    assert (found.count(SERIES), found.here(SERIES)) == (2, 2)
    found.remove(SERIES, TWO)
    assert (found.count(SERIES), found.here(SERIES)) == (1, 1)


def test_a_whole_list_drops_what_came_and_sets_apart_what_was_held() -> None:
    found = ledger(ONE, TWO, THREE, uncompared=TWO)
    now = came(found, FOUR)
    assert found.compare(SERIES, {ONE}, now) == {TWO, FOUR}
    assert (found.count(SERIES), found.here(SERIES)) == (1, 2)
    assert news(found) == ({THREE: Doubt.UNLISTED}, {TWO})
    assert (found.is_wanted(SERIES, ONE), found.is_wanted(SERIES, FOUR), found.is_wanted(OTHER, FOUR)) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize("kind", ["uncompared", "imported", "unlisted"])
def test_a_whole_list_settles_what_it_names(kind: str) -> None:
    found = ledger(ONE, TWO, **{kind: TWO})
    assert found.compare(SERIES, {ONE, TWO}, set()) == set()
    assert found.count(SERIES) == 2
    assert news(found) == ({}, {TWO})


def test_a_choice_says_nothing_of_what_was_held_and_counts_only_what_it_names() -> None:
    found = ledger(ONE, TWO)
    now = came(found, THREE, FOUR)
    assert found.compare(SERIES, {TWO, THREE}, now, is_choice=True) == {FOUR}
    assert (found.count(SERIES), found.here(SERIES)) == (2, 3)
    assert news(found) == ({}, set())


def test_what_came_is_in_doubt_until_its_series_is_listed() -> None:
    found = ledger()
    came(found, ONE)
    found.doubt([(SERIES, ONE)], Doubt.UNCOMPARED)
    assert news(found) == ({ONE: Doubt.UNCOMPARED}, set())
    assert news(found) == ({}, set())
    found.compare(SERIES, {ONE}, set())
    assert news(found) == ({}, {ONE})


@pytest.mark.parametrize(("is_counted", "doubted"), [(True, set()), (False, {TWO})])
def test_beside_a_list_that_is_not_whole_only_a_count_settles_what_it_does_not_name(
    is_counted: bool, doubted: set[InstanceUID]
) -> None:
    found = ledger(ONE, TWO, uncompared=TWO)
    found.trust(SERIES, {ONE, THREE}, is_counted=is_counted)
    assert (found.count(SERIES), news(found)[1]) == (2, {TWO} - doubted)
    came(found, THREE, FOUR)
    found.doubt([(SERIES, THREE), (SERIES, FOUR)], Doubt.UNCOMPARED)
    assert news(found)[0].keys() == ({FOUR} if doubted else set())


def test_what_was_imported_counts_beside_such_a_list_only_if_it_is_named_or_sent() -> None:
    found = ledger(ONE, TWO, uncompared=ONE, imported=TWO)
    found.confirm(SERIES, ONE)
    found.trust(SERIES, {ONE}, is_counted=False)
    assert found.count(SERIES) == 1
    found.confirm(SERIES, TWO)
    assert (found.count(SERIES), news(found)) == (2, ({}, {ONE, TWO}))


def test_what_was_imported_and_sent_before_its_list_was_asked_for_counts() -> None:
    found = ledger(ONE, imported=ONE)
    found.confirm(SERIES, ONE)
    found.trust(SERIES, (), is_counted=False)
    assert (found.count(SERIES), news(found)) == (1, ({}, {ONE}))


def test_what_was_imported_is_set_apart_only_where_a_list_is_not_whole() -> None:
    found = ledger(ONE, imported=ONE)
    found.set_apart(SERIES)
    assert news(found) == ({}, set())
    found.trust(SERIES, (), is_counted=True)
    found.set_apart(SERIES)
    assert (found.count(SERIES), news(found)) == (0, ({ONE: Doubt.UNLISTED}, set()))


def test_a_whole_list_ends_the_trust_in_one_that_was_not() -> None:
    found = ledger(ONE, TWO, imported=TWO)
    found.trust(SERIES, {ONE}, is_counted=True)
    found.compare(SERIES, {ONE, TWO}, set())
    found.doubt([(SERIES, ONE)], Doubt.UNCOMPARED)
    assert (found.count(SERIES), news(found)) == (2, ({ONE: Doubt.UNCOMPARED}, {TWO}))
