"""A hub that asks to be left alone (N9): it is, for as long as it asks and an hour at most, and nobody hammers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.faults.conftest import RealHub
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Chance, Fault, Reply
from tests.support.hub_clients import client_of
from tests.workstation.outbox.outbox_bench import HandClock
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk
from workstation.hub.errors import HubBusy
from workstation.retrieval.patience import MOST_RETRIES, Patience
from workstation.retrieval.pull import Retrieval
from workstation.translations import translator

# A question counts as failed when the door has put it so often.
TRIES = 3
WHOLE, LIST = rf"/series/{SERIES}$", r"/series\?"
# What a hub asks of somebody who asked it at this time, and for how many seconds it is then to be left alone.
Asks = Callable[[datetime], str]
MOMENTS: dict[str, tuple[Asks, float]] = {
    "seconds": (lambda _now: "3", 3.0),
    "a date": (lambda now: format_datetime(now + timedelta(seconds=4), usegmt=True), 4.0),
    "nothing": (lambda _now: "", 0.0),
    "a negative number": (lambda _now: "-5", 0.0),
    "a digit that is none": (lambda _now: "\u00b2", 0.0),
    "a date that is past": (lambda now: format_datetime(now - timedelta(days=1), usegmt=True), 0.0),
}
LONG: dict[str, Asks] = {
    "absurd": lambda _now: "1000000000",
    "beyond any clock": lambda _now: "9" * 300,
    "a date of another age": lambda _now: "Fri, 31 Dec 9999 23:59:59 GMT",
}


@dataclass
class Waiting:
    """A clock that moves while the workstation waits; ``steps`` are its waits, ``asked`` when the hub was asked."""

    clock: HandClock = field(default_factory=HandClock)
    steps: list[float] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)

    def step(self, *_which: object) -> float:
        """Stand for the chance that chooses a wait."""
        self.steps.append(0.1)
        return 0.1

    def retrieval(self, desk: Desk) -> Retrieval:
        patience = Patience(lambda seconds: self.clock.pass_by(seconds=seconds), lambda: self.step() * 10)
        return Retrieval(desk.catalogue, desk.objects, desk.pool, translator("en"), patience)

    def busy(self, status: int, asks: Asks) -> Fault:
        def busy(reply: Reply, chance: Chance) -> Reply:
            self.asked.append(self.clock())
            return Reply(status, {"retry-after": asks(self.clock())})

        return busy

    def noted(self, reply: Reply, chance: Chance) -> Reply:
        self.asked.append(self.clock())
        return reply


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """The waits of the door itself take no time of a test."""
    waiting = Waiting()
    monkeypatch.setattr("workstation.hub.door.jittered", waiting.step)
    monkeypatch.setattr(
        "workstation.hub.door.Door._rest", lambda _door, seconds, _cancelled: waiting.clock.pass_by(seconds=seconds)
    )
    return waiting


@pytest.mark.parametrize(("asks", "seconds"), MOMENTS.values(), ids=MOMENTS)
def test_n9_a_hub_that_is_busy_for_a_moment_is_left_alone_for_it_and_the_study_comes(
    desk: Desk, real_hub: RealHub, waiting: Waiting, asks: Asks, seconds: float
) -> None:
    spoils = [Spoil([waiting.busy(503, asks)], path=WHOLE, most=1), Spoil([waiting.noted], path=WHOLE)]
    with FaultProxy(real_hub.url, spoils) as proxy, client_of(proxy.url, clock=waiting.clock) as client:
        assert waiting.retrieval(desk).pull(client, STUDY).is_complete
    first, second = waiting.asked
    assert (second - first).total_seconds() > seconds


@pytest.mark.parametrize("path", [LIST, WHOLE], ids=["the list", "the images"])
def test_n9_a_hub_that_stays_busy_is_asked_once_for_each_wait(
    desk: Desk, real_hub: RealHub, waiting: Waiting, path: str
) -> None:
    spoils = [Spoil([waiting.busy(503, lambda _now: "")], path=path)]
    with FaultProxy(real_hub.url, spoils) as proxy, client_of(proxy.url, clock=waiting.clock) as client:
        with pytest.raises(HubBusy):
            waiting.retrieval(desk).pull(client, STUDY)
        assert 1 < len(waiting.asked) <= 1 + len(waiting.steps)
        assert len(waiting.asked) <= (1 + MOST_RETRIES) * TRIES
        proxy.spoils = []
        assert waiting.retrieval(desk).pull(client, STUDY).is_complete


@pytest.mark.parametrize("asks", LONG.values(), ids=LONG)
def test_n9_nobody_waits_longer_than_an_hour_and_meanwhile_nothing_is_sent(
    desk: Desk, real_hub: RealHub, waiting: Waiting, asks: Asks
) -> None:
    with FaultProxy(real_hub.url) as proxy, client_of(proxy.url, clock=waiting.clock) as client:
        proxy.spoils = [Spoil([waiting.busy(429, asks)], path=WHOLE, most=1)]
        with pytest.raises(HubBusy):
            waiting.retrieval(desk).pull(client, STUDY)
        sent = len(proxy.seen)
        waiting.clock.pass_by(minutes=59)
        with pytest.raises(HubBusy) as raised:
            waiting.retrieval(desk).pull(client, STUDY)
        assert 0 < int(raised.value.retry_after) <= 60
        assert (len(waiting.asked), len(proxy.seen)) == (1, sent)
        waiting.clock.pass_by(minutes=2)
        assert waiting.retrieval(desk).pull(client, STUDY).is_complete
