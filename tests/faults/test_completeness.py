"""What a series has is a set, not a number: an image too many never stands for one that is missing (N1, N5, N7)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.conftest import COUNT, RealHub
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Chance, Fault, Reply, stranger, uid_of
from tests.support.hub_clients import client_of
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk
from workstation.domain.listing import Doubt
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy
from workstation.errors import WorkstationError
from workstation.retrieval.ledger_words import gap_words
from workstation.retrieval.result import CountSource, PullResult
from workstation.retrieval.summing import as_held
from workstation.translations import translator

WHOLE, LISTS, COUNTS = rf"/series/{SERIES}$", r"/(instances\?|instances/)", r"/series\?"


def pulled(desk: Desk, url: str, *spoils: Spoil, strategy: Strategy = WHOLE_SERIES) -> PullResult:
    with FaultProxy(url, spoils) as proxy, client_of(proxy.url) as client:
        return desk.retrieval.pull(client, STUDY, strategy=strategy)


def one_for_another(reply: Reply, chance: Chance) -> Reply:
    """Leave out the last object, and send one besides that the hub lists nowhere."""
    parts = reply.parts()
    return reply.with_parts([*parts[:-1], replace(parts[0], body=stranger(parts[0].body))])


def counting(count: int) -> Fault:
    """Return the fault that states a number of objects for each series."""

    def count_so(reply: Reply, chance: Chance) -> Reply:
        items = json.loads(reply.body or b"[]")
        for one in items:
            one["00201209"] = {"vr": "IS", "Value": [count]}
        return replace(reply, body=json.dumps(items).encode())

    return count_so


def assert_whole(desk: Desk, hub: RealHub) -> None:
    held = desk.catalogue.instances(STUDY, SERIES)
    assert sorted(desk.objects.get(one.reference.instance) for one in held) == sorted(hub.part10s)


def test_n5_what_came_before_a_cut_is_compared_by_the_next_transfer_and_nothing_is_missing(
    desk: Desk, real_hub: RealHub
) -> None:
    spoils = (Spoil([one_for_another], path=WHOLE), Spoil([faults.bad_gateway], path=LISTS))
    with pytest.raises(WorkstationError):
        pulled(desk, real_hub.url, *spoils)
    (series,) = as_held(desk.catalogue, STUDY).series
    assert (series.received, series.expected, series.uncompared) == (COUNT, COUNT, COUNT)
    assert not series.is_complete
    result = pulled(desk, real_hub.url)
    (series,) = result.series
    assert (result.is_complete, series.received, len(series.unlisted)) == (True, COUNT, 1)
    assert_whole(desk, real_hub)
    assert not desk.objects.has(series.unlisted[0])
    assert not desk.catalogue.doubts(STUDY)
    assert as_held(desk.catalogue, STUDY).is_complete


@pytest.mark.parametrize("strategy", [WHOLE_SERIES, ONE_BY_ONE], ids=lambda strategy: strategy.way)
def test_n1_an_imported_image_that_the_hub_does_not_list_hides_none_that_is_missing(
    desk: Desk, real_hub: RealHub, strategy: Strategy, tmp_path: Path
) -> None:
    file = tmp_path / "besides.dcm"
    file.write_bytes(stranger(real_hub.part10s[0]))
    assert desk.importer.import_paths([file]).is_complete
    lost = uid_of(real_hub.part10s[4])
    spoil = Spoil([faults.hiding(lost)], path=rf"{WHOLE}|/instances/{lost}$")
    (series,) = pulled(desk, real_hub.url, spoil, strategy=strategy).series
    assert (series.received, series.missing, series.is_complete) == (COUNT - 1, 1, False)
    assert set(desk.catalogue.doubts(STUDY).values()) == {Doubt.UNLISTED}
    (series,) = as_held(desk.catalogue, STUDY).series
    assert (series.received, series.missing, len(series.besides)) == (COUNT - 1, 1, 1)
    file.write_bytes(stranger(real_hub.part10s[1]))
    desk.importer.import_paths([file])
    (series,) = as_held(desk.catalogue, STUDY).series
    assert (series.missing, series.uncompared, series.is_complete) == (0, 1, False)
    (series,) = pulled(desk, real_hub.url, strategy=strategy).series
    assert (series.received, series.is_complete, len(series.besides)) == (COUNT, True, 2)
    assert len(desk.catalogue.instances(STUDY, SERIES)) == COUNT + 2


@pytest.mark.parametrize("count", [0, 1, COUNT - 1])
def test_n7_a_number_below_the_truth_is_not_believed(desk: Desk, real_hub: RealHub, count: int) -> None:
    result = pulled(desk, real_hub.url, Spoil([counting(count)], path=COUNTS))
    (series,) = result.series
    assert (series.received, series.expected, series.is_complete) == (COUNT, COUNT, True)
    assert series.stated == {CountSource.COUNT: count, CountSource.LIST: COUNT}
    assert desk.catalogue.expected(STUDY) == {SERIES: COUNT}
    assert_whole(desk, real_hub)


def test_n7_a_number_below_the_truth_does_not_end_what_a_cut_left_over(desk: Desk, real_hub: RealHub) -> None:
    lower = Spoil([counting(COUNT - 1)], path=COUNTS)
    with pytest.raises(WorkstationError):
        pulled(desk, real_hub.url, lower, Spoil([faults.fewer], path=WHOLE), Spoil([faults.bad_gateway], path=LISTS))
    assert not as_held(desk.catalogue, STUDY).is_complete
    assert pulled(desk, real_hub.url, lower).is_complete
    assert pulled(desk, real_hub.url, lower).is_complete
    assert_whole(desk, real_hub)


def test_n5_an_object_that_was_turned_away_is_not_taken_by_the_next_stream(desk: Desk, real_hub: RealHub) -> None:
    def one_and_a_stranger(reply: Reply, chance: Chance) -> Reply:
        first, *_ = reply.parts()
        return reply.with_parts([first, replace(first, body=stranger(first.body))])

    spoils = (Spoil([one_and_a_stranger], path=WHOLE), Spoil([counting(2)], path=COUNTS))
    (series,) = pulled(desk, real_hub.url, *spoils).series
    assert (series.received, len(series.unlisted), series.is_complete) == (COUNT, 1, True)
    assert_whole(desk, real_hub)


def test_n4_a_conflict_is_not_forgotten_by_the_pass_that_brings_the_rest(desk: Desk, real_hub: RealHub) -> None:
    def two_contents_and_cut(reply: Reply, chance: Chance) -> Reply:
        first, *others, _last = reply.parts()
        spoilt = first.body[:-1] + bytes([first.body[-1] ^ 1])
        return reply.with_parts([first, replace(first, body=spoilt), *others])

    result = pulled(desk, real_hub.url, Spoil([two_contents_and_cut], path=WHOLE))
    (series,) = result.series
    (instance,) = series.quarantined
    assert (series.received, series.missing, series.is_complete) == (COUNT, 0, False)
    assert [one.instance for one in series.refused] == [instance]
    assert_whole(desk, real_hub)
    for later in (pulled(desk, real_hub.url), as_held(desk.catalogue, STUDY)):
        (series,) = later.series
        assert (series.quarantined, series.is_complete) == ((instance,), False)
        for language in ("en", "fr"):
            words = translator(language)
            assert gap_words(later, words) == (words.text("case.ledger.two_contents", count=1),)
