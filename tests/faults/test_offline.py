"""The network is away in several ways (N15): what is held is read, what is away is said, all goes on by itself."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import COUNT, RealHub
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil, gone_after
from tests.support.hub_clients import inspect, sleep_not
from tests.support.ports import free_port
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, series_of
from tests.workstation.store.samples import HUB
from viewers.identifiers import StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.strategy import ONE_BY_ONE
from workstation.hub.directory import HubDirectory
from workstation.hub.door import DoorLimits
from workstation.hub.errors import HubRedirected, HubRefused, HubUnreachable, TransferCut
from workstation.hub.registry import open_hub
from workstation.retrieval.volumes import load_volumes
from workstation.translations import languages, translator

SINGLE = r"/instances/[\d.]+$"
LIMITS = DoorLimits(read_timeout_s=2, deadline_s=5)


@contextmanager
def hubs_at(url: str) -> Iterator[HubDirectory]:
    settings = (HubSettings(HUB, url),)
    hubs = HubDirectory(lambda: settings, lambda one: open_hub(one, inspect, sleep=sleep_not, limits=LIMITS))
    try:
        yield hubs
    finally:
        hubs.close()


@contextmanager
def deaf() -> Iterator[str]:
    """Listen and never accept: what a sleeping machine, or one without a route, looks like."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        # The queue is full after these: further connections get no answer at all.
        waiting = [socket.socket() for _ in range(4)]
        try:
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
            yield f"http://127.0.0.1:{port}/dicom-web"
        finally:
            for one in waiting:
                one.close()


@contextmanager
def no_such_name() -> Iterator[str]:
    yield "http://hub.requis.invalid/dicom-web"


@contextmanager
def refused_port() -> Iterator[str]:
    yield f"http://127.0.0.1:{free_port()}/dicom-web"


@pytest.mark.parametrize("away", [no_such_name, refused_port, deaf], ids=lambda one: one.__name__)
def test_n15_a_hub_that_cannot_be_reached_is_named_and_what_is_held_is_read(
    desk: Desk, away: Callable[[], AbstractContextManager[str]], tmp_path: Path
) -> None:
    for number, part10 in enumerate(series_of(COUNT)):
        (tmp_path / f"{number}.dcm").write_bytes(part10)
    assert desk.importer.import_paths([tmp_path]).is_complete
    with away() as url, hubs_at(url) as hubs:
        with pytest.raises(HubUnreachable) as raised:
            hubs.reading(HUB).search_series(StudyUID("1.2.3.99"))
        assert not hubs.answers(HUB)
        assert all(HUB in translator(language).error(raised.value) for language in languages())
        (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)
    assert volume.voxels.shape[0] == COUNT


@pytest.mark.parametrize("fault", [faults.portal, faults.redirect], ids=lambda fault: fault.__name__)
def test_n15_the_page_of_a_captive_portal_is_no_answer_and_nothing_is_taken_from_it(
    desk: Desk, real_hub: RealHub, fault: faults.Fault
) -> None:
    with FaultProxy(real_hub.url, [Spoil([fault])]) as proxy, hubs_at(proxy.url) as hubs:
        with pytest.raises((HubRefused, HubRedirected)):
            desk.retrieval.pull(hubs.reading(HUB), STUDY)
        assert desk.is_empty()
        proxy.spoils = []
        assert desk.retrieval.pull(hubs.reading(HUB), STUDY).is_complete


def test_n15_after_a_sleep_the_same_client_goes_on_without_being_asked(desk: Desk, real_hub: RealHub) -> None:
    with FaultProxy(real_hub.url) as proxy, hubs_at(proxy.url) as hubs:
        reading = hubs.reading(HUB)
        assert reading.search_series(STUDY)
        proxy.cut_off()
        with pytest.raises(HubUnreachable):
            desk.retrieval.pull(reading, STUDY)
        assert not hubs.answers(HUB)
        proxy.come_back()
        _await(hubs)
        assert desk.retrieval.pull(reading, STUDY).is_complete


def test_n15_a_line_that_drops_in_the_middle_costs_nothing_of_what_came(desk: Desk, real_hub: RealHub) -> None:
    with FaultProxy(real_hub.url) as proxy, hubs_at(proxy.url) as hubs:
        reading, proxy.gate = hubs.reading(HUB), gone_after(proxy, 5, SINGLE)
        with pytest.raises((HubUnreachable, TransferCut)):
            desk.retrieval.pull(reading, STUDY, strategy=ONE_BY_ONE)
        kept = len(desk.catalogue.instances(STUDY, SERIES))
        assert 0 < kept <= 5
        proxy.gate = None
        proxy.come_back()
        proxy.seen.clear()
        _await(hubs)
        assert desk.retrieval.pull(reading, STUDY, strategy=ONE_BY_ONE).is_complete
        assert len(proxy.asked("GET", SINGLE)) == COUNT - kept


def _await(hubs: HubDirectory) -> None:
    """Wait for the door, which asks a hub that was away again within a few seconds, by itself."""
    for _ in range(100):
        if hubs.answers(HUB):
            return
        time.sleep(0.2)
