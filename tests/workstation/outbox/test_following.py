"""Signed reports of a hub that left the profile: kept, told, and sent to that hub under the name it has then."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.hub_clients import client_of
from tests.workstation.hub.test_ups import REQUEST
from tests.workstation.outbox.outbox_bench import real_object
from tests.workstation.store.samples import READER, make_draft, make_object
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.delivery import Completion, CompletionState, Delivery, DeliveryState, ObjectRole, StepName
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import DraftId, HubName
from workstation.domain.request import RequestState
from workstation.domain.study import InstanceReference
from workstation.embedded_hub.running import RunningHub
from workstation.store.errors import HubAwaited, HubElsewhere, StoreError
from workstation.translations import translator

FORMER, RENAMED = HubName("hub"), HubName("chu")
REPORT = real_object()


def only(core: Core) -> Delivery:
    (delivery,) = core.store.outbox.deliveries()
    return delivery


def signed(core: Core) -> Completion:
    """Claim the request, and sign one report that answers it."""
    settings = core.store.settings
    settings.set_reader(READER)
    request = core.worklist.claim(core.worklist.find(REQUEST.id))
    draft = replace(make_draft(), request=request.id, hub=request.hub)
    core.store.drafts.save(draft)
    transaction = core.store.claims.transaction(request.key)
    assert transaction is not None
    outputs = (InstanceReference(REPORT.study, REPORT.series, REPORT.instance, REPORT.sop_class),)
    completion = Completion(draft.id, request.id, request.hub, transaction, outputs, draft.created, draft.saved)
    core.store.outbox.enqueue(draft.id, request.id, request.hub, (REPORT,), demonstration=True, completion=completion)
    return completion


def test_a_signed_report_and_its_claim_go_on_with_their_hub_under_its_new_name(tmp_path: Path) -> None:
    with (
        RunningHub(tmp_path / "hub") as hub,
        client_of(hub.url) as requester,
        open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core,
    ):
        settings = core.store.settings
        settings.add_hub(HubSettings(FORMER, hub.url))
        requester.place(REQUEST)
        completion = signed(core)
        with pytest.raises(HubAwaited) as refused:
            settings.remove_hub(FORMER)
        assert all(FORMER in translator(code).error(refused.value) for code in ("en", "fr"))

        assert settings.remove_hub(FORMER, is_abandoned=True)
        assert core.courier.deliver(force=True) == 0
        left = only(core)
        assert (left.state, left.hub) == (DeliveryState.PENDING, FORMER)
        assert left.reason == core.words.text("outbox.reason.hub_left", hub=FORMER)

        another = HubSettings(FORMER, "http://127.0.0.1:9/rs")
        with pytest.raises(HubElsewhere) as elsewhere:
            settings.add_hub(another)
        # Report, claim and what the hub must be told are of one case.
        assert (elsewhere.value.details["former"], elsewhere.value.details["count"]) == (hub.url, 1)
        settings.add_hub(HubSettings(RENAMED, f"{hub.url}/"))
        assert core.courier.deliver() == 1
        sent = only(core)
        assert (sent.state, sent.hub) == (DeliveryState.SENT, RENAMED)
        renamed = [step for step in sent.steps if step.step == StepName.HUB_RENAMED]
        assert [step.detail for step in renamed] == [f"{FORMER} → {RENAMED}"]
        # The new name was never asked for its requests; the one that is answered is known under it all the same.
        assert core.completer.complete() == 1
        (told,) = core.store.completions.completions()
        assert told == replace(
            completion, hub=RENAMED, state=CompletionState.COMPLETED, attempts=2, changed=told.changed
        )
        assert core.store.claims.claimed() == ()
        assert requester.look(REQUEST).state is RequestState.COMPLETED

        settings.add_hub(another)
        # What has arrived is looked for again, and would be sent again to a hub that does not have it.
        with pytest.raises(HubElsewhere):
            settings.add_hub(replace(another, name=RENAMED))


def test_what_is_kept_apart_of_a_report_names_its_hub_as_it_is_called_now(tmp_path: Path) -> None:
    with open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core:
        for number, name in enumerate(("waits", "conflict"), 1):
            core.store.drafts.save(make_draft(name))
            report = make_object(ObjectRole.REPORT, number)
            core.store.outbox.enqueue(DraftId(name), None, FORMER, (report,), demonstration=True)
        core.store.outbox.step(core.store.outbox.deliveries()[1].id, DeliveryState.CONFLICT, "other_bytes", "", "why")
        core.store.settings.add_hub(HubSettings(FORMER, "http://127.0.0.1:9/rs"), is_same=True)
        assert core.store.outbox_hubs.stranded() == ()
        core.store.settings.remove_hub(FORMER, is_abandoned=True)
        core.store.settings.add_hub(HubSettings(RENAMED, "http://127.0.0.1:9/rs"))
        stranded = core.store.outbox_hubs.stranded()
        with pytest.raises(StoreError):
            core.store.outbox_hubs.move(stranded[0], HubName("nowhere"))
        for one in stranded:
            core.store.outbox_hubs.move(one, RENAMED)
        moved = core.store.outbox.deliveries()
        assert [(one.hub, one.state.value, one.reason) for one in moved] == [
            (RENAMED, "pending", ""),
            (RENAMED, "conflict", "why"),
        ]
        with pytest.raises(StoreError):
            core.store.outbox_hubs.move(replace(stranded[0], hub=RENAMED), FORMER)
        kept = core.store.replay.copies.readable()
        assert {one.hub for one in kept} == {RENAMED}
