"""The outbox: signing is one transaction, bytes are frozen, order and leases hold."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.workstation.store.samples import (
    HUB,
    KEY,
    NOW,
    fixed_clock,
    make_completion,
    make_draft,
    make_object,
    open_database,
)
from workstation.audit.events import AuditEvent
from workstation.domain.delivery import CompletionState, Delivery, DeliveryState, ObjectRole, SignedObject
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.domain.report import DraftState
from workstation.store.audit import AuditLog
from workstation.store.completions import CompletionStore
from workstation.store.database import Database
from workstation.store.drafts import DraftStore
from workstation.store.errors import (
    DeliveryRefused,
    DraftMissing,
    DraftSigned,
    ObjectMissing,
    RecordDamaged,
    StoreError,
)
from workstation.store.journal import DraftJournal
from workstation.store.outbox import Lease, OutboxStore
from workstation.store.signings import SignedCopies

ROLES = (ObjectRole.DOCUMENT, ObjectRole.REPORT, ObjectRole.PRESENTATION, ObjectRole.KEY_IMAGES)


class Bench:
    """The stores that signing touches, on one database."""

    def __init__(self, folder: Path) -> None:
        self.database: Database = open_database(folder)
        self.drafts = DraftStore(self.database, DraftJournal(folder / "drafts.journal", KEY))
        self.audit = AuditLog(self.database, KEY, fixed_clock)
        self.outbox = OutboxStore(
            self.database, self.drafts, self.audit, fixed_clock, SignedCopies(folder / "signed", KEY)
        )
        self.completions = CompletionStore(self.database, self.audit, fixed_clock)

    def sign(self, draft: str = "d1", objects: tuple[SignedObject, ...] | None = None) -> tuple[Delivery, ...]:
        self.drafts.save(make_draft(draft))
        objects = tuple(make_object(role) for role in ROLES) if objects is None else objects
        completion = make_completion(draft)
        return self.outbox.enqueue(
            DraftId(draft), RequestId("r1"), HUB, objects, demonstration=True, completion=completion
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_signing_freezes_bytes_closes_the_draft_and_writes_the_audit_line(bench: Bench) -> None:
    deliveries = bench.sign()
    assert [delivery.role.value for delivery in deliveries] == ["gsps", "kos", "sr", "pdf"]
    assert all(delivery.demonstration and delivery.state is DeliveryState.PENDING for delivery in deliveries)
    assert all(delivery.steps[0].step == "queued" for delivery in deliveries)
    assert bench.outbox.object_bytes(deliveries[2].id) == make_object(ObjectRole.REPORT).part10
    assert bench.drafts.load(DraftId("d1")).state is DraftState.SIGNED
    assert [line.event for line in bench.audit.lines()] == [AuditEvent.SIGNED]
    assert bench.completions.completions() == (make_completion(),)
    assert bench.outbox.deliveries() == deliveries


def test_signing_twice_is_refused(bench: Bench) -> None:
    deliveries = bench.sign()
    with pytest.raises(DraftSigned):
        bench.outbox.enqueue(DraftId("d1"), None, HUB, [make_object(ObjectRole.REPORT, 9)], demonstration=True)
    with pytest.raises(DraftMissing):
        bench.outbox.enqueue(DraftId("no"), None, HUB, [make_object(ObjectRole.REPORT, 9)], demonstration=True)
    assert bench.outbox.deliveries() == deliveries


def test_signing_that_fails_midway_leaves_nothing(bench: Bench) -> None:
    bench.sign("d1", (make_object(ObjectRole.REPORT),))
    with pytest.raises(StoreError):
        bench.sign("d2", (make_object(ObjectRole.KEY_IMAGES, 2), make_object(ObjectRole.REPORT)))
    assert bench.drafts.load(DraftId("d2")).state is DraftState.OPEN
    assert len(bench.outbox.deliveries()) == 1
    assert len(bench.audit.lines()) == 1
    assert len(bench.completions.completions()) == 1


def test_an_object_without_its_digest_is_refused(bench: Bench) -> None:
    with pytest.raises(RecordDamaged):
        bench.sign("d1", (replace(make_object(ObjectRole.REPORT), sha256="0" * 64),))
    deliveries = bench.sign("d1", (make_object(ObjectRole.REPORT),))
    with bench.database.write() as connection:
        connection.execute("DROP TRIGGER deliveries_frozen")
        connection.execute("UPDATE deliveries SET part10 = x'00'")
    with pytest.raises(RecordDamaged):
        bench.outbox.object_bytes(deliveries[0].id)


def test_objects_of_a_study_go_one_after_the_other(bench: Bench) -> None:
    numbers = [delivery.id for delivery in bench.sign()]
    sent: list[int] = []
    while due := bench.outbox.due(NOW):
        assert len(due) == 1
        bench.outbox.step(due[0].id, DeliveryState.STORED, "stored")
        assert [delivery.id for delivery in bench.outbox.due(NOW)] == [due[0].id]
        bench.outbox.step(due[0].id, DeliveryState.SENT, "read_back")
        sent.append(due[0].id)
    assert sent == numbers


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.CONFLICT])
def test_an_object_that_failed_for_good_does_not_hold_up_the_report(bench: Bench, state: DeliveryState) -> None:
    first, second, *_ = bench.sign()
    bench.outbox.step(first.id, state, "refused", reason="409")
    assert [delivery.id for delivery in bench.outbox.due(NOW)] == [second.id]


def test_a_delivery_waits_for_its_time_unless_forced(bench: Bench) -> None:
    (delivery,) = bench.sign("d1", (make_object(ObjectRole.REPORT),))
    later = NOW + timedelta(minutes=5)
    bench.outbox.step(delivery.id, DeliveryState.BLOCKED, "refused", "403", "signed out", next_attempt_at=later)
    assert bench.outbox.due(NOW) == ()
    assert bench.outbox.next_attempt_at() == later
    assert [due.id for due in bench.outbox.due(NOW, force=True)] == [delivery.id]
    assert [due.id for due in bench.outbox.due(later)] == [delivery.id]
    found = bench.outbox.delivery(delivery.id)
    assert (found.reason, found.steps[-1].detail) == ("signed out", "403")


def test_a_delivery_is_leased_to_one_owner_until_it_runs_out(bench: Bench) -> None:
    (delivery,) = bench.sign("d1", (make_object(ObjectRole.REPORT),))
    until = NOW + timedelta(minutes=2)
    assert bench.outbox.lease(delivery.id, Lease("window", until))
    assert not bench.outbox.lease(delivery.id, Lease("command", until))
    assert bench.outbox.due(NOW, force=True) == ()
    assert [due.id for due in bench.outbox.due(until)] == [delivery.id]
    bench.outbox.release(delivery.id, "command")
    assert bench.outbox.due(NOW) == ()
    bench.outbox.release(delivery.id, "window")
    assert bench.outbox.lease(delivery.id, Lease("command", until))
    assert bench.outbox.delivery(delivery.id).attempts == 2


@pytest.mark.parametrize("final", [DeliveryState.SENT, DeliveryState.CONFLICT])
def test_sent_and_conflict_are_left_only_on_purpose(bench: Bench, final: DeliveryState) -> None:
    (delivery,) = bench.sign("d1", (make_object(ObjectRole.REPORT),))
    bench.outbox.step(delivery.id, final, "ended")
    with pytest.raises(DeliveryRefused):
        bench.outbox.step(delivery.id, DeliveryState.PENDING, "again")
    assert bench.outbox.due(NOW, force=True) == ()
    assert [step.step for step in bench.outbox.delivery(delivery.id).steps] == ["queued", "ended"]


def test_a_signed_object_is_never_changed_and_never_deleted(bench: Bench) -> None:
    bench.sign()
    for statement in (
        "UPDATE deliveries SET part10 = x'00'",
        "UPDATE deliveries SET instance = '1.2'",
        "UPDATE deliveries SET sha256 = ''",
        "DELETE FROM deliveries",
    ):
        with pytest.raises(StoreError), bench.database.write() as connection:
            connection.execute(statement)


def test_arrival_is_audited_once(bench: Bench) -> None:
    (delivery,) = bench.sign("d1", (make_object(ObjectRole.REPORT),))
    bench.outbox.step(delivery.id, DeliveryState.SENT, "read_back")
    bench.outbox.step(delivery.id, DeliveryState.SENT, "checked_again")
    assert [line.event for line in bench.audit.lines()] == [AuditEvent.SIGNED, AuditEvent.SENT]
    assert bench.audit.verify() == ()


def test_steps_are_append_only(bench: Bench) -> None:
    bench.sign()
    for statement in ("DELETE FROM delivery_steps", "UPDATE delivery_steps SET step = 'x'"):
        with pytest.raises(StoreError), bench.database.write() as connection:
            connection.execute(statement)


def test_an_unknown_delivery_is_told(bench: Bench) -> None:
    with pytest.raises(ObjectMissing):
        bench.outbox.object_bytes(7)
    with pytest.raises(ObjectMissing):
        bench.outbox.delivery(7)
    with pytest.raises(ObjectMissing):
        bench.outbox.step(7, DeliveryState.SENT, "x")
    with pytest.raises(ObjectMissing):
        bench.completions.step(DraftId("d1"), RequestId("r1"), CompletionState.COMPLETED)


def test_a_request_is_completed_only_after_all_its_objects_are_sent(bench: Bench) -> None:
    deliveries = bench.sign()
    for delivery in deliveries[:-1]:
        bench.outbox.step(delivery.id, DeliveryState.SENT, "read_back")
    assert bench.completions.due(NOW) == ()
    bench.outbox.step(deliveries[-1].id, DeliveryState.SENT, "read_back")
    assert bench.completions.due(NOW) == (make_completion(),)
    later = NOW + timedelta(minutes=1)
    draft, request = DraftId("d1"), RequestId("r1")
    bench.completions.step(draft, request, CompletionState.UPDATED, "hub away", next_attempt_at=later)
    assert bench.completions.due(NOW) == ()
    assert bench.completions.due(later)[0].reason == "hub away"
    bench.completions.step(draft, request, CompletionState.COMPLETED)
    assert bench.completions.due(later, force=True) == ()
    assert bench.completions.completions()[0].attempts == 2


def test_two_hubs_may_get_the_same_object_and_one_hub_only_once(bench: Bench) -> None:
    bench.sign("d1", (make_object(ObjectRole.REPORT),))
    bench.drafts.save(make_draft("d2"))
    other = HubName("site-b")
    bench.outbox.enqueue(DraftId("d2"), None, other, [make_object(ObjectRole.REPORT)], demonstration=True)
    assert len(bench.outbox.due(NOW)) == 2


class OutboxMachine(RuleBasedStateMachine):
    """Random steps: bytes never change, nothing disappears, the log only grows, at most one object moves per study."""

    def __init__(self) -> None:
        super().__init__()
        from tempfile import TemporaryDirectory

        self.folder = TemporaryDirectory()
        self.bench = Bench(Path(self.folder.name))
        self.count = 0
        self.steps = 0

    @rule(roles=st.lists(st.sampled_from(ROLES), min_size=1, max_size=3, unique=True))
    def sign(self, roles: list[ObjectRole]) -> None:
        self.count += 1
        objects = tuple(make_object(role, self.count) for role in roles)
        self.bench.sign(f"d{self.count}", objects)
        self.steps += len(objects)

    @rule(choice=st.integers(0, 5), state=st.sampled_from(DeliveryState))
    def step(self, choice: int, state: DeliveryState) -> None:
        due = self.bench.outbox.due(NOW)
        if due:
            self.bench.outbox.step(due[choice % len(due)].id, state, "stepped")
            self.steps += 1

    @rule()
    def reopen(self) -> None:
        self.bench.database.close()
        self.bench = Bench(Path(self.folder.name))

    @invariant()
    def nothing_is_lost(self) -> None:
        deliveries = self.bench.outbox.deliveries()
        assert sum(len(delivery.steps) for delivery in deliveries) == self.steps
        for delivery in deliveries:
            content = self.bench.outbox.object_bytes(delivery.id)
            assert hashlib.sha256(content).hexdigest() == delivery.sha256
        assert len(self.bench.outbox.due(NOW)) <= 1
        assert self.bench.audit.verify() == ()

    def teardown(self) -> None:
        self.bench.database.close()
        self.folder.cleanup()


OutboxMachine.TestCase.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
TestOutboxMachine = OutboxMachine.TestCase
