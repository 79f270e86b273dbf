"""The rules of work items, and nothing else: pure functions from one state of a work item to the next.

They know neither HTTP nor storage. The Transaction UID is kept beside the attributes, never among them, so that no
answer can give it away. Source: PS3.4 CC.1.1, CC.2.1 to CC.2.5, PS3.18 11.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Any

from workstation.domain.request import RequestState
from workstation.embedded_hub.errors import (
    BadRequest,
    NotClaimed,
    StateRefused,
    TransactionIncorrect,
    TransactionMissing,
)
from workstation.embedded_hub.received import is_uid

Attributes = dict[str, Any]

UPS_PUSH = "1.2.840.10008.5.1.4.34.6.1"
SOP_CLASS, SOP_INSTANCE, TRANSACTION, STATE = "00080016", "00080018", "00081195", "00741000"
PRIORITY, PROGRESS, PERFORMED, READINESS = "00741200", "00741002", "00741216", "00404041"
HUMAN_PERFORMERS, ACTUAL_PERFORMERS, STATION = "00404034", "00404035", "00404028"
MODIFIED, CANCELLATION_TIME = "00404010", "00404052"
CANCEL_DETAILS = ("0074100A", "0074100C", "0074100E", "00741238")
ASSIGNMENT = ("00404025", "00404026", "00404027", HUMAN_PERFORMERS)
NOT_UPDATABLE = {
    STATE: "Procedure Step State",
    "00100010": "Patient's Name",
    "00100020": "Patient ID",
    "00100030": "Patient's Birth Date",
    "00100040": "Patient's Sex",
}
REQUIRED_AT_CREATION = {
    PRIORITY: "Scheduled Procedure Step Priority",
    "00741204": "Procedure Step Label",
    "00404005": "Scheduled Procedure Step Start DateTime",
    READINESS: "Input Readiness State",
}
REQUIRED_AT_COMPLETION = {
    "00404019": "Performed Workitem Code Sequence",
    "00404050": "Performed Procedure Step Start DateTime",
    "00404051": "Performed Procedure Step End DateTime",
}
WITH_STATE_CHANGE = (PERFORMED, PROGRESS, HUMAN_PERFORMERS, ACTUAL_PERFORMERS)
FINAL = (RequestState.COMPLETED, RequestState.CANCELED)


class EventType(IntEnum):
    """What a subscriber is told. Source: PS3.4 CC.2.4."""

    STATE_REPORT = 1
    CANCEL_REQUESTED = 2
    PROGRESS_REPORT = 3
    ASSIGNED = 5


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One work item; ``transaction`` is empty until it is claimed."""

    uid: str
    state: RequestState
    transaction: str
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Event:
    """Something that subscribers are told about a work item."""

    type: EventType
    uid: str
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Change:
    """The work item after a request, what subscribers are told, and what the requester is warned of."""

    item: WorkItem
    events: tuple[Event, ...] = ()
    warning: str = ""


def create(uid: str, attributes: Mapping[str, Any], now: datetime) -> Change:
    """Return a new work item.

    Raises
    ------
    BadRequest
        A required attribute is missing, or one is given that a new work item cannot have.
    """
    state = value(attributes, STATE)
    if state not in ("", RequestState.SCHEDULED):
        raise BadRequest("A work item is created in the state SCHEDULED.")
    if value(attributes, TRANSACTION):
        raise BadRequest("A work item is created without a Transaction UID.")
    if attributes.get(PERFORMED, {}).get("Value"):
        raise BadRequest("A work item is created without a performed procedure.")
    missing = [name for tag, name in REQUIRED_AT_CREATION.items() if value(attributes, tag) == ""]
    if missing:
        raise BadRequest(f"The work item lacks {', '.join(missing)}.")
    _check_coded_values(attributes)
    complete = {tag: content for tag, content in attributes.items() if tag != TRANSACTION}
    complete[SOP_CLASS] = _text("UI", UPS_PUSH)
    complete[SOP_INSTANCE] = _text("UI", uid)
    item = _with_state(WorkItem(uid, RequestState.SCHEDULED, "", complete), RequestState.SCHEDULED, now)
    return Change(item, (state_report(item), *_assigned(item, complete)))


