"""What a reader may decide about a signed report, and what is then kept, shown and recorded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workstation.outbox.outbox_bench import OutboxBench, real_object
from tests.workstation.store.samples import HUB, READER, make_completion, make_draft
from workstation.audit.events import AuditEvent
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.domain.delivery import CompletionState, Delivery, DeliveryState, ObjectRole
from workstation.domain.delivery_acts import DeliveryAct, allowed_acts
from workstation.domain.identifiers import DraftId
from workstation.domain.report import DraftState
from workstation.outbox.ownership import new_owner
from workstation.store.errors import (
    CancelTooLate,
    DeliveryRefused,
    NoSuchDelivery,
    NothingToForce,
    NothingToHold,
    NothingToRelease,
)
from workstation.store.outbox import Lease
from workstation.store.profile_store import ProfileStore
from workstation.vault.vault import Vault

FORCE, HOLD, RELEASE, CANCEL = DeliveryAct.FORCE, DeliveryAct.HOLD, DeliveryAct.RELEASE, DeliveryAct.CANCEL
PENDING, STORED, SENT = DeliveryState.PENDING, DeliveryState.STORED, DeliveryState.SENT
CONFLICT, BLOCKED, FAILED = DeliveryState.CONFLICT, DeliveryState.BLOCKED, DeliveryState.FAILED
HELD, CANCELLED = DeliveryState.HELD, DeliveryState.CANCELLED
IMAGES, REPORT = real_object(1, role=ObjectRole.KEY_IMAGES), real_object(2)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[OutboxBench]:
    bench = OutboxBench(tmp_path, {HUB: "http://127.0.0.1:9/dicom-web"})
    yield bench
    bench.close()


def events(bench: OutboxBench) -> list[AuditEvent]:
    assert bench.audit.verify() == ()
    return [line.event for line in bench.audit.lines()]


def states(bench: OutboxBench) -> list[DeliveryState]:
    return [one.state for one in bench.outbox.deliveries()]


def put(bench: OutboxBench, state: DeliveryState, *, offered: bool = False) -> Delivery:
    """Bring the one delivery of the bench into a state, as a courier would."""
    (delivery,) = bench.sign((REPORT,), request=True)
    if offered:
        owner = new_owner()
        bench.outbox.lease(delivery.id, Lease(owner, bench.clock.now))
        assert bench.outbox.offer(delivery.id, owner)
        bench.outbox.release(delivery.id, owner)
    if state is HELD:
        bench.decisions.decide(HOLD, REPORT.instance)
    elif state is CANCELLED:
        bench.decisions.decide(CANCEL, REPORT.instance)
    elif state is not PENDING:
        bench.outbox.step(delivery.id, state, "refused", "why", "why")
    return bench.only


ALLOWED = [
    (PENDING, False, {FORCE, HOLD, CANCEL}),
    (BLOCKED, False, {FORCE, HOLD, CANCEL}),
    (FAILED, False, {FORCE, HOLD, CANCEL}),
    (CONFLICT, False, {FORCE, CANCEL}),
    (HELD, False, {RELEASE, CANCEL}),
    (PENDING, True, {FORCE, HOLD}),
    (BLOCKED, True, {FORCE, HOLD}),
    (FAILED, True, {FORCE, HOLD}),
    (CONFLICT, True, {FORCE}),
    (HELD, True, {RELEASE}),
    (STORED, True, {FORCE}),
    (SENT, True, set()),
    (CANCELLED, False, set()),
]
REFUSALS = {FORCE: NothingToForce, HOLD: NothingToHold, RELEASE: NothingToRelease, CANCEL: CancelTooLate}


@pytest.mark.parametrize(("state", "offered", "allowed"), ALLOWED)
@pytest.mark.parametrize("act", list(DeliveryAct))
def test_an_act_is_done_where_it_makes_sense_and_else_refused_without_a_trace(
    act: DeliveryAct, state: DeliveryState, offered: bool, allowed: set[DeliveryAct], bench: OutboxBench
) -> None:
    delivery = put(bench, state, offered=offered)
    assert allowed_acts((delivery,)) == allowed
    before = bench.outbox.deliveries(), events(bench)
    if act in allowed:
        bench.decisions.decide(act, REPORT.instance)
        assert len(bench.only.steps) == len(delivery.steps) + 1
        assert len(events(bench)) == len(before[1]) + 1
        line = bench.audit.lines()[-1]
        assert (line.actor, line.object) == (READER.acts_as, delivery.study)
    else:
        with pytest.raises(REFUSALS[act]):
            bench.decisions.decide(act, REPORT.instance)
        assert (bench.outbox.deliveries(), events(bench)) == before


def test_an_act_concerns_the_whole_report_whatever_it_is_named_by(bench: OutboxBench) -> None:
    bench.sign((IMAGES, REPORT))
    bench.sign((real_object(3),), "d2")
    bench.decisions.decide(HOLD, "d1")
    assert states(bench) == [HELD, HELD, PENDING]
    bench.decisions.decide(RELEASE, IMAGES.instance)
    assert states(bench) == [PENDING, PENDING, PENDING]
    with pytest.raises(NoSuchDelivery):
        bench.decisions.decide(HOLD, "2.25.999")


def test_one_object_that_may_have_arrived_keeps_the_whole_report_from_being_cancelled(bench: OutboxBench) -> None:
    images, _report = bench.sign((IMAGES, REPORT))
    bench.outbox.step(images.id, SENT, "read_back")
    with pytest.raises(CancelTooLate):
        bench.decisions.decide(CANCEL, REPORT.instance)
    assert states(bench) == [SENT, PENDING]


def test_what_is_held_waits_for_its_release_and_lets_others_pass(bench: OutboxBench) -> None:
    bench.sign((IMAGES, REPORT))
    bench.sign((real_object(3),), "d2")
    bench.decisions.decide(HOLD, "d1")
    assert [one.draft for one in bench.outbox.due(bench.clock(), force=True)] == ["d2"]
    bench.decisions.decide(RELEASE, "d1")
    assert [one.instance for one in bench.outbox.due(bench.clock())] == [IMAGES.instance]


def test_a_cancelled_report_is_kept_and_its_words_go_into_a_new_draft(bench: OutboxBench) -> None:
    (delivery,) = bench.sign((REPORT,), request=True)
    signed = bench.drafts.load(DraftId("d1"))
    decided = bench.decisions.decide(CANCEL, "d1")
    assert bench.outbox.object_bytes(delivery.id) == REPORT.part10
    assert bench.drafts.load(DraftId("d1")).state is DraftState.SIGNED
    assert decided.draft is not None
    again = bench.drafts.load(decided.draft.id)
    assert (again.state, again.answers, again.annotations) == (DraftState.OPEN, signed.answers, signed.annotations)
    (completion,) = bench.completions.completions()
    assert completion.state is CompletionState.CANCELLED
    assert bench.completions.due(bench.clock(), force=True) == ()
    assert bench.outbox.due(bench.clock(), force=True) == ()
    assert events(bench) == [AuditEvent.SIGNED, AuditEvent.SENDING_CANCELLED]


def test_the_new_draft_can_be_signed_and_answers_the_request(bench: OutboxBench) -> None:
    bench.sign((REPORT,), request=True)
    decided = bench.decisions.decide(CANCEL, "d1")
    assert decided.draft is not None
    (delivery,) = bench.sign((real_object(5),), decided.draft.id, request=True)
    bench.outbox.step(delivery.id, SENT, "read_back")
    assert [one.draft for one in bench.completions.due(bench.clock())] == [decided.draft.id]


def test_a_draft_that_is_open_already_is_not_hidden_by_another(bench: OutboxBench) -> None:
    bench.sign((REPORT,))
    bench.drafts.save(make_draft("mine", "Begun since."))
    assert bench.decisions.decide(CANCEL, "d1").draft is None


def test_nothing_leaves_once_it_is_held_or_cancelled_though_an_attempt_is_under_way(bench: OutboxBench) -> None:
    (delivery,) = bench.sign((REPORT,))
    owner = new_owner()
    assert bench.outbox.lease(delivery.id, Lease(owner, bench.clock.now))
    bench.decisions.decide(HOLD, "d1")
    assert not bench.outbox.offer(delivery.id, owner)
    bench.outbox.step(delivery.id, PENDING, "unreachable", "gone", "gone")
    assert bench.only.state is HELD
    bench.decisions.decide(CANCEL, "d1")
    assert not bench.outbox.offer(delivery.id, owner)
    with pytest.raises(DeliveryRefused):
        bench.outbox.step(delivery.id, PENDING, "unreachable")
    assert bench.only.state is CANCELLED


def test_a_hold_that_came_too_late_does_not_hide_that_the_report_arrived(bench: OutboxBench) -> None:
    (delivery,) = bench.sign((REPORT,))
    owner = new_owner()
    bench.outbox.lease(delivery.id, Lease(owner, bench.clock.now))
    assert bench.outbox.offer(delivery.id, owner)
    bench.decisions.decide(HOLD, "d1")
    bench.outbox.step(delivery.id, STORED, "stored")
    bench.outbox.step(delivery.id, SENT, "read_back")
    assert bench.only.state is SENT


def test_a_hub_that_turned_the_first_offer_away_has_nothing_of_it(bench: OutboxBench) -> None:
    (delivery,) = bench.sign((REPORT,))
    owner = new_owner()
    bench.outbox.lease(delivery.id, Lease(owner, bench.clock.now))
    bench.outbox.offer(delivery.id, owner)
    assert CANCEL not in allowed_acts((bench.only,))
    bench.outbox.take_back_offer(delivery.id, owner)
    assert CANCEL in allowed_acts((bench.only,))


@pytest.mark.parametrize(("act", "state"), [(HOLD, HELD), (CANCEL, CANCELLED), (None, PENDING)])
@pytest.mark.parametrize("has_backup", [True, False])
def test_what_was_decided_survives_the_loss_of_the_database(
    act: DeliveryAct | None, state: DeliveryState, has_backup: bool, tmp_path: Path
) -> None:
    profile = Profile(tmp_path)
    with ProfileStore.open(profile, Vault.create(profile.keys, "a passphrase", None, system_clock)) as store:
        store.drafts.save(make_draft())
        completion = make_completion()
        store.outbox.enqueue(
            DraftId("d1"), completion.request, HUB, (REPORT,), demonstration=True, completion=completion
        )
        if has_backup:
            assert store.back_up()
        if act is not None:
            store.decisions.decide(act, "d1")
    for path in tmp_path.glob("profile.db*"):
        path.unlink()
    with ProfileStore.open(profile, Vault.open(profile.keys, "a passphrase", None)) as store:
        (delivery,) = store.outbox.deliveries()
        assert delivery.state is state
        # Nobody knows what had left before: nothing of it may be called off as if it were certain.
        assert delivery.offered is (state is not CANCELLED)
        (told,) = store.completions.completions()
        assert (told.state is CompletionState.CANCELLED) is (state is CANCELLED)
        assert store.outbox.object_bytes(delivery.id) == REPORT.part10
