"""Listening goes on: through losses, with growing waits, and with everything asked again after each new channel."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from tests.support.command_line import command_line
from tests.support.hub_clients import client_of
from tests.support.ports import free_port
from tests.workstation.hub.test_ups import REQUEST
from tests.workstation.shell.test_offline import hub_process
from workstation.domain.identifiers import HubName
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import HubUnreachable, NotOffered, TransferCut
from workstation.hub.news import Changed, Deaf, HubNews, Listening
from workstation.worklist.listening import GOOD_CHANNEL_S, LONGEST_WAIT_S, OFFER_AGAIN_S, HubEars, Time, wait_after

HUB = HubName("hub")


@dataclass
class Hubs:
    """A hub whose channel ends in one error after the other, each after some time."""

    ends: list[tuple[WorkstationError, float]]
    now: float = 0.0
    waits: list[float] = field(default_factory=list)
    heard: list[HubNews] = field(default_factory=list)
    subscribers: set[str] = field(default_factory=set)

    def client(self, _name: HubName) -> "Hubs":
        return self

    def listen(self, subscriber: str, told: Callable[[HubNews], None], _cancelled: Callable[[], bool]) -> None:
        self.subscribers.add(subscriber)
        error, lived_s = self.ends.pop(0)
        if lived_s:
            told(Listening(HUB))
        self.now += lived_s
        raise error

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waits[-1] += seconds

    def hear(self, news: HubNews) -> None:
        self.heard.append(news)
        if isinstance(news, Deaf):
            self.waits.append(0.0)

    def run(self) -> None:
        passing = Time(lambda: self.now, self.sleep, lambda: 1.0)
        ears = HubEars(cast("HubDirectory", self), lambda: "REQUIS-1", passing)
        ears.listen(HUB, self.hear, lambda: not self.ends)


def test_each_loss_is_told_and_waited_for_longer_than_the_one_before() -> None:
    hubs = Hubs([(HubUnreachable("down", hub="hub"), 0.0)] * 8)
    hubs.run()
    assert [round(one) for one in hubs.waits[:-1]] == [1, 2, 4, 8, 16, 30, 30]
    assert hubs.heard == [Deaf(HUB)] * 8
    assert hubs.subscribers == {"REQUIS-1"}


def test_a_channel_that_lived_begins_the_waits_anew_and_one_that_dies_at_once_does_not() -> None:
    cut = TransferCut("cut", hub="hub")
    hubs = Hubs([(cut, 0.1), (cut, 0.1), (cut, GOOD_CHANNEL_S), (cut, 0.1), (cut, 0.0)])
    hubs.run()
    assert [round(one) for one in hubs.waits[:-1]] == [1, 2, 1, 2]
    assert hubs.heard.count(Listening(HUB)) == 4


def test_a_hub_without_events_is_asked_again_after_minutes() -> None:
    hubs = Hubs([(NotOffered("none", hub="hub"), 0.0), (NotOffered("none", hub="hub"), 0.0)])
    hubs.run()
    assert round(hubs.waits[0]) == OFFER_AGAIN_S


def test_waits_are_jittered_and_never_longer_than_half_a_minute() -> None:
    assert wait_after(0, 0.0) == 0.5
    assert wait_after(3, 0.0) == 4.0
    assert wait_after(3, 1.0) == 8.0
    assert wait_after(10_000, 1.0) == LONGEST_WAIT_S


def test_a_killed_hub_is_heard_again_and_what_came_meanwhile_is_asked_for(tmp_path: Path) -> None:
    command, port, stop = command_line(tmp_path), free_port(), threading.Event()
    heard: list[HubNews] = []

    def await_news(wanted: HubNews, count: int = 1) -> None:
        until = time.monotonic() + 40
        while heard.count(wanted) < count:
            assert time.monotonic() < until, heard
            time.sleep(0.01)

    with ExitStack() as stack:
        first = stack.enter_context(ExitStack())
        url = first.enter_context(hub_process(command, port))
        client = stack.enter_context(client_of(url))

        class One:
            def client(self, _name: HubName) -> object:
                return client

        ears = HubEars(cast("HubDirectory", One()), lambda: "REQUIS-1", Time(sleep=lambda _s: time.sleep(0.02)))
        thread = threading.Thread(target=ears.listen, args=(HUB, heard.append, stop.is_set))
        thread.start()
        try:
            await_news(Listening(HUB))
            first.close()
            await_news(Deaf(HUB))
            stack.enter_context(hub_process(command, port))
            await_news(Listening(HUB), 2)
            client.place(REQUEST)
            await_news(Changed(HUB, REQUEST.carrier_uid))
        finally:
            stop.set()
            thread.join(20)
        assert not thread.is_alive()
