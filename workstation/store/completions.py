"""What hubs must still be told: that a request is answered, once all its objects are sent."""

import json
from datetime import datetime

from workstation.domain.delivery import Completion, CompletionState, DeliveryState
from workstation.domain.identifiers import DraftId, HubName, RequestId, TransactionUID
from workstation.domain.study import InstanceReference
from workstation.store.database import Connection, Database, Row
from workstation.store.errors import ObjectMissing, RecordDamaged
from workstation.store.fields import Fields
from workstation.store.study_records import reference_from_fields, reference_to_object

_COLUMNS = "draft, request, hub, transaction_uid, outputs, started, ended, state, reason, attempts"


class CompletionStore:
    """The completions of a profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def completions(self) -> tuple[Completion, ...]:
        """Return every completion, the finished ones too."""
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM completions ORDER BY started, draft").fetchall()
        return tuple(_completion(row) for row in rows)

    def due(self, now: datetime, *, force: bool = False) -> tuple[Completion, ...]:
        """Return the unfinished completions whose objects are all sent and whose turn has come."""
        query = (
            f"SELECT {_COLUMNS} FROM completions WHERE state <> ? AND (next_attempt_at <= ? OR ?) AND NOT EXISTS"
            " (SELECT 1 FROM deliveries WHERE deliveries.draft = completions.draft AND deliveries.state <> ?)"
            " ORDER BY started, draft"
        )
        parameters = (CompletionState.COMPLETED.value, now.timestamp(), int(force), DeliveryState.SENT.value)
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
        """Record where a completion stands after one attempt.

        Raises
        ------
        ObjectMissing
            When there is no such completion.
        """
        with self._database.write() as connection:
            cursor = connection.execute(
                "UPDATE completions SET state = ?, reason = ?, next_attempt_at = ?, attempts = attempts + 1"
                " WHERE draft = ? AND request = ?",
                (state.value, reason, next_attempt_at.timestamp() if next_attempt_at else 0.0, draft, request),
            )
            if cursor.rowcount != 1:
                raise ObjectMissing("no such completion")


def insert_completion(connection: Connection, completion: Completion) -> None:
    """Write one completion within a transaction of the caller."""
    connection.execute(
        f"INSERT INTO completions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        ),
    )


def _completion(row: Row) -> Completion:
    draft, request, hub, transaction, outputs, started, ended, state, reason, attempts = (str(value) for value in row)
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
    )


def _outputs(text: str) -> tuple[InstanceReference, ...]:
    try:
        items = json.loads(text)
    except ValueError as error:
        raise RecordDamaged("outputs are not JSON") from error
    return tuple(reference_from_fields(Fields(item)) for item in items)