def change_state(item: WorkItem, body: Mapping[str, Any], now: datetime) -> Change:
    """Claim, complete or cancel a work item; the performers may come along.

    Raises
    ------
    BadRequest
        The state is none, or the Transaction UID is missing or incorrect.
    StateRefused
        The present state does not lead there, or the requirements of the final state are not met.
    """
    wanted, transaction = _wanted_state(body), value(body, TRANSACTION)
    if wanted is RequestState.SCHEDULED:
        raise StateRefused("A work item does not return to the state SCHEDULED.")
    if wanted is RequestState.IN_PROGRESS:
        return _claim(item, transaction, body, now)
    if item.state is RequestState.SCHEDULED:
        raise StateRefused("A work item that nobody has claimed cannot be completed or cancelled in this way.")
    _check_transaction(item, transaction)
    if item.state is wanted:
        return Change(item, warning=f"The UPS is already in the requested state of {wanted.value}.")
    if item.state in FINAL:
        raise StateRefused("The work item is already in a final state.")
    item = _with_performers(item, body)
    if wanted is RequestState.COMPLETED:
        _check_completion(item.attributes)
    else:
        item = replace(item, attributes=_cancelled(item.attributes, {}, now))
    item = _with_state(item, wanted, now)
    return Change(item, (state_report(item),))


def update(item: WorkItem, changes: Mapping[str, Any], transaction: str, now: datetime) -> Change:
    """Replace attributes; whole sequences at a time.

    Raises
    ------
    BadRequest
        An attribute cannot be updated, or the Transaction UID is missing or incorrect.
    StateRefused
        The work item is in a final state.
    NotClaimed
        A Transaction UID is given and nobody has claimed the work item.
    """
    if item.state in FINAL:
        raise StateRefused("A work item in a final state cannot be changed.")
    if item.state is RequestState.SCHEDULED and transaction:
        raise NotClaimed(NotClaimed.warning)
    if item.state is RequestState.IN_PROGRESS:
        _check_transaction(item, transaction)
    refused = [name for tag, name in NOT_UPDATABLE.items() if tag in changes]
    if refused:
        raise BadRequest(f"An update cannot hold {', '.join(refused)}.")
    if value(changes, SOP_INSTANCE) not in ("", item.uid):
        raise BadRequest("An update cannot change the SOP Instance UID.")
    _check_coded_values(changes)
    kept = {tag: content for tag, content in changes.items() if tag not in (TRANSACTION, SOP_CLASS, SOP_INSTANCE)}
    updated = replace(item, attributes=_stamped({**item.attributes, **kept}, now))
    return Change(updated, _events_of_update(updated, kept))


def request_cancel(item: WorkItem, body: Mapping[str, Any], now: datetime) -> Change:
    """Ask for the cancellation: done at once where nobody has claimed the work item, else passed on to its performer.

    Raises
    ------
    StateRefused
        The work item is completed.
    """
    if item.state is RequestState.CANCELED:
        return Change(item, warning="The UPS is already in the requested state of CANCELED.")
    if item.state is RequestState.COMPLETED:
        raise StateRefused("The UPS is already COMPLETED.")
    details = {tag: body[tag] for tag in CANCEL_DETAILS if tag in body}
    if item.state is RequestState.IN_PROGRESS:
        return Change(item, (Event(EventType.CANCEL_REQUESTED, item.uid, details),))
    begun = _with_state(item, RequestState.IN_PROGRESS, now)
    cancelled = replace(begun, attributes=_cancelled(begun.attributes, details, now))
    ended = _with_state(cancelled, RequestState.CANCELED, now)
    return Change(ended, (state_report(begun), state_report(ended)))


def state_report(item: WorkItem) -> Event:
    """Return what subscribers are told about the state. Source: PS3.4 CC.2.4.3."""
    told: Attributes = {STATE: _text("CS", item.state.value)}
    if READINESS in item.attributes:
        told[READINESS] = item.attributes[READINESS]
    if item.state is RequestState.CANCELED:
        progress = _first_item(item.attributes, PROGRESS)
        told |= {tag: progress[tag] for tag in CANCEL_DETAILS if tag in progress}
    return Event(EventType.STATE_REPORT, item.uid, told)


def value(attributes: Mapping[str, Any], tag: str) -> str:
    """Return the first value of an attribute as text; empty where there is none."""
    values = attributes.get(tag, {}).get("Value") or [""]
    return values[0].strip() if isinstance(values[0], str) else str(values[0] or "")


def _claim(item: WorkItem, transaction: str, body: Mapping[str, Any], now: datetime) -> Change:
    if not transaction:
        raise TransactionMissing(TransactionMissing.warning)
    if not is_uid(transaction):
        raise TransactionIncorrect(TransactionIncorrect.warning)
    if item.state is not RequestState.SCHEDULED:
        raise StateRefused(f"The work item is {item.state.value}.")
    claimed = replace(_with_performers(item, body), transaction=transaction)
    claimed = _with_state(claimed, RequestState.IN_PROGRESS, now)
    return Change(claimed, (state_report(claimed), *_assigned(claimed, body)))


