"""Studies through a line that fails: whatever it does, what is kept is true, whole or counted (N1, N3, N4, R10)."""

from collections.abc import Iterator

import pytest

from tests.faults.conftest import COUNT, RealHub
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.hub_clients import client_of
from tests.support.instances import store
from tests.support.running_hubs import running_hub
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, series_of
from viewers.identifiers import InstanceUID
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy
from workstation.retrieval.patience import MOST_RETRIES
from workstation.retrieval.result import PullResult
from workstation.retrieval.transfer import PullProgress

SINGLE, WHOLE = r"/instances/[\d.]+$", rf"/series/{SERIES}$"


def pulled(desk: Desk, url: str, *spoils: Spoil) -> tuple[PullResult, FaultProxy]:
    with FaultProxy(url, spoils) as proxy, client_of(proxy.url) as client:
        return desk.retrieval.pull(client, STUDY), proxy


def assert_truth(desk: Desk, hub: RealHub, count: int = COUNT) -> None:
    held = desk.catalogue.instances(STUDY, SERIES)
    assert len(held) == count
    assert {desk.objects.get(one.reference.instance) for one in held} <= set(hub.part10s)


@pytest.mark.parametrize("fault", [faults.reset, faults.cut, faults.framed_cut])
def test_n1_after_a_cut_only_what_is_missing_is_fetched_again(
    desk: Desk, real_hub: RealHub, fault: faults.Fault
) -> None:
    told: list[PullProgress] = []
    with FaultProxy(real_hub.url, [Spoil([fault], seed=5, path=WHOLE)]) as proxy, client_of(proxy.url) as client:
        result = desk.retrieval.pull(client, STUDY, on_progress=told.append)
    assert result.is_complete
    assert_truth(desk, real_hub)
    singly = proxy.asked("GET", SINGLE)
    assert 0 < len(singly) < COUNT
    assert len(set(singly)) == len(singly)
    assert [(one.received, one.expected) for one in told][-1] == (COUNT, COUNT)
    assert all(one.received <= one.expected for one in told)


@pytest.mark.parametrize("fault", [faults.no_end, faults.short_part, faults.cut], ids=lambda fault: fault.__name__)
def test_n3_a_spoilt_answer_is_asked_for_again_five_times_at_most_and_then_counted_as_missing(
    desk: Desk, real_hub: RealHub, fault: faults.Fault
) -> None:
    spoils = (Spoil([faults.fewer], path=WHOLE), Spoil([fault], seed=4, path=SINGLE))
    result, proxy = pulled(desk, real_hub.url, *spoils)
    (series,) = result.series
    assert not result.is_complete
    assert (series.expected, series.received) == (COUNT, COUNT - 1)
    assert len(proxy.asked("GET", SINGLE)) == 1 + MOST_RETRIES
    assert_truth(desk, real_hub, COUNT - 1)


def test_n4_the_same_object_twice_counts_once(desk: Desk, real_hub: RealHub) -> None:
    result, proxy = pulled(desk, real_hub.url, Spoil([faults.twice], path=WHOLE))
    assert proxy.faults["twice"] == 1
    assert result.is_complete
    assert_truth(desk, real_hub)
    assert not desk.catalogue.quarantined(STUDY)


def test_n4_one_identifier_with_two_contents_is_set_aside_and_told(desk: Desk, real_hub: RealHub) -> None:
    result, _ = pulled(desk, real_hub.url, Spoil([faults.twice_different], path=WHOLE))
    (series,) = result.series
    assert not result.is_complete
    (instance,) = desk.catalogue.quarantined(STUDY)
    assert [refused.instance for refused in series.refused] == [instance]
    assert_truth(desk, real_hub)


def test_n4_other_bytes_at_a_later_receipt_are_set_aside(desk: Desk, real_hub: RealHub) -> None:
    pulled(desk, real_hub.url)
    desk.catalogue.expect(STUDY, SERIES, COUNT)
    with FaultProxy(real_hub.url, [Spoil([faults.pixel_flip], path=SINGLE)]) as proxy, client_of(proxy.url) as client:
        held = desk.catalogue.instances(STUDY, SERIES)[0]
        desk.objects.delete(held.reference.instance)
        result = desk.retrieval.pull(client, STUDY)
    assert not result.is_complete
    assert set(desk.catalogue.quarantined(STUDY)) == {held.reference.instance}


@pytest.fixture(scope="module", params=["embedded", pytest.param("orthanc", marks=pytest.mark.orthanc)])
def large_hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHub]:
    with running_hub(request.param, tmp_path_factory.mktemp("large")) as url:
        part10s = tuple(series_of(200))
        store(url, *part10s).raise_for_status()
        yield RealHub(url, part10s)


@pytest.mark.parametrize("strategy", [WHOLE_SERIES, ONE_BY_ONE], ids=lambda strategy: strategy.way)
def test_r10_two_hundred_objects_at_fifty_percent_faults_arrive_whole_by_themselves(
    desk: Desk, large_hub: RealHub, strategy: Strategy
) -> None:
    told: list[PullProgress] = []
    with (
        FaultProxy(large_hub.url, [Spoil([faults.cut], path=WHOLE), Spoil(faults.NOT_ONES_OWN, share=0.5)]) as proxy,
        client_of(proxy.url) as client,
    ):
        result = desk.retrieval.pull(client, STUDY, on_progress=told.append, strategy=strategy)
    assert result.is_complete
    held = [desk.objects.get(InstanceUID(f"{SERIES}.{number}")) for number in range(1, 201)]
    assert held == list(large_hub.part10s)
    assert sum(proxy.faults.values()) > 0.4 * len(proxy.seen) > 40
    counts = [one.received for one in told]
    assert counts == sorted(counts)
    assert counts[-1] == 200
