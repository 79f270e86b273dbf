"""A hub that was put back to an older copy has lost a report without a word: it is found, told and sent again."""

import shutil
from datetime import timedelta
from pathlib import Path

from tests.support.hub_clients import client_of
from tests.workstation.outbox.outbox_bench import OutboxBench, real_object
from tests.workstation.store.samples import HUB
from workstation.audit.events import AuditEvent
from workstation.domain.delivery import CompletionState, DeliveryState
from workstation.domain.identifiers import RequestId
from workstation.domain.study import InstanceReference
from workstation.embedded_hub.running import RunningHub
from workstation.outbox.reverification import Reverification
from workstation.store.outbox_checks import CHECKED_FOR
from workstation.translations import translator

REPORT, EARLIER = real_object(1), real_object(2)


def test_a_report_that_a_restored_hub_has_lost_is_sent_again_the_same(tmp_path: Path) -> None:
    folder, backup = tmp_path / "hub", tmp_path / "backup"
    with RunningHub(folder) as hub:
        bench = OutboxBench(tmp_path / "profile", {HUB: hub.url})
        bench.sign((EARLIER,), "d0")
        assert bench.courier.deliver() == 1
    shutil.copytree(folder, backup)
    with RunningHub(folder) as hub:
        bench.urls[HUB] = hub.url
        bench.sign((REPORT,), "d1", request=True)
        assert bench.courier.deliver() == 1
        bench.completions.step(bench.completions.completions()[0].draft, RequestId("r1"), CompletionState.COMPLETED)
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)
    with RunningHub(folder) as hub:
        bench.urls[HUB] = hub.url
        assert bench.reverification.look_again() == 0
        bench.clock.pass_by(days=1)
        assert bench.reverification.look_again() == 1
        lost = next(one for one in bench.outbox.deliveries() if one.draft == "d1")
        assert lost.state is DeliveryState.PENDING
        assert "backup" in lost.reason
        assert lost.steps[-1].step == "lost_by_hub"
        assert bench.completions.completions()[0].state is CompletionState.AGAIN
        assert bench.courier.deliver() == 1
        reference = InstanceReference(REPORT.study, REPORT.series, REPORT.instance, REPORT.sop_class)
        with client_of(hub.url) as client:
            assert client.retrieve_instance(reference) == REPORT.part10
    assert {one.state for one in bench.outbox.deliveries()} == {DeliveryState.SENT}
    assert [line.event for line in bench.audit.lines()][-2:] == [AuditEvent.LOSS_FOUND, AuditEvent.SENT]
    bench.close()


def test_looking_is_bounded_spread_and_ends_after_a_month(tmp_path: Path) -> None:
    most, left = 6, 2
    count = most + left
    with RunningHub(tmp_path / "hub") as hub:
        bench = OutboxBench(tmp_path / "profile", {HUB: hub.url})
        looking = Reverification(bench.checks, bench.outbox, bench.hubs, bench.clock, translator("en"), most=most)
        for number in range(count):
            bench.sign((real_object(number),), f"d{number}")
        assert bench.courier.deliver() == count
        assert bench.checks.due(bench.clock(), count) == ()
        bench.clock.pass_by(days=1)
        assert len(bench.checks.due(bench.clock(), count)) == count
        looking.look_again()
        assert len(bench.checks.due(bench.clock(), count)) == left
        looking.look_again()
        assert bench.checks.due(bench.clock(), count) == ()
        assert bench.checks.due(bench.clock() + timedelta(hours=20), count) == ()
        assert len(bench.checks.due(bench.clock() + timedelta(hours=24), count)) == count
        bench.clock.pass_by(days=CHECKED_FOR.days)
        for _ in range(2):
            looking.look_again()
        bench.clock.pass_by(days=3)
        assert bench.checks.due(bench.clock(), count) == ()
        assert all(bench.outbox.object_bytes(one.id) for one in bench.outbox.deliveries())
        bench.close()


def test_a_hub_that_does_not_answer_is_asked_again_later_and_nothing_is_called_lost(tmp_path: Path) -> None:
    with RunningHub(tmp_path / "hub") as hub:
        bench = OutboxBench(tmp_path / "profile", {HUB: hub.url})
        bench.sign((REPORT,))
        bench.courier.deliver()
    bench.clock.pass_by(days=1)
    assert bench.reverification.look_again() == 0
    assert bench.only.state is DeliveryState.SENT
    with RunningHub(tmp_path / "hub") as hub:
        bench.urls[HUB] = hub.url
        bench.clock.pass_by(minutes=31)
        assert bench.reverification.look_again() == 0
    assert bench.only.checked_at == bench.clock.now
    bench.close()
