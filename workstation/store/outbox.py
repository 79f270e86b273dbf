"""The outbox: frozen bytes of signed objects and where each stands on its way; nothing in it is ever deleted.

Signing is one transaction: bytes, deliveries, completion, the draft closed, the audit line; all of it or nothing. The
bytes stay after the hub gave them back: a hub that loses them later gets the same ones again.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from workstation.audit.events import AuditEvent, Outcome
from workstation.audit.facts import facts
from workstation.domain.clock import Clock
from workstation.domain.delivery import (
    PUSH_ORDER,
    Completion,
    Delivery,
    DeliveryState,
    DeliveryStep,
    SignedObject,
    StepName,
)
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.domain.report import Draft
from workstation.store.audit import AuditLog
from workstation.store.completions import insert_completion
from workstation.store.database import Connection, Database
from workstation.store.delivery_rows import (
    insert_delivery,
    last_step,
    move,
    read_state,
    select_deliveries,
    set_state,
    write_step,
)
from workstation.store.drafts import DraftStore, load_draft
from workstation.store.errors import DeliveryRefused, DraftChanged, ObjectMissing, RecordDamaged, StoreError
from workstation.store.signings import SignedCopies, Signing

_log = logging.getLogger(__name__)
_MOVING = (DeliveryState.PENDING.value, DeliveryState.STORED.value, DeliveryState.BLOCKED.value)
_FINAL = (DeliveryState.SENT, DeliveryState.CONFLICT, DeliveryState.CANCELLED)
_ARRIVED = (DeliveryState.STORED, DeliveryState.SENT, DeliveryState.CONFLICT)
# No lease and no wait is longer: what lies further ahead was written by a clock that was wrong.
_LONGEST_WAIT = timedelta(hours=2)
FIRST_CHECK = timedelta(hours=22)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on a delivery and until when, so that two processes never send the same object at once."""

    owner: str
    until: datetime


