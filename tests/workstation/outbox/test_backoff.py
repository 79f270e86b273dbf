"""When it is tried again: full jitter, what the hub asks for within reason, and one question to a silent hub."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.support.stub_hub import Exchange, running_stub
from tests.workstation.outbox.outbox_bench import OutboxBench, real_object
from tests.workstation.store.samples import HUB
from workstation.domain.delivery import DeliveryState
from workstation.hub.errors import HubBusy, HubUnreachable, StoreRefused
from workstation.hub.retry_after import wait_asked
from workstation.outbox.backoff import full_jitter, wait_after

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR_S = 3600.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("1000000000", HOUR_S),
        ("9" * 400, HOUR_S),
        ("-5", 0.0),
        ("", 0.0),
        ("soon", 0.0),
        ("1e3", 0.0),
        ("٣", 0.0),
        (format_datetime(NOW + timedelta(minutes=3), usegmt=True), 180.0),
        (format_datetime(NOW - timedelta(minutes=3), usegmt=True), 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", HOUR_S),
        ("Fri, 31 Dec 1999 23:59:59", 0.0),
    ],
)
def test_what_a_hub_asks_for_is_honoured_up_to_an_hour(header: str, seconds: float) -> None:
    assert wait_asked(header, NOW).total_seconds() == seconds


def test_waits_grow_to_five_minutes_and_never_end() -> None:
    longest = [full_jitter(attempts, 1.0).total_seconds() for attempts in (0, 1, 2, 8, 9, 1000, -1)]
    assert longest == [1.0, 2.0, 4.0, 256.0, 300.0, 300.0, 1.0]
    assert all(timedelta(0) <= full_jitter(9) <= timedelta(minutes=5) for _ in range(200))


def test_chance_spreads_the_whole_range() -> None:
    waits = [full_jitter(9).total_seconds() for _ in range(400)]
    assert min(waits) < 60
    assert max(waits) > 240


def test_a_silent_hub_is_asked_twice_a_minute_and_one_that_refuses_every_five_minutes() -> None:
    assert wait_after(HubUnreachable("gone", hub=HUB), 50, NOW, 1.0) == timedelta(seconds=30)
    assert wait_after(StoreRefused("no", hub=HUB), 50, NOW, 1.0) == timedelta(minutes=5)
    assert wait_after(HubBusy("busy", "100", hub=HUB), 0, NOW, 1.0) == timedelta(seconds=101)


def test_a_busy_hub_is_asked_once_and_not_before_its_time_for_all_that_waits(tmp_path: Path) -> None:
    def busy(exchange: Exchange) -> None:
        exchange.reply(503, Retry_After="600")

    with running_stub(busy) as stub:
        bench = OutboxBench(tmp_path, {HUB: stub.url})
        bench.sign((real_object(1),))
        bench.sign((real_object(2),), "d2")
        bench.courier.deliver()
        asked = len(stub.seen)
        assert asked == 1
        for minutes in (1, 3, 5):
            bench.clock.pass_by(minutes=minutes)
            bench.courier.deliver()
        assert len(stub.seen) == asked
        bench.clock.pass_by(minutes=2)
        bench.courier.deliver()
        assert len(stub.seen) == asked + 1
        assert all(one.state is DeliveryState.PENDING and one.reason for one in bench.outbox.deliveries())
        bench.close()


def test_a_clock_that_was_ahead_does_not_hold_a_report_back(tmp_path: Path) -> None:
    bench = OutboxBench(tmp_path, {HUB: "http://127.0.0.1:9/dicom-web"})
    bench.clock.pass_by(days=400)
    bench.sign((real_object(1),))
    bench.courier.deliver()
    bench.clock.pass_by(days=-400)
    assert [one.id for one in bench.outbox.due(bench.clock())] == [bench.only.id]
    bench.close()


def test_a_hub_that_is_away_all_night_fills_no_page(tmp_path: Path) -> None:
    bench = OutboxBench(tmp_path, {HUB: "http://127.0.0.1:9/dicom-web"})
    bench.sign((real_object(1),))
    for _ in range(20):
        bench.clock.pass_by(minutes=6)
        bench.courier.deliver()
    assert bench.steps() == ["queued", "unreachable"]
    assert (bench.only.attempts, bench.only.tried_at) == (20, bench.clock.now)
    bench.close()
