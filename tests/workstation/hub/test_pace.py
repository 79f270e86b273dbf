"""When a hub is asked again: what it asks for is kept, and one that does not answer is not asked over and over."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.stub_hub import Exchange, running_stub
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.door import Call, Door
from workstation.hub.errors import HubBusy, HubUnreachable
from workstation.hub.pace import FAILURES, LONGEST_OPEN_S, Pace, jittered

START = datetime(2026, 11, 22, 8, tzinfo=UTC)


@dataclass
class Hands:
    """Both clocks of a test."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


def pace_of(hands: Hands) -> Pace:
    return Pace("hub", hands.now, hands.monotonic, 1.0)


def test_waits_are_random_shares_of_ever_longer_times() -> None:
    assert [jittered(step, 0.5, 10.0, 1.0) for step in (0, 1, 2, 9, 10_000)] == [0.5, 1.0, 2.0, 10.0, 10.0]
    waits = [jittered(9, 0.5, 10.0) for _ in range(400)]
    assert 0.0 <= min(waits) < 2.0
    assert 8.0 < max(waits) <= 10.0


def test_a_hub_that_asks_for_time_is_not_asked_before() -> None:
    hands = Hands()
    pace = pace_of(hands)
    pace.told_to_wait(timedelta(seconds=30))
    with pytest.raises(HubBusy) as caught:
        pace.enter()
    assert caught.value.retry_after == "30"
    hands.seconds = 30.0
    pace.enter()


def test_a_clock_that_is_set_back_makes_no_wait_longer() -> None:
    hands = Hands()
    pace = pace_of(hands)
    pace.told_to_wait(timedelta(hours=1))
    hands.seconds = -100_000.0
    pace.enter()


def test_the_circuit_opens_tries_with_one_and_closes_with_an_answer() -> None:
    hands = Hands()
    pace = pace_of(hands)
    for _ in range(FAILURES):
        pace.enter()
        pace.failed()
    with pytest.raises(HubUnreachable):
        pace.enter()
    hands.seconds += 0.5
    pace.enter()
    with pytest.raises(HubUnreachable):
        pace.enter()
    pace.answered()
    for _ in range(3):
        pace.enter()


def test_an_open_circuit_is_tried_again_within_ten_seconds_for_ever() -> None:
    hands = Hands()
    pace = pace_of(hands)
    for _ in range(50):
        hands.seconds += LONGEST_OPEN_S
        pace.enter()
        pace.failed()
    for _ in range(5):
        hands.seconds += LONGEST_OPEN_S
        pace.enter()


@pytest.mark.parametrize("status", [429, 503])
def test_a_hub_that_asks_for_minutes_gets_one_request_from_many_threads(status: int) -> None:
    with running_stub(lambda exchange: exchange.reply(status, Retry_After="120")) as stub:
        door = Door(HubSettings(HubName("hub"), stub.url))
        with pytest.raises(HubBusy):
            door.ask(Call("GET", "studies"))
        refused: list[str] = []

        def ask() -> None:
            try:
                door.ask(Call("GET", "studies"))
            except HubBusy as error:
                refused.append(error.retry_after)

        threads = [threading.Thread(target=ask) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        door.close()
    assert len(stub.seen) == 1
    assert len(refused) == 20
    assert all(0 < int(one) <= 120 for one in refused)


def test_a_question_is_repeated_where_the_hub_is_busy_for_a_moment_and_an_order_is_not() -> None:
    def answer(exchange: Exchange) -> None:
        exchange.reply(503 if len(stub.seen) < 3 else 200, b"[]")

    with running_stub(answer) as stub:
        door = Door(HubSettings(HubName("hub"), stub.url))
        assert door.ask(Call("GET", "studies")).body == b"[]"
        assert len(stub.seen) == 3
        stub.seen.clear()
        assert door.fetch(Call("POST", "studies")).status == 503
        assert len(stub.seen) == 1
        door.close()


def test_a_busy_hub_is_asked_three_times_at_most() -> None:
    with running_stub(lambda exchange: exchange.reply(503)) as stub:
        door = Door(HubSettings(HubName("hub"), stub.url))
        with pytest.raises(HubBusy):
            door.ask(Call("GET", "studies"))
        assert len(stub.seen) == 3
        door.close()


def test_a_connection_that_breaks_before_the_answer_is_tried_again() -> None:
    def answer(exchange: Exchange) -> None:
        if len(stub.seen) == 1:
            exchange.raw(b"", close=True)
        else:
            exchange.reply(200, b"[]")

    with running_stub(answer) as stub:
        door = Door(HubSettings(HubName("hub"), stub.url))
        assert door.ask(Call("GET", "studies")).body == b"[]"
        assert len(stub.seen) == 2
        door.close()