def _wanted_state(body: Mapping[str, Any]) -> RequestState:
    try:
        return RequestState(value(body, STATE))
    except ValueError as error:
        raise BadRequest("Procedure Step State must be IN PROGRESS, COMPLETED or CANCELED.") from error


def _check_transaction(item: WorkItem, transaction: str) -> None:
    if not transaction:
        raise TransactionMissing(TransactionMissing.warning)
    if transaction != item.transaction:
        raise TransactionIncorrect(TransactionIncorrect.warning)


def _check_coded_values(attributes: Mapping[str, Any]) -> None:
    if value(attributes, PRIORITY) not in ("", "HIGH", "MEDIUM", "LOW"):
        raise BadRequest("Scheduled Procedure Step Priority must be HIGH, MEDIUM or LOW.")
    if value(attributes, READINESS) not in ("", "INCOMPLETE", "UNAVAILABLE", "READY"):
        raise BadRequest("Input Readiness State must be INCOMPLETE, UNAVAILABLE or READY.")


def _check_completion(attributes: Mapping[str, Any]) -> None:
    """Refuse the completion where its requirements are not met. Source: PS3.4 CC.2.5.1.2, Table CC.2.5-3."""
    performed = _first_item(attributes, PERFORMED)
    missing = [name for tag, name in REQUIRED_AT_COMPLETION.items() if not value(performed, tag)]
    if not value(performed, ACTUAL_PERFORMERS) and not value(performed, STATION):
        missing.append("Actual Human Performers Sequence")
    if missing:
        raise StateRefused(f"The requirements of the state COMPLETED are not met: {', '.join(missing)} missing.")


def _with_performers(item: WorkItem, body: Mapping[str, Any]) -> WorkItem:
    """Take over who performs, where a change of state says it; actual performers go into the performed procedure."""
    attributes = {**item.attributes, **{tag: body[tag] for tag in WITH_STATE_CHANGE if tag in body}}
    actual = attributes.pop(ACTUAL_PERFORMERS, None)
    if actual is not None:
        attributes[PERFORMED] = _sequence({**_first_item(attributes, PERFORMED), ACTUAL_PERFORMERS: actual})
    return replace(item, attributes=attributes)


def _with_state(item: WorkItem, state: RequestState, now: datetime) -> WorkItem:
    attributes = {**item.attributes, STATE: _text("CS", state.value)}
    return replace(item, state=state, attributes=_stamped(attributes, now))


def _cancelled(attributes: Attributes, details: Attributes, now: datetime) -> Attributes:
    progress = {CANCELLATION_TIME: _text("DT", moment(now)), **_first_item(attributes, PROGRESS), **details}
    return {**attributes, PROGRESS: _sequence(progress)}


def _events_of_update(item: WorkItem, changes: Mapping[str, Any]) -> tuple[Event, ...]:
    events: list[Event] = []
    if READINESS in changes:
        events.append(state_report(item))
    if PROGRESS in changes:
        events.append(Event(EventType.PROGRESS_REPORT, item.uid, {PROGRESS: changes[PROGRESS]}))
    return (*events, *_assigned(item, changes))


def _assigned(item: WorkItem, changes: Mapping[str, Any]) -> tuple[Event, ...]:
    told = {tag: changes[tag] for tag in ASSIGNMENT if changes.get(tag, {}).get("Value")}
    return (Event(EventType.ASSIGNED, item.uid, told),) if told else ()


def _stamped(attributes: Attributes, now: datetime) -> Attributes:
    return dict(sorted({**attributes, MODIFIED: _text("DT", moment(now))}.items()))


def moment(now: datetime) -> str:
    """Return a time as a DT value with its zone. Source: PS3.5 6.2."""
    return now.strftime("%Y%m%d%H%M%S.%f%z")


def _first_item(attributes: Mapping[str, Any], tag: str) -> Attributes:
    items = attributes.get(tag, {}).get("Value") or [{}]
    return items[0] if isinstance(items[0], dict) else {}


def _sequence(item: Attributes) -> Attributes:
    return {"vr": "SQ", "Value": [dict(sorted(item.items()))]}


def _text(vr: str, content: str) -> Attributes:
    return {"vr": vr, "Value": [content]}