class OutboxStore:
    """The deliveries of a profile."""

    def __init__(
        self, database: Database, drafts: DraftStore, audit: AuditLog, clock: Clock, copies: SignedCopies
    ) -> None:
        self._database = database
        self._drafts = drafts
        self._audit = audit
        self._clock = clock
        self._copies = copies

    def enqueue(
        self,
        draft_id: DraftId,
        request_id: RequestId | None,
        hub: HubName,
        objects: Sequence[SignedObject],
        *,
        demonstration: bool,
        completion: Completion | None = None,
        composed: Draft | None = None,
    ) -> tuple[Delivery, ...]:
        """Freeze the signed objects for one hub and close their draft, in one transaction.

        ``composed`` is the draft that the objects were made from: the stored one must say the same.

        Raises
        ------
        DraftMissing, DraftSigned
            When there is no such draft, or its objects are queued already.
        DraftChanged
            When something was written or drawn since ``composed``; nothing is signed then.
        RecordDamaged
            When an object does not have the digest it claims.
        StoreFull
            When there is no room: nothing is signed then.
        """
        ordered = sorted(objects, key=lambda signed: PUSH_ORDER.index(signed.role))
        for signed in ordered:
            _check_digest(signed.part10, signed.sha256)
        with self._database.write() as connection:
            draft = load_draft(connection, draft_id)
            if composed is not None and not draft.says_the_same_as(composed):
                raise DraftChanged("the stored draft is not the composed one")
            signed_draft = self._drafts.sign(connection, draft)
            for signed in ordered:
                number = insert_delivery(connection, draft_id, request_id, hub, signed, demonstration=demonstration)
                write_step(connection, number, DeliveryStep(self._clock(), StepName.QUEUED))
            if completion is not None:
                insert_completion(connection, completion)
            self._audit.append(
                connection,
                AuditEvent.SIGNED,
                actor=draft.author.acts_as,
                object=draft.study,
                detail=facts(hub=hub, request=request_id or "", objects=len(ordered)),
            )
            queued = select_deliveries(connection, "WHERE draft = ? ORDER BY id", (draft_id,))
        self._audit.anchor()
        self._keep_apart(Signing(signed_draft, request_id, hub, tuple(ordered), demonstration, completion))
        return queued

    def _keep_apart(self, signing: Signing) -> None:
        # The second safety: its failure must not take the first one away, and the next start makes it good.
        for keep in (partial(self._copies.keep, signing), partial(self._drafts.note_signed, signing.draft)):
            try:
                keep()
            except StoreError as failure:
                _log.warning("what was signed is in the database only: %s", failure.technical)

    def deliveries(self) -> tuple[Delivery, ...]:
        """Return every delivery with its steps, the oldest first."""
        with self._database.read() as connection:
            return select_deliveries(connection, "ORDER BY id")

    def delivery(self, delivery_id: int) -> Delivery:
        """Return one delivery with its steps.

        Raises
        ------
        ObjectMissing
            When there is none of that number.
        """
        with self._database.read() as connection:
            found = select_deliveries(connection, "WHERE id = ?", (delivery_id,))
        if not found:
            raise ObjectMissing("no such delivery")
        return found[0]

    def due(self, now: datetime, *, force: bool = False) -> tuple[Delivery, ...]:
        """Return what may be tried now, in order: nobody holds it and its turn has come.

        Within one hub and study objects go one after the other; one that failed for good, is in conflict, held or
        cancelled does not hold up the report behind it. ``force`` leaves the times of the next attempts aside.
        """
        marks = ", ".join("?" * len(_MOVING))
        clause = (
            f"WHERE state IN ({marks}) AND (next_attempt_at <= ? OR next_attempt_at > ? OR ?)"
            " AND (lease_until <= ? OR lease_until > ?)"
            " AND NOT EXISTS (SELECT 1 FROM deliveries AS earlier WHERE earlier.hub = deliveries.hub"
            f" AND earlier.study = deliveries.study AND earlier.id < deliveries.id AND earlier.state IN ({marks}))"
            " ORDER BY id"
        )
        moment, beyond = now.timestamp(), (now + _LONGEST_WAIT).timestamp()
        parameters = (*_MOVING, moment, beyond, int(force), moment, beyond, *_MOVING)
        with self._database.read() as connection:
            return select_deliveries(connection, clause, parameters)

    def next_attempt_at(self) -> datetime | None:
        """Return when the next delivery that still moves may be tried, or ``None`` when nothing is left to do."""
        marks = ", ".join("?" * len(_MOVING))
        query = f"SELECT min(next_attempt_at) FROM deliveries WHERE state IN ({marks})"
        with self._database.read() as connection:
            row = connection.execute(query, _MOVING).fetchone()
        if row is None or row[0] is None:
            return None
        return datetime.fromtimestamp(float(str(row[0])), tz=self._clock().tzinfo)

    def lease(self, delivery_id: int, lease: Lease) -> bool:
        """Take a delivery that moves for one attempt, and say whether it could be had; every lease runs out."""
        now = self._clock()
        marks = ", ".join("?" * len(_MOVING))
        with self._database.write() as connection:
            cursor = connection.execute(
                "UPDATE deliveries SET lease_owner = ?, lease_until = ?, attempts = attempts + 1, tried_at = ?"
                f" WHERE id = ? AND state IN ({marks}) AND (lease_until <= ? OR lease_until > ? OR lease_owner = ?)",
                (
                    lease.owner,
                    lease.until.timestamp(),
                    now.timestamp(),
                    delivery_id,
                    *_MOVING,
                    now.timestamp(),
                    (now + _LONGEST_WAIT).timestamp(),
                    lease.owner,
                ),
            )
            return cursor.rowcount == 1

    def release(self, delivery_id: int, owner: str) -> None:
        """Give a delivery back; one that somebody else holds is left alone."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE deliveries SET lease_owner = NULL, lease_until = 0 WHERE id = ? AND lease_owner = ?",
                (delivery_id, owner),
            )

    def forget_leases(self, is_dead: Callable[[str], bool]) -> None:
        """Free every delivery whose owner is known to be dead; the others' leases run out."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT DISTINCT lease_owner FROM deliveries WHERE lease_until > 0").fetchall()
        dead = [(str(row[0]),) for row in rows if is_dead(str(row[0]))]
        if dead:
            with self._database.write() as connection:
                connection.executemany(
                    "UPDATE deliveries SET lease_owner = NULL, lease_until = 0 WHERE lease_owner = ?", dead
                )

    def offer(self, delivery_id: int, owner: str) -> bool:
        """Say, before its bytes leave, that the hub may have them from now on; not to be called off any more.

        ``False`` when the owner does not hold it, or the reader has held or cancelled it meanwhile: then nothing may
        leave.
        """
        marks = ", ".join("?" * len(_MOVING))
        with self._database.write() as connection:
            cursor = connection.execute(
                f"UPDATE deliveries SET offered = 1 WHERE id = ? AND lease_owner = ? AND state IN ({marks})",
                (delivery_id, owner, *_MOVING),
            )
            return cursor.rowcount == 1

    def take_back_offer(self, delivery_id: int, owner: str) -> None:
        """Say that the hub has turned away the very first offer without looking at it: it has nothing of it."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE deliveries SET offered = 0 WHERE id = ? AND lease_owner = ?", (delivery_id, owner)
            )

    def postpone(self, hub: HubName, until: datetime, reason: str) -> None:
        """Leave everything for one hub alone for a while: it was asked for one object and did not answer."""
        marks = ", ".join("?" * len(_MOVING))
        with self._database.write() as connection:
            connection.execute(
                "UPDATE deliveries SET next_attempt_at = max(next_attempt_at, ?), reason = ?"
                f" WHERE hub = ? AND state IN ({marks})",
                (until.timestamp(), reason, hub, *_MOVING),
            )

    def object_bytes(self, delivery_id: int) -> bytes:
        """Return the frozen Part 10 bytes of a delivery, the same for ever.

        Raises
        ------
        ObjectMissing
            When there is no such delivery.
        RecordDamaged
            When the bytes do not have the digest they were signed with.
        """
        query = "SELECT part10, sha256 FROM deliveries WHERE id = ?"
        with self._database.read() as connection:
            row = connection.execute(query, (delivery_id,)).fetchone()
        if row is None or not isinstance(row[0], bytes):
            raise ObjectMissing("no such delivery")
        _check_digest(row[0], str(row[1]))
        return row[0]

    def step(
        self,
        delivery_id: int,
        state: DeliveryState,
        step: str,
        detail: str = "",
        reason: str = "",
        *,
        next_attempt_at: datetime | None = None,
        is_repeatable: bool = False,
    ) -> None:
        """Record what happened to a delivery and where it stands now; arrival and conflict go to the audit log.

        One that the reader has held meanwhile stays held, unless the hub has it. What is repeatable is kept as a step
        once, however often it happens in a row: a hub that is away all night fills no page.

        Raises
        ------
        DeliveryRefused
            When it is sent, in conflict or cancelled already: only decisions and re-verification lead on from there.
        """
        now = self._clock()
        with self._database.write() as connection:
            current = read_state(connection, delivery_id)
            if current in _FINAL and state is not current:
                raise DeliveryRefused(f"delivery is {current.value}")
            if current is DeliveryState.HELD and state not in _ARRIVED:
                state, reason = DeliveryState.HELD, ""
            if is_repeatable and state is current and last_step(connection, delivery_id) == (step, detail):
                set_state(connection, delivery_id, state, reason)
            else:
                move(connection, delivery_id, state, DeliveryStep(now, step, detail), reason)
            connection.execute(
                "UPDATE deliveries SET next_attempt_at = ? WHERE id = ?",
                (next_attempt_at.timestamp() if next_attempt_at else 0.0, delivery_id),
            )
            if state is DeliveryState.SENT and current is not state:
                record_arrival(connection, self._audit, delivery_id, now)
            if state is DeliveryState.CONFLICT and current is not state:
                record_conflict(connection, self._audit, delivery_id)
        if state is DeliveryState.SENT:
            self._audit.anchor()


def record_arrival(connection: Connection, audit: AuditLog, delivery_id: int, now: datetime) -> None:
    """Keep when a delivery arrived and when it is first looked for again, with its audit line."""
    connection.execute(
        "UPDATE deliveries SET sent_at = ?, checked_at = ?, check_at = ?, offered = 1 WHERE id = ?",
        (now.timestamp(), now.timestamp(), (now + FIRST_CHECK).timestamp(), delivery_id),
    )
    record_delivery(connection, audit, AuditEvent.SENT, delivery_id)


def record_conflict(connection: Connection, audit: AuditLog, delivery_id: int) -> None:
    """Stop looking for a delivery in conflict, with the audit line of a failure."""
    connection.execute("UPDATE deliveries SET check_at = 0 WHERE id = ?", (delivery_id,))
    record_delivery(connection, audit, AuditEvent.CONFLICT_FOUND, delivery_id, Outcome.SERIOUS_FAILURE)


def record_delivery(
    connection: Connection,
    audit: AuditLog,
    event: AuditEvent,
    delivery_id: int,
    outcome: Outcome = Outcome.SUCCESS,
) -> None:
    """Write an audit line about one delivery, in the name of the report's author."""
    (delivery,) = select_deliveries(connection, "WHERE id = ?", (delivery_id,))
    author = load_draft(connection, delivery.draft).author
    audit.append(
        connection,
        event,
        actor=author.acts_as,
        object=delivery.study,
        outcome=outcome,
        detail=facts(hub=delivery.hub, role=delivery.role.value, instance=delivery.instance),
    )


def _check_digest(part10: bytes, sha256: str) -> None:
    if hashlib.sha256(part10).hexdigest() != sha256:
        raise RecordDamaged("an object does not have its digest")
