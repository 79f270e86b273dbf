"""The outbox: frozen bytes of signed objects and where each stands on its way, kept until the hub gave them back.

Signing is one transaction: bytes, deliveries, completion, the draft closed, the audit line; all of it or nothing.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from workstation.audit.events import AuditEvent
from workstation.domain.clock import Clock
from workstation.domain.delivery import (
    PUSH_ORDER,
    Completion,
    Delivery,
    DeliveryState,
    DeliveryStep,
    SignedObject,
)
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.domain.reader import Reader
from workstation.domain.report import Draft
from workstation.store.audit import AuditLog
from workstation.store.completions import insert_completion
from workstation.store.database import Connection, Database
from workstation.store.delivery_rows import insert_delivery, read_state, select_deliveries, write_step
from workstation.store.drafts import DraftStore, load_draft
from workstation.store.errors import DeliveryRefused, DraftChanged, ObjectMissing, RecordDamaged, StoreError
from workstation.store.signings import SignedCopies, Signing

_log = logging.getLogger(__name__)
_MOVING = (DeliveryState.PENDING.value, DeliveryState.STORED.value, DeliveryState.BLOCKED.value)
_FINAL = (DeliveryState.SENT, DeliveryState.CONFLICT)


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
                write_step(connection, number, DeliveryStep(self._clock(), "queued"))
            if completion is not None:
                insert_completion(connection, completion)
            self._audit.append(connection, AuditEvent.SIGNED, actor=_actor(draft.author), object=draft.study)
            deliveries = select_deliveries(connection, "WHERE draft = ? ORDER BY id", (draft_id,))
        self._keep_apart(Signing(signed_draft, request_id, hub, tuple(ordered), demonstration, completion))
        return deliveries

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

        Within one hub and study objects go one after the other; one that failed for good or is in conflict does not
        hold up the report behind it. ``force`` leaves the times of the next attempts aside.
        """
        marks = ", ".join("?" * len(_MOVING))
        clause = (
            f"WHERE state IN ({marks}) AND (next_attempt_at <= ? OR ?) AND lease_until <= ?"
            " AND NOT EXISTS (SELECT 1 FROM deliveries AS earlier WHERE earlier.hub = deliveries.hub"
            f" AND earlier.study = deliveries.study AND earlier.id < deliveries.id AND earlier.state IN ({marks}))"
            " ORDER BY id"
        )
        moment = now.timestamp()
        with self._database.read() as connection:
            return select_deliveries(connection, clause, (*_MOVING, moment, int(force), moment, *_MOVING))

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
        """Take a delivery for one attempt, and say whether it could be had; a dead owner's lease runs out."""
        with self._database.write() as connection:
            cursor = connection.execute(
                "UPDATE deliveries SET lease_owner = ?, lease_until = ?, attempts = attempts + 1"
                " WHERE id = ? AND (lease_until <= ? OR lease_owner = ?)",
                (lease.owner, lease.until.timestamp(), delivery_id, self._clock().timestamp(), lease.owner),
            )
            return cursor.rowcount == 1

    def release(self, delivery_id: int, owner: str) -> None:
        """Give a delivery back; one that somebody else holds is left alone."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE deliveries SET lease_owner = NULL, lease_until = 0 WHERE id = ? AND lease_owner = ?",
                (delivery_id, owner),
            )

    def forget_leases(self) -> None:
        """Free every delivery; for a process that knows that no other one is sending."""
        with self._database.write() as connection:
            connection.execute("UPDATE deliveries SET lease_owner = NULL, lease_until = 0 WHERE lease_until > 0")

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
    ) -> None:
        """Record what happened to a delivery and where it stands now; its arrival goes to the audit log.

        Raises
        ------
        DeliveryRefused
            When it is sent or in conflict already: only ``requeue`` leads back from there.
        """
        with self._database.write() as connection:
            current = read_state(connection, delivery_id)
            if current in _FINAL and state is not current:
                raise DeliveryRefused(f"delivery is {current.value}")
            self._move(connection, delivery_id, state, DeliveryStep(self._clock(), step, detail), reason)
            connection.execute(
                "UPDATE deliveries SET next_attempt_at = ? WHERE id = ?",
                (next_attempt_at.timestamp() if next_attempt_at else 0.0, delivery_id),
            )
            if state is DeliveryState.SENT and current is not state:
                self._record_arrival(connection, delivery_id)

    def requeue(self, delivery_id: int, step: str, detail: str = "") -> None:
        """Start again with the same bytes, because a person asked for it or the hub lost the object."""
        with self._database.write() as connection:
            read_state(connection, delivery_id)
            self._move(connection, delivery_id, DeliveryState.PENDING, DeliveryStep(self._clock(), step, detail), "")
            connection.execute("UPDATE deliveries SET next_attempt_at = 0 WHERE id = ?", (delivery_id,))

    def _move(
        self, connection: Connection, delivery_id: int, state: DeliveryState, step: DeliveryStep, reason: str
    ) -> None:
        connection.execute(
            "UPDATE deliveries SET state = ?, reason = ? WHERE id = ?", (state.value, reason, delivery_id)
        )
        write_step(connection, delivery_id, step)

    def _record_arrival(self, connection: Connection, delivery_id: int) -> None:
        (delivery,) = select_deliveries(connection, "WHERE id = ?", (delivery_id,))
        author = load_draft(connection, delivery.draft).author
        self._audit.append(
            connection, AuditEvent.SENT, actor=_actor(author), object=delivery.study, detail=delivery.role.value
        )


def _check_digest(part10: bytes, sha256: str) -> None:
    if hashlib.sha256(part10).hexdigest() != sha256:
        raise RecordDamaged("an object does not have its digest")


def _actor(author: Reader) -> str:
    return author.identifier or author.name
