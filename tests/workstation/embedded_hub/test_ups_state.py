from datetime import UTC, datetime

import pytest

from tests.support.work_items import PERFORMED, STATE, TRANSACTION, element, performed, work_item
from workstation.domain.request import RequestState
from workstation.embedded_hub.errors import (
    BadRequest,
    NotClaimed,
    Refusal,
    StateRefused,
    TransactionIncorrect,
    TransactionMissing,
)
from workstation.embedded_hub.ups_state import (
    EventType,
    WorkItem,
    change_state,
    create,
    request_cancel,
    update,
    value,
)

NOW = datetime(2026, 11, 22, 2, 14, tzinfo=UTC)
CLAIM = "1.2.99"


def item_in(state: str) -> WorkItem:
    """Return a work item that has legally come into ``state``."""
    item = create("1.2.3", work_item(), NOW).item
    if state == "SCHEDULED":
        return item
    item = change_state(item, wish("IN PROGRESS"), NOW).item
    if state == "IN PROGRESS":
        return item
    item = update(item, {PERFORMED: performed()}, CLAIM, NOW).item
    return change_state(item, wish(state), NOW).item


def wish(state: str, transaction: str = CLAIM) -> dict[str, object]:
    """Return the body of a change of state."""
    return {STATE: element("CS", state), TRANSACTION: element("UI", transaction)}


@pytest.mark.parametrize(
    ("present", "wanted", "result"),
    [
        ("SCHEDULED", "IN PROGRESS", "IN PROGRESS"),
        ("SCHEDULED", "COMPLETED", StateRefused),
        ("SCHEDULED", "CANCELED", StateRefused),
        ("SCHEDULED", "SCHEDULED", StateRefused),
        ("IN PROGRESS", "IN PROGRESS", StateRefused),
        ("IN PROGRESS", "COMPLETED", StateRefused),
        ("IN PROGRESS", "CANCELED", "CANCELED"),
        ("IN PROGRESS", "SCHEDULED", StateRefused),
        ("COMPLETED", "IN PROGRESS", StateRefused),
        ("COMPLETED", "COMPLETED", "COMPLETED"),
        ("COMPLETED", "CANCELED", StateRefused),
        ("CANCELED", "IN PROGRESS", StateRefused),
        ("CANCELED", "COMPLETED", StateRefused),
        ("CANCELED", "CANCELED", "CANCELED"),
    ],
)
def test_each_change_of_state_is_allowed_or_refused(
    present: str, wanted: str, result: str | type[StateRefused]
) -> None:
    item = item_in(present)
    if isinstance(result, str):
        changed = change_state(item, wish(wanted), NOW).item
        assert (changed.state, value(changed.attributes, STATE)) == (RequestState(result), result)
    else:
        with pytest.raises(result):
            change_state(item, wish(wanted), NOW)


@pytest.mark.parametrize("wanted", ["COMPLETED", "CANCELED"])
def test_the_same_final_state_again_is_a_warning(wanted: str) -> None:
    again = change_state(item_in(wanted), wish(wanted), NOW)
    assert again.warning == f"The UPS is already in the requested state of {wanted}."
    assert again.events == ()


def test_only_the_right_transaction_changes_a_claimed_item() -> None:
    item = item_in("IN PROGRESS")
    for wanted in ("COMPLETED", "CANCELED"):
        with pytest.raises(TransactionIncorrect):
            change_state(item, wish(wanted, "1.2.98"), NOW)
        with pytest.raises(TransactionMissing):
            change_state(item, {STATE: element("CS", wanted)}, NOW)
    with pytest.raises(TransactionIncorrect):
        update(item, {}, "1.2.98", NOW)
    with pytest.raises(TransactionMissing):
        update(item, {}, "", NOW)


def test_a_claim_needs_a_transaction_uid() -> None:
    item = item_in("SCHEDULED")
    with pytest.raises(TransactionMissing):
        change_state(item, {STATE: element("CS", "IN PROGRESS")}, NOW)
    with pytest.raises(TransactionIncorrect):
        change_state(item, wish("IN PROGRESS", "not a uid"), NOW)


