"""One report pushed by ten at once, and to two hubs: one instance on each, with the bytes that were signed."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.hub_clients import client_of
from tests.support.lying_hub import lying_hub
from tests.support.running_hubs import running_hub
from tests.workstation.outbox.outbox_bench import OutboxBench, real_object
from tests.workstation.store.samples import HUB
from workstation.domain.delivery import DeliveryState
from workstation.domain.identifiers import HubName
from workstation.domain.study import InstanceReference
from workstation.outbox.comparison import is_same_object

REPORT = real_object(1)
OTHER_HUB = HubName("site-b")
PUSHERS = 10


@pytest.fixture(params=["embedded", pytest.param("orthanc", marks=pytest.mark.orthanc)])
def two_hubs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[HubName, str]]:
    with ExitStack() as stack:
        urls = {}
        for name in (HUB, OTHER_HUB):
            urls[name] = stack.enter_context(running_hub(request.param, tmp_path / f"hub-{name}"))
        yield urls


def at_once(benches: list[OutboxBench], times: int = 1) -> None:
    """Let a courier of each bench, or several, deliver at the same moment until nothing is due."""
    together = threading.Barrier(len(benches) * times)

    def push(bench: OutboxBench) -> None:
        courier = bench.new_courier()
        together.wait()
        for _ in range(20):
            courier.deliver(force=True)
            if all(one.state is DeliveryState.SENT for one in bench.outbox.deliveries()):
                return

    threads = [threading.Thread(target=push, args=(bench,)) for bench in benches for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_ten_copies_of_a_profile_push_to_two_hubs_and_each_has_it_once(
    two_hubs: dict[HubName, str], tmp_path: Path
) -> None:
    original = OutboxBench(tmp_path / "0", two_hubs)
    original.sign((REPORT,), "d1", HUB)
    original.sign((REPORT,), "d2", OTHER_HUB)
    original.close()
    for number in range(1, PUSHERS):
        shutil.copytree(tmp_path / "0", tmp_path / str(number))
    benches = [OutboxBench(tmp_path / str(number), two_hubs) for number in range(PUSHERS)]
    at_once(benches)
    for bench in benches:
        assert {one.state for one in bench.outbox.deliveries()} == {DeliveryState.SENT}
        bench.close()
    reference = InstanceReference(REPORT.study, REPORT.series, REPORT.instance, REPORT.sop_class)
    for url in two_hubs.values():
        with client_of(url) as client:
            listed = client.search_instances(REPORT.study, REPORT.series)
            assert [one.instance for one in listed] == [REPORT.instance]
            assert is_same_object(REPORT.part10, client.retrieve_instance(reference))


def test_ten_couriers_of_one_profile_offer_each_object_once(tmp_path: Path) -> None:
    with lying_hub(REPORT.instance) as hub:
        bench = OutboxBench(tmp_path, {HUB: hub.stub.url})
        bench.sign((REPORT,))
        at_once([bench], PUSHERS)
        assert bench.only.state is DeliveryState.SENT
        assert hub.stores == [REPORT.part10]
        bench.close()
