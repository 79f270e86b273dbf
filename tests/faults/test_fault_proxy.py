"""The proxy itself: faithful when it is told nothing, and each fault is what its name says, the same for a seed."""

import pytest
import requests

from tests.faults.conftest import COUNT, RealHub
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.hub_clients import client_of
from tests.workstation.retrieval.desk import SERIES, STUDY
from workstation.hub.errors import HubError, HubUnreachable

ACCEPT = {"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'}


def series_url(proxy: FaultProxy) -> str:
    return f"{proxy.url}/studies/{STUDY}/series/{SERIES}"


def test_without_faults_everything_passes_unchanged(real_hub: RealHub) -> None:
    with FaultProxy(real_hub.url) as proxy, client_of(proxy.url) as client:
        assert sorted(map(bytes, client.retrieve_series(STUDY, SERIES))) == sorted(real_hub.part10s)
        assert len(client.search_instances(STUDY, SERIES)) == COUNT
    assert not proxy.faults


@pytest.mark.parametrize(
    "fault", [faults.reset, faults.cut, faults.status, faults.redirect, faults.portal, faults.no_end]
)
def test_faults_of_the_line_end_a_transfer(real_hub: RealHub, fault: faults.Fault) -> None:
    with (
        FaultProxy(real_hub.url, [Spoil([fault])]) as proxy,
        client_of(proxy.url) as client,
        pytest.raises(HubError),
    ):
        list(client.retrieve_series(STUDY, SERIES))
    assert proxy.faults


def test_a_reset_is_one(real_hub: RealHub) -> None:
    with FaultProxy(real_hub.url, [Spoil([faults.reset])]) as proxy, pytest.raises(requests.RequestException) as raised:
        requests.get(series_url(proxy), headers=ACCEPT, timeout=30)
    assert "ConnectionResetError" in repr(raised.value)


@pytest.mark.parametrize(
    ("fault", "count"), [(faults.twice, 13), (faults.extra, 13), (faults.fewer, 11), (faults.drip, 12)]
)
def test_faults_of_the_content_are_well_framed(real_hub: RealHub, fault: faults.Fault, count: int) -> None:
    with FaultProxy(real_hub.url, [Spoil([fault])]) as proxy, client_of(proxy.url) as client:
        assert len(list(client.retrieve_series(STUDY, SERIES))) == count


@pytest.mark.parametrize("fault", [faults.bit_flip, faults.pixel_flip, faults.short_part])
def test_faults_of_the_bytes_change_one_object(real_hub: RealHub, fault: faults.Fault) -> None:
    with FaultProxy(real_hub.url, [Spoil([fault], seed=3)]) as proxy, client_of(proxy.url) as client:
        changed = set(map(bytes, client.retrieve_series(STUDY, SERIES))) - set(real_hub.part10s)
    assert len(changed) == 1


def test_the_same_seed_is_the_same_day(real_hub: RealHub) -> None:
    def day(seed: int) -> list[str]:
        with FaultProxy(real_hub.url, [Spoil(faults.NOT_ONES_OWN, seed, share=0.5)]) as proxy:
            for _ in range(12):
                try:
                    requests.get(series_url(proxy), headers=ACCEPT, timeout=30)
                except requests.RequestException:
                    continue
            return [one.fault for one in proxy.seen]

    assert day(7) == day(7) != day(8)
    assert 2 < sum(map(bool, day(7))) < 10


def test_a_hub_that_went_away_comes_back_on_its_port(real_hub: RealHub) -> None:
    with FaultProxy(real_hub.url) as proxy, client_of(proxy.url) as client:
        assert client.search_series(STUDY)
        proxy.cut_off()
        with pytest.raises(HubUnreachable):
            client.search_series(STUDY)
        proxy.come_back()
        assert client.search_series(STUDY)