def test_completion_needs_performer_times_and_code() -> None:
    item = item_in("IN PROGRESS")
    complete = performed()
    for tag in ("00404019", "00404035", "00404050", "00404051"):
        partial = {**complete["Value"][0]}
        del partial[tag]
        short = update(item, {PERFORMED: element("SQ", partial)}, CLAIM, NOW).item
        with pytest.raises(StateRefused):
            change_state(short, wish("COMPLETED"), NOW)
    whole = update(item, {PERFORMED: complete}, CLAIM, NOW).item
    assert change_state(whole, wish("COMPLETED"), NOW).item.state is RequestState.COMPLETED


def test_an_unclaimed_item_is_cancelled_at_once_on_request() -> None:
    reason = element("LT", "withdrawn")
    change = request_cancel(item_in("SCHEDULED"), {"00741238": reason}, NOW)
    progress = change.item.attributes["00741002"]["Value"][0]
    assert change.item.state is RequestState.CANCELED
    assert progress["00741238"] == reason
    assert progress["00404052"]["Value"] == ["20261122021400.000000+0000"]
    states = [event.attributes[STATE]["Value"][0] for event in change.events]
    assert states == ["IN PROGRESS", "CANCELED"]


def test_a_claimed_item_stays_and_its_performer_is_told_of_the_request_to_cancel() -> None:
    item = item_in("IN PROGRESS")
    change = request_cancel(item, {"00741238": element("LT", "withdrawn"), "00100020": element("LO", "no")}, NOW)
    assert change.item == item
    (event,) = change.events
    assert (event.type, set(event.attributes)) == (EventType.CANCEL_REQUESTED, {"00741238"})


def test_a_completed_item_cannot_be_asked_to_cancel() -> None:
    with pytest.raises(StateRefused):
        request_cancel(item_in("COMPLETED"), {}, NOW)
    assert request_cancel(item_in("CANCELED"), {}, NOW).warning


@pytest.mark.parametrize("state", ["COMPLETED", "CANCELED"])
def test_a_final_item_cannot_be_updated(state: str) -> None:
    with pytest.raises(StateRefused):
        update(item_in(state), {"00741204": element("LO", "x")}, CLAIM, NOW)


def test_an_unclaimed_item_takes_updates_without_transaction_only() -> None:
    item = item_in("SCHEDULED")
    with pytest.raises(NotClaimed):
        update(item, {}, CLAIM, NOW)
    change = update(item, {"00741200": element("CS", "LOW")}, "", NOW)
    assert value(change.item.attributes, "00741200") == "LOW"


@pytest.mark.parametrize("tag", [STATE, "00100010", "00100020", "00080018", "00741200", "00404041"])
def test_an_update_cannot_touch_state_identity_or_write_nonsense(tag: str) -> None:
    with pytest.raises(BadRequest):
        update(item_in("SCHEDULED"), {tag: element("LO", "9.9")}, "", NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {f"t{STATE}": element("CS", "IN PROGRESS")},
        {f"t{TRANSACTION}": element("UI", "1.2")},
        {f"t{PERFORMED}": performed()},
        {"t00741200": element("CS", "SOON")},
        {"t00741200": element("CS")},
        {"t00741204": {"vr": "LO"}},
        {"t00404005": {"vr": "DT"}},
        {"t00404041": element("CS", "MAYBE")},
    ],
)
def test_a_new_item_that_is_incomplete_or_too_far_ahead_is_refused(changes: dict[str, dict[str, object]]) -> None:
    with pytest.raises(Refusal) as caught:
        create("1.2.3", work_item(**changes), NOW)
    assert caught.value.status == 400


def test_the_transaction_never_becomes_an_attribute() -> None:
    item = item_in("IN PROGRESS")
    item = update(item, {TRANSACTION: element("UI", CLAIM)}, CLAIM, NOW).item
    assert item.transaction == CLAIM
    assert TRANSACTION not in item.attributes


def test_an_update_tells_subscribers_what_concerns_them() -> None:
    item = item_in("IN PROGRESS")
    progress = {"00741002": element("SQ", {"00741004": element("DS", "50")})}
    assert [event.type for event in update(item, progress, CLAIM, NOW).events] == [EventType.PROGRESS_REPORT]
    performers = {"00404034": element("SQ", {})}
    assert [event.type for event in update(item, performers, CLAIM, NOW).events] == [EventType.ASSIGNED]
    ready = {"00404041": element("CS", "INCOMPLETE")}
    assert [event.type for event in update(item, ready, CLAIM, NOW).events] == [EventType.STATE_REPORT]
