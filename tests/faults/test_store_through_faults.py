"""Nothing is called stored that the hub did not list and give back (N16 to N18), in front of both kinds of real hub."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Chance, Fault, Reply
from tests.support.running_hubs import running_hub
from tests.workstation.outbox.outbox_bench import OutboxBench, real_object
from tests.workstation.store.samples import HUB
from workstation.domain.delivery import DeliveryState

REPORT, OTHER = real_object(1), real_object(2)
PENDING, CONFLICT, FAILED, SENT = (
    DeliveryState.PENDING,
    DeliveryState.CONFLICT,
    DeliveryState.FAILED,
    DeliveryState.SENT,
)
READ_BACK = r"/instances/[\d.]+$"
LIST = r"/instances\?"


def sequences(stored: list[str], failed: list[tuple[str, int]], status: int) -> Fault:
    """Return the fault that answers a store with other lists than the hub's."""
    items = [{"00081155": {"vr": "UI", "Value": [uid]}} for uid in stored]
    refused = [
        {"00081155": {"vr": "UI", "Value": [uid]}, "00081197": {"vr": "US", "Value": [reason]}}
        for uid, reason in failed
    ]
    document = {"00081199": {"vr": "SQ", "Value": items}, "00081198": {"vr": "SQ", "Value": refused}}
    body = json.dumps([document]).encode()

    def answer(reply: Reply, chance: Chance) -> Reply:
        return Reply(status, {"content-type": "application/dicom+json"}, body)

    return answer


def nothing_listed(reply: Reply, chance: Chance) -> Reply:
    return replace(reply, body=b"[]")


def not_there(reply: Reply, chance: Chance) -> Reply:
    return Reply(404)


def too_large(reply: Reply, chance: Chance) -> Reply:
    return Reply(413)


def lost(reply: Reply, chance: Chance) -> Reply:
    return replace(reply, body=b"", promised=len(reply.body) + 1, ending=faults.Ending.RESET)


POST = {"method": "POST"}
# What the hub is made to say, and where the delivery may stand while it says so. The hub has the object in each.
LIES: dict[str, tuple[list[Spoil], DeliveryState]] = {
    "200 with an empty list": ([Spoil([sequences([], [], 200)], **POST), Spoil([nothing_listed], path=LIST)], PENDING),
    "200 for another object": (
        [Spoil([sequences([OTHER.instance], [], 200)], **POST), Spoil([nothing_listed], path=LIST)],
        PENDING,
    ),
    "202, in part": (
        [Spoil([sequences([], [(REPORT.instance, 0x0110)], 202)], **POST), Spoil([nothing_listed], path=LIST)],
        PENDING,
    ),
    "409, a failed object": (
        [Spoil([sequences([], [(REPORT.instance, 0x0111)], 409)], **POST), Spoil([nothing_listed], path=LIST)],
        CONFLICT,
    ),
    "409, never to be taken": (
        [Spoil([sequences([], [(REPORT.instance, 0xA900)], 409)], **POST), Spoil([nothing_listed], path=LIST)],
        FAILED,
    ),
    "413, too large": ([Spoil([too_large], **POST), Spoil([nothing_listed], path=LIST)], PENDING),
    "acknowledgement lost": ([Spoil([lost], **POST), Spoil([nothing_listed], path=LIST)], PENDING),
    "listed and not given back": ([Spoil([not_there], path=READ_BACK)], PENDING),
    "given back with another bit": ([Spoil([faults.pixel_flip], path=READ_BACK)], CONFLICT),
    "another object given back": ([Spoil([faults.someone_else(OTHER.part10)], path=READ_BACK)], CONFLICT),
    "given back cut": ([Spoil([faults.cut], path=READ_BACK)], PENDING),
    "given back without its end": ([Spoil([faults.no_end], path=READ_BACK)], PENDING),
    "given back short": ([Spoil([faults.short_part], path=READ_BACK)], CONFLICT),
    "an error while it is given back": ([Spoil([faults.bad_gateway], path=READ_BACK)], PENDING),
}


@pytest.fixture(scope="module", params=["embedded", pytest.param("orthanc", marks=pytest.mark.orthanc)])
def hub_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_hub(request.param, tmp_path_factory.mktemp("stored")) as url:
        yield url


@pytest.fixture
def bench(tmp_path: Path, hub_url: str) -> Iterator[tuple[OutboxBench, FaultProxy]]:
    with FaultProxy(hub_url) as proxy:
        bench = OutboxBench(tmp_path, {HUB: proxy.url})
        yield bench, proxy
        bench.close()


@pytest.mark.parametrize("name", LIES)
def test_n18_what_the_hub_says_is_not_enough_and_once_it_is_honest_the_object_is_sent(
    bench: tuple[OutboxBench, FaultProxy], name: str
) -> None:
    outbox, proxy = bench
    lies, expected = LIES[name]
    outbox.sign((REPORT,))
    proxy.spoils = lies
    for _ in range(2):
        assert outbox.courier.deliver(force=True) == 0
        assert outbox.only.state is expected
        assert outbox.only.reason
        outbox.clock.pass_by(minutes=6)
    if expected is PENDING:
        proxy.spoils = []
        assert outbox.courier.deliver(force=True) == 1
        assert outbox.only.state is SENT
        outbox.clock.pass_by(days=1)
        assert outbox.reverification.look_again() == 0


def test_n18_a_lost_acknowledgement_is_found_by_looking_and_nothing_is_stored_twice(
    bench: tuple[OutboxBench, FaultProxy],
) -> None:
    outbox, proxy = bench
    outbox.sign((real_object(7),))
    proxy.spoils = [Spoil([lost], method="POST", most=1)]
    outbox.courier.deliver(force=True)
    outbox.clock.pass_by(minutes=6)
    assert outbox.courier.deliver(force=True) == 1
    assert len(proxy.asked("POST", "/studies$")) == 1


def test_n17_a_report_that_the_hub_has_lost_is_found_out_the_day_after_and_sent_again(
    bench: tuple[OutboxBench, FaultProxy],
) -> None:
    outbox, proxy = bench
    report = real_object(8)
    outbox.sign((report,))
    assert outbox.courier.deliver(force=True) == 1
    proxy.spoils = [Spoil([faults.hiding(report.instance)])]
    outbox.clock.pass_by(days=1, minutes=1)
    assert outbox.reverification.look_again() == 1
    assert outbox.only.state is PENDING
    assert outbox.only.reason
    proxy.spoils = []
    assert outbox.courier.deliver(force=True) == 1
    assert outbox.only.state is SENT
    assert outbox.only.instance == report.instance


def test_n9_a_hub_that_is_too_busy_to_store_is_left_alone_for_as_long_as_it_asks(
    bench: tuple[OutboxBench, FaultProxy],
) -> None:
    outbox, proxy = bench
    outbox.sign((real_object(9),))
    proxy.spoils = [Spoil([faults.instead(Reply(503, {"retry-after": "120"}))], path=r"/instances\?", most=1)]
    assert outbox.courier.deliver(force=True) == 0
    assert outbox.only.state is PENDING
    assert outbox.only.reason
    sent = len(proxy.seen)
    outbox.clock.pass_by(seconds=100)
    for _ in range(5):
        assert outbox.courier.deliver() == 0
    assert len(proxy.seen) == sent
    outbox.clock.pass_by(minutes=6)
    assert outbox.courier.deliver() == 1
    assert outbox.only.state is SENT
