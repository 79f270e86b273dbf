"""Hubs that lie about what they keep: whatever they say, nothing is called sent that was not given back unchanged."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.support.lying_hub import LyingHub, lying_hub, nothing, sequence
from tests.workstation.outbox.outbox_bench import OutboxBench, part10_of, real_object
from tests.workstation.store.samples import HUB
from workstation.audit.events import AuditEvent
from workstation.domain.delivery import DeliveryState
from workstation.domain.delivery_acts import DeliveryAct

REPORT = real_object(1)
OTHER = real_object(2)
PENDING, CONFLICT, FAILED = DeliveryState.PENDING, DeliveryState.CONFLICT, DeliveryState.FAILED
Lies = dict[str, object]


def altered(part10: bytes) -> bytes:
    return part10[:-1] + bytes([part10[-1] ^ 1])


# Each lie, and where the delivery may stand while the hub keeps telling it.
LIES: dict[str, tuple[Lies, DeliveryState]] = {
    "200, nothing stored": ({"keeps": nothing}, PENDING),
    "200, other bytes kept": ({"keeps": altered}, CONFLICT),
    "200, an empty list, nothing stored": ({"keeps": nothing, "acknowledges": lambda _uid: sequence([])}, PENDING),
    "200, an empty body, nothing stored": ({"keeps": nothing, "acknowledges": lambda _uid: b""}, PENDING),
    "200, another object in the list": (
        {"keeps": nothing, "acknowledges": lambda _uid: sequence([OTHER.instance])},
        PENDING,
    ),
    "acknowledgement lost, nothing stored": ({"keeps": nothing, "loses_the_answer": True}, PENDING),
    "stored, but not listed": ({"lists": False}, PENDING),
    "listed, but not given back": ({"gives": nothing}, PENDING),
    "read-back cut in its frame": ({"cuts_the_end": True}, PENDING),
    "read-back shorter, well framed": ({"gives": lambda part10: part10[:-20]}, CONFLICT),
    "read-back of another object": ({"gives": lambda _part10: OTHER.part10}, CONFLICT),
    "202, in part": (
        {"status": 202, "keeps": nothing, "acknowledges": lambda uid: sequence([], [(uid, 0x0110)])},
        PENDING,
    ),
    "409, known elsewhere": (
        {"status": 409, "keeps": nothing, "acknowledges": lambda uid: sequence([], [(uid, 0x0111)])},
        CONFLICT,
    ),
    "400, cannot be understood": (
        {"status": 400, "keeps": nothing, "acknowledges": lambda uid: sequence([], [(uid, 0xC000)])},
        FAILED,
    ),
    "413, too large": ({"status": 413, "keeps": nothing, "acknowledges": lambda _uid: b""}, PENDING),
}


@contextmanager
def opened(folder: Path, lies: Lies) -> Iterator[tuple[OutboxBench, LyingHub]]:
    with lying_hub(REPORT.instance, **lies) as hub:
        bench = OutboxBench(folder, {HUB: hub.stub.url})
        try:
            yield bench, hub
        finally:
            bench.close()


@pytest.fixture
def bench_of(tmp_path: Path) -> Callable[[Lies], AbstractContextManager[tuple[OutboxBench, LyingHub]]]:
    return lambda lies: opened(tmp_path, lies)


Opened = Callable[[Lies], AbstractContextManager[tuple[OutboxBench, LyingHub]]]


@pytest.mark.parametrize("name", LIES)
def test_a_lie_never_makes_an_object_sent_however_often_it_is_tried(name: str, bench_of: Opened) -> None:
    lies, expected = LIES[name]
    with bench_of(lies) as (bench, hub):
        bench.sign((REPORT,))
        for _ in range(3):
            assert bench.courier.deliver(force=True) == 0
            assert bench.only.state is expected
            assert bench.only.reason
            bench.clock.pass_by(minutes=6)
        assert set(hub.stores) <= {REPORT.part10}
        assert AuditEvent.SENT not in {line.event for line in bench.audit.lines()}


@pytest.mark.parametrize("name", [name for name, (_, state) in LIES.items() if state is not CONFLICT])
def test_once_the_hub_is_honest_the_object_is_sent_with_the_same_bytes(name: str, bench_of: Opened) -> None:
    lies, state = LIES[name]
    with bench_of(lies) as (bench, hub):
        bench.sign((REPORT,))
        bench.courier.deliver()
        honest = LyingHub(REPORT.instance)
        for field in lies:
            setattr(hub, field, getattr(honest, field))
        if state is FAILED:
            bench.decisions.decide(DeliveryAct.FORCE, REPORT.instance)
        bench.clock.pass_by(minutes=6)
        assert bench.courier.deliver() == 1
        assert bench.only.state is DeliveryState.SENT
        assert hub.held == REPORT.part10


@pytest.mark.parametrize("name", ["listed, but not given back", "200, other bytes kept", "read-back of another object"])
def test_what_a_hub_lists_is_never_offered_to_it_a_second_time(name: str, bench_of: Opened) -> None:
    with bench_of(LIES[name][0]) as (bench, hub):
        bench.sign((REPORT,))
        for _ in range(3):
            bench.courier.deliver(force=True)
            if bench.only.state is CONFLICT:
                bench.decisions.decide(DeliveryAct.FORCE, REPORT.instance)
                bench.reverification.look_again()
            bench.clock.pass_by(minutes=6)
        assert hub.stores == [REPORT.part10]


def test_a_store_whose_answer_was_lost_is_found_and_not_sent_again(bench_of: Opened) -> None:
    with bench_of({"loses_the_answer": True}) as (bench, hub):
        bench.sign((REPORT,))
        bench.courier.deliver()
        assert bench.only.state is PENDING
        bench.clock.pass_by(minutes=1)
        assert bench.courier.deliver() == 1
        assert hub.stores == [REPORT.part10]


# What a hub can do to an object that it has given back once.
LATER: dict[str, tuple[Lies, DeliveryState]] = {
    "gone": ({"held": None, "keeps": nothing}, PENDING),
    "other bytes": ({"held": part10_of(REPORT.instance, text="OTHER")}, CONFLICT),
    "no longer listed": ({"lists": False}, PENDING),
    "listed, but not given back": ({"gives": nothing}, PENDING),
    "another object given": ({"gives": lambda _part10: OTHER.part10}, CONFLICT),
    "shorter": ({"gives": lambda part10: part10[:-20]}, CONFLICT),
}


@pytest.mark.parametrize("name", LATER)
def test_what_was_sent_is_found_out_when_the_hub_has_it_no_more(name: str, bench_of: Opened) -> None:
    lies, expected = LATER[name]
    with bench_of({}) as (bench, hub):
        bench.sign((REPORT,))
        assert bench.courier.deliver() == 1
        for field, value in lies.items():
            setattr(hub, field, value)
        assert bench.reverification.look_again() == 0
        bench.clock.pass_by(days=1, minutes=1)
        assert bench.reverification.look_again() == 1
        bench.courier.deliver()
        assert bench.only.state is expected
        assert bench.only.reason
        assert set(hub.stores) == {REPORT.part10}
        assert bench.audit.verify() == ()


def test_a_cut_answer_to_a_daily_look_changes_nothing_and_is_asked_again(bench_of: Opened) -> None:
    with bench_of({}) as (bench, hub):
        bench.sign((REPORT,))
        bench.courier.deliver()
        hub.cuts_the_end = True
        bench.clock.pass_by(days=1, minutes=1)
        assert bench.reverification.look_again() == 0
        assert bench.only.state is DeliveryState.SENT
        hub.cuts_the_end = False
        seen = len(hub.stub.seen)
        bench.clock.pass_by(hours=1)
        assert bench.reverification.look_again() == 0
        assert len(hub.stub.seen) > seen
        assert bench.only.checked_at == bench.clock.now
