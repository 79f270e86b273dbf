"""Looking for sent objects again: a hub that was restored from an old backup has lost them without a word.

Each sent object is looked for about once a day, for some weeks after its arrival. Its bytes stay here for ever, so that
one that is found missing even later, by hand or by the reader, can still be sent again the same.
"""

from datetime import datetime, timedelta

from workstation.audit.events import AuditEvent, Outcome
from workstation.domain.clock import Clock
from workstation.domain.delivery import Delivery, DeliveryState, DeliveryStep, StepName
from workstation.domain.identifiers import HubName
from workstation.store.audit import AuditLog
from workstation.store.completions import repeat_completions
from workstation.store.database import Connection, Database
from workstation.store.delivery_rows import move, read_state, select_deliveries, write_step
from workstation.store.outbox import record_arrival, record_conflict, record_delivery

CHECKED_FOR = timedelta(days=30)
_LOOKED_AT = (DeliveryState.SENT, DeliveryState.CONFLICT)
# No next look is further off: what lies beyond was written by a clock that was wrong.
_LONGEST_WAIT = timedelta(days=2)


class OutboxChecks:
    """What is to be looked for again, and what was found."""

    def __init__(self, database: Database, audit: AuditLog, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    def due(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Return at most ``limit`` deliveries whose turn has come, those that wait longest first."""
        clause = (
            "WHERE check_at > 0 AND (check_at <= ? OR check_at > ?) AND state IN (?, ?) ORDER BY check_at, id LIMIT ?"
        )
        beyond = (now + _LONGEST_WAIT).timestamp()
        parameters = (now.timestamp(), beyond, *(state.value for state in _LOOKED_AT), limit)
        with self._database.read() as connection:
            return select_deliveries(connection, clause, parameters)

    def postpone(self, hub: HubName, until: datetime) -> None:
        """Leave everything on one hub alone for a while: it did not answer."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE deliveries SET check_at = max(check_at, ?) WHERE hub = ? AND check_at > 0",
                (until.timestamp(), hub),
            )

    def found_same(self, delivery: Delivery, next_check: datetime) -> None:
        """Record that the hub has given the same bytes back; a conflict that is mended thereby becomes sent."""
        now = self._clock()
        with self._database.write() as connection:
            state = read_state(connection, delivery.id)
            if state is DeliveryState.CONFLICT:
                move(connection, delivery.id, DeliveryState.SENT, DeliveryStep(now, StepName.READ_BACK), "")
                record_arrival(connection, self._audit, delivery.id, now)
            elif state is DeliveryState.SENT:
                over = (now - CHECKED_FOR).timestamp()
                connection.execute(
                    "UPDATE deliveries SET checked_at = ?, check_at = CASE WHEN sent_at <= ? THEN 0 ELSE ? END"
                    " WHERE id = ?",
                    (now.timestamp(), over, next_check.timestamp(), delivery.id),
                )

    def found_missing(self, delivery: Delivery, reason: str) -> None:
        """Have an object that the hub has no more sent again, the same bytes under the same identifier."""
        with self._database.write() as connection:
            if read_state(connection, delivery.id) in _LOOKED_AT:
                self._requeue(connection, delivery, reason)

    def found_other(self, delivery: Delivery, reason: str) -> None:
        """Record that the hub gives other bytes than were signed; nothing is overwritten."""
        with self._database.write() as connection:
            state = read_state(connection, delivery.id)
            if state in _LOOKED_AT:
                step = DeliveryStep(self._clock(), StepName.OTHER_BYTES, reason)
                move(connection, delivery.id, DeliveryState.CONFLICT, step, reason)
                record_conflict(connection, self._audit, delivery.id)

    def could_not_ask(self, delivery: Delivery, reason: str) -> None:
        """Say why a conflict that the reader wanted looked at again could not be; a sent object is asked for later."""
        with self._database.write() as connection:
            if read_state(connection, delivery.id) is DeliveryState.CONFLICT:
                write_step(connection, delivery.id, DeliveryStep(self._clock(), StepName.ATTEMPT_FAILED, reason))

    def _requeue(self, connection: Connection, delivery: Delivery, reason: str) -> None:
        step = DeliveryStep(self._clock(), StepName.LOST_BY_HUB, reason)
        move(connection, delivery.id, DeliveryState.PENDING, step, reason)
        connection.execute(
            "UPDATE deliveries SET next_attempt_at = 0, check_at = 0, attempts = 0 WHERE id = ?", (delivery.id,)
        )
        repeat_completions(connection, delivery.draft)
        record_delivery(connection, self._audit, AuditEvent.LOSS_FOUND, delivery.id, Outcome.SERIOUS_FAILURE)
