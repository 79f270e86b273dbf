"""Deliveries as rows: reading them with their steps, and writing one step."""

from collections.abc import Sequence
from datetime import UTC, datetime

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.delivery import (
    SETTLED,
    SETTLED_COMPLETIONS,
    Delivery,
    DeliveryState,
    DeliveryStep,
    ObjectRole,
    SignedObject,
)
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.store.database import Connection, Row, Value
from workstation.store.errors import ObjectMissing

_COLUMNS = (
    "id, draft, request, hub, role, study, series, instance, sop_class, sha256, demonstration, state, reason, attempts,"
    " offered, checked_at, tried_at"
)


def select_deliveries(connection: Connection, clause: str, parameters: Sequence[Value] = ()) -> tuple[Delivery, ...]:
    """Return the deliveries that ``clause`` selects, each with its steps."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM deliveries {clause}", parameters).fetchall()
    steps: dict[Value, list[DeliveryStep]] = {}
    within = f"SELECT id FROM deliveries {clause}"
    query = f"SELECT delivery, at, step, detail FROM delivery_steps WHERE delivery IN ({within})"
    for number, at, step, detail in connection.execute(f"{query} ORDER BY id", parameters).fetchall():
        found = DeliveryStep(datetime.fromisoformat(str(at)), str(step), str(detail))
        steps.setdefault(number, []).append(found)
    return tuple(_delivery(row, tuple(steps.get(row[0], ()))) for row in rows)


def insert_delivery(
    connection: Connection,
    draft: DraftId,
    request: RequestId | None,
    hub: HubName,
    signed: SignedObject,
    *,
    demonstration: bool,
    state: DeliveryState = DeliveryState.PENDING,
) -> int:
    """Write one new delivery and return its number."""
    cursor = connection.execute(
        "INSERT INTO deliveries (draft, request, hub, role, study, series, instance, sop_class, sha256, demonstration,"
        " part10, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft,
            request,
            hub,
            signed.role.value,
            signed.study,
            signed.series,
            signed.instance,
            signed.sop_class,
            signed.sha256,
            int(demonstration),
            signed.part10,
            state.value,
        ),
    )
    return cursor.lastrowid


def write_step(connection: Connection, delivery_id: int, step: DeliveryStep) -> None:
    """Append one step; steps are never changed."""
    connection.execute(
        "INSERT INTO delivery_steps (delivery, at, step, detail) VALUES (?, ?, ?, ?)",
        (delivery_id, step.at.isoformat(), step.step, step.detail),
    )


def move(connection: Connection, delivery_id: int, state: DeliveryState, step: DeliveryStep, reason: str) -> None:
    """Say where a delivery stands now, with the step that brought it there."""
    set_state(connection, delivery_id, state, reason)
    write_step(connection, delivery_id, step)


def set_state(connection: Connection, delivery_id: int, state: DeliveryState, reason: str) -> None:
    """Say where a delivery stands now; without a step, only when the last one still tells why."""
    connection.execute("UPDATE deliveries SET state = ?, reason = ? WHERE id = ?", (state.value, reason, delivery_id))


def last_step(connection: Connection, delivery_id: int) -> tuple[str, str]:
    """Return name and detail of the last step of a delivery."""
    query = "SELECT step, detail FROM delivery_steps WHERE delivery = ? ORDER BY id DESC LIMIT 1"
    row = connection.execute(query, (delivery_id,)).fetchone()
    return ("", "") if row is None else (str(row[0]), str(row[1]))


def read_state(connection: Connection, delivery_id: int) -> DeliveryState:
    """Return where a delivery stands.

    Raises
    ------
    ObjectMissing
        When there is none of that number.
    """
    row = connection.execute("SELECT state FROM deliveries WHERE id = ?", (delivery_id,)).fetchone()
    if row is None:
        raise ObjectMissing("no such delivery")
    return DeliveryState(str(row[0]))


def count_awaited(connection: Connection, hub: HubName) -> int:
    """Return how many reports have not arrived at a hub, or are not told there as the answer to their request."""
    query = (
        "SELECT count(*) FROM (SELECT draft FROM deliveries WHERE hub = ? AND state NOT IN (?, ?)"
        " UNION SELECT draft FROM completions WHERE hub = ? AND state NOT IN (?, ?))"
    )
    (found,) = connection.execute(
        query, (hub, *(one.value for one in SETTLED), hub, *(one.value for one in SETTLED_COMPLETIONS))
    ).fetchall()
    return int(str(found[0]))


def _delivery(row: Row, steps: tuple[DeliveryStep, ...]) -> Delivery:
    request = row[2]
    number, draft, _, hub, role, study, series, instance, sop_class, sha256, demonstration, state, reason, attempts = (
        str(value) for value in row[:14]
    )
    return Delivery(
        id=int(number),
        draft=DraftId(draft),
        request=None if request is None else RequestId(str(request)),
        hub=HubName(hub),
        role=ObjectRole(role),
        study=StudyUID(study),
        series=SeriesUID(series),
        instance=InstanceUID(instance),
        sop_class=sop_class,
        sha256=sha256,
        demonstration=demonstration == "1",
        state=DeliveryState(state),
        reason=reason,
        attempts=int(attempts),
        steps=steps,
        offered=row[14] == 1,
        checked_at=_moment(row[15]),
        tried_at=_moment(row[16]),
    )


def _moment(value: Value) -> datetime | None:
    seconds = float(str(value))
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None
