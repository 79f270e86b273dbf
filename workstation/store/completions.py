"""What hubs must still be told: that a request is answered, once all its objects are sent."""

import json
from datetime import datetime

from workstation.audit.events import AuditEvent
from workstation.audit.facts import facts
from workstation.domain.clock import Clock
from workstation.domain.delivery import Completion, CompletionState, DeliveryState
from workstation.domain.identifiers import DraftId, HubName, RequestId, TransactionUID
from workstation.domain.study import InstanceReference
from workstation.store.audit import AuditLog
from workstation.store.database import Connection, Database, Row
from workstation.store.drafts import load_draft
from workstation.store.errors import ObjectMissing, RecordDamaged
from workstation.store.fields import Fields
from workstation.store.study_records import reference_from_fields, reference_to_object

_COLUMNS = "draft, request, hub, transaction_uid, outputs, started, ended, state, reason, attempts, changed"


class CompletionStore:
    """The completions of a profile."""

    def __init__(self, database: Database, audit: AuditLog, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    def completions(self) -> tuple[Completion, ...]:
        """Return every completion, the finished ones too."""
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM completions ORDER BY started, draft").fetchall()
        return tuple(_completion(row) for row in rows)

    def due(self, now: datetime, *, force: bool = False) -> tuple[Completion, ...]:
        """Return the unfinished completions whose objects are all sent and whose turn has come."""
        query = (
            f"SELECT {_COLUMNS} FROM completions WHERE state NOT IN (?, ?) AND (next_attempt_at <= ? OR ?)"
            " AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.draft = completions.draft"
            " AND deliveries.state <> ?) ORDER BY started, draft"
        )
        settled = (CompletionState.COMPLETED.value, CompletionState.CANCELLED.value)
        parameters = (*settled, now.timestamp(), int(force), DeliveryState.SENT.value)
        with self._database.read() as connection:
            rows = connection.execute(query, parameters).fetchall()
        return tuple(_completion(row) for row in rows)

    def step(
        self,
        draft: DraftId,
        request: RequestId,
        state: CompletionState,
        reason: str = "",
        *,
        next_attempt_at: datetime | None = None,
    ) -> None:
        """Record where a completion stands after one attempt; that a hub took it goes to the audit log.

        Raises
        ------
        ObjectMissing
            When there is no such completion.
        """
        with self._database.write() as connection:
            cursor = connection.execute(
                "UPDATE completions SET state = ?, reason = ?, next_attempt_at = ?, attempts = attempts + 1,"
                " changed = ? WHERE draft = ? AND request = ?",
                (
                    state.value,
                    reason,
                    next_attempt_at.timestamp() if next_attempt_at else 0.0,
                    self._clock().isoformat(),
                    draft,
                    request,
                ),
            )
            if cursor.rowcount != 1:
                raise ObjectMissing("no such completion")
            if state is CompletionState.COMPLETED:
                self._record(connection, draft, request)

    def _record(self, connection: Connection, draft: DraftId, request: RequestId) -> None:
        signed = load_draft(connection, draft)
        (found,) = connection.execute(
            "SELECT hub FROM completions WHERE draft = ? AND request = ?", (draft, request)
        ).fetchall()
        self._audit.append(
            connection,
            AuditEvent.COMPLETED,
            actor=signed.author.acts_as,
            object=request,
            detail=facts(hub=str(found[0]), study=signed.study),
        )


def completion_of(connection: Connection, draft: DraftId) -> Completion | None:
    """Return what is to be told of a draft, if anything, within a transaction of the caller."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM completions WHERE draft = ?", (draft,)).fetchone()
    return None if row is None else _completion(row)


def cancel_completions(connection: Connection, draft: DraftId, now: datetime) -> None:
    """Say that a draft's request will not be completed by it, within a transaction of the caller."""
    connection.execute(
        "UPDATE completions SET state = ?, reason = '', changed = ? WHERE draft = ?",
        (CompletionState.CANCELLED.value, now.isoformat(), draft),
    )


def repeat_completions(connection: Connection, draft: DraftId) -> None:
    """Have a request that was completed told again, within a transaction of the caller."""
    connection.execute(
        "UPDATE completions SET state = ?, next_attempt_at = 0 WHERE draft = ? AND state = ?",
        (CompletionState.AGAIN.value, draft, CompletionState.COMPLETED.value),
    )


def insert_completion(connection: Connection, completion: Completion) -> None:
    """Write one completion within a transaction of the caller."""
    connection.execute(
        f"INSERT INTO completions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            completion.draft,
            completion.request,
            completion.hub,
            completion.transaction,
            json.dumps([reference_to_object(output) for output in completion.outputs]),
            completion.started.isoformat(),
            completion.ended.isoformat(),
            completion.state.value,
            completion.reason,
            completion.attempts,
            completion.changed.isoformat() if completion.changed else "",
        ),
    )


def _completion(row: Row) -> Completion:
    draft, request, hub, transaction, outputs, started, ended, state, reason, attempts, changed = map(str, row)
    return Completion(
        draft=DraftId(draft),
        request=RequestId(request),
        hub=HubName(hub),
        transaction=TransactionUID(transaction),
        outputs=_outputs(outputs),
        started=datetime.fromisoformat(started),
        ended=datetime.fromisoformat(ended),
        state=CompletionState(state),
        reason=reason,
        attempts=int(attempts),
        changed=datetime.fromisoformat(changed) if changed else None,
    )


def _outputs(text: str) -> tuple[InstanceReference, ...]:
    try:
        items = json.loads(text)
    except ValueError as error:
        raise RecordDamaged("outputs are not JSON") from error
    return tuple(reference_from_fields(Fields(item)) for item in items)
