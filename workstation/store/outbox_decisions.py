"""What the reader decides about signed reports: try now, keep back, let go, never send. Each with step and audit line.

Nothing is deleted: a cancelled report stays with its bytes, and its words and marks go into a new draft.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import uuid4

from workstation.audit.events import AuditEvent
from workstation.audit.facts import facts
from workstation.domain.clock import Clock
from workstation.domain.delivery import Delivery, DeliveryState, DeliveryStep, StepName
from workstation.domain.delivery_acts import RETRIABLE, WAITING, DeliveryAct, allowed_acts
from workstation.domain.identifiers import DraftId
from workstation.domain.report import Draft
from workstation.store.audit import AuditLog
from workstation.store.completions import cancel_completions
from workstation.store.database import Connection, Database
from workstation.store.delivery_rows import move, select_deliveries
from workstation.store.drafts import DraftStore, load_draft
from workstation.store.errors import (
    CancelTooLate,
    NoSuchDelivery,
    NothingToForce,
    NothingToHold,
    NothingToRelease,
    StoreError,
)
from workstation.store.signing_rows import read_signing
from workstation.store.signings import SignedCopies, Signing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decided:
    """A report after a decision. ``draft`` is the new draft that a cancellation has opened, where there was none."""

    deliveries: tuple[Delivery, ...]
    draft: Draft | None = None


class OutboxDecisions:
    """Decisions about whole reports; ``named`` is a SOP Instance UID of one of its objects, or its draft."""

    def __init__(
        self,
        database: Database,
        drafts: DraftStore,
        audit: AuditLog,
        clock: Clock,
        copies: SignedCopies,
        actor: Callable[[], str],
        new_id: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        self._database = database
        self._drafts = drafts
        self._audit = audit
        self._clock = clock
        self._copies = copies
        self._actor = actor
        self._new_id = new_id

    def decide(self, act: DeliveryAct, named: str) -> Decided:
        """Carry out one act.

        Raises
        ------
        NoSuchDelivery
            Nothing signed has that name.
        NothingToForce, NothingToHold, NothingToRelease, CancelTooLate
            The act makes no sense any more; nothing is changed.
        """
        actor, rule = self._actor(), _RULES[act]
        with self._database.write() as connection:
            report = _report(connection, named)
            if act not in allowed_acts(report):
                raise rule.refusal(f"{act.value} refused")
            draft = rule.work(self, connection, report)
            self._audit.append(
                connection,
                rule.event,
                actor=actor,
                object=report[0].study,
                detail=facts(hub=report[0].hub, draft=report[0].draft, request=report[0].request or ""),
            )
            decided = Decided(_report(connection, named), draft)
            signing = read_signing(connection, report[0].draft)
        self._keep_apart(signing)
        return decided

    def _keep_apart(self, signing: Signing) -> None:
        """Have the copy outside the database say what was decided: a lost database must not send what was cancelled."""
        try:
            self._copies.keep(signing)
        except StoreError as failure:
            _log.warning("what was decided is in the database only: %s", failure.technical)

    def _force(self, connection: Connection, report: tuple[Delivery, ...]) -> None:
        for one in report:
            if one.state in RETRIABLE:
                # What is in conflict is only read back again; what the hub has is never sent over it.
                is_conflict = one.state is DeliveryState.CONFLICT
                state = DeliveryState.PENDING if one.state is DeliveryState.FAILED else one.state
                self._move(connection, one, state, StepName.FORCED, one.reason if is_conflict else "")
                connection.execute(
                    "UPDATE deliveries SET next_attempt_at = 0, check_at = ? WHERE id = ?", (int(is_conflict), one.id)
                )

    def _hold(self, connection: Connection, report: tuple[Delivery, ...]) -> None:
        for one in report:
            if one.state in WAITING:
                self._move(connection, one, DeliveryState.HELD, StepName.HELD)

    def _release(self, connection: Connection, report: tuple[Delivery, ...]) -> None:
        for one in report:
            if one.state is DeliveryState.HELD:
                self._move(connection, one, DeliveryState.PENDING, StepName.RELEASED)
                connection.execute("UPDATE deliveries SET next_attempt_at = 0 WHERE id = ?", (one.id,))

    def _cancel(self, connection: Connection, report: tuple[Delivery, ...]) -> Draft | None:
        for one in report:
            self._move(connection, one, DeliveryState.CANCELLED, StepName.CANCELLED)
            connection.execute("UPDATE deliveries SET check_at = 0 WHERE id = ?", (one.id,))
        cancel_completions(connection, report[0].draft, self._clock())
        signed = load_draft(connection, report[0].draft)
        draft, failure = self._drafts.reopen(connection, signed, DraftId(self._new_id()), self._clock())
        if failure is not None:
            _log.warning("the journal did not take a draft that was opened again")
        return draft

    def _move(
        self, connection: Connection, one: Delivery, state: DeliveryState, step: StepName, reason: str = ""
    ) -> None:
        move(connection, one.id, state, DeliveryStep(self._clock(), step), reason)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What an act does, how the audit log calls it, and why it is refused."""

    work: Callable[[OutboxDecisions, Connection, tuple[Delivery, ...]], Draft | None]
    event: AuditEvent
    refusal: type[StoreError]


_RULES: Mapping[DeliveryAct, _Rule] = MappingProxyType(
    {
        DeliveryAct.FORCE: _Rule(OutboxDecisions._force, AuditEvent.SENDING_FORCED, NothingToForce),
        DeliveryAct.HOLD: _Rule(OutboxDecisions._hold, AuditEvent.SENDING_HELD, NothingToHold),
        DeliveryAct.RELEASE: _Rule(OutboxDecisions._release, AuditEvent.SENDING_RELEASED, NothingToRelease),
        DeliveryAct.CANCEL: _Rule(OutboxDecisions._cancel, AuditEvent.SENDING_CANCELLED, CancelTooLate),
    }
)


def _report(connection: Connection, named: str) -> tuple[Delivery, ...]:
    """Return the deliveries of the report that ``named`` belongs to."""
    clause = "WHERE draft = ? OR draft IN (SELECT draft FROM deliveries WHERE instance = ?) ORDER BY id"
    found = select_deliveries(connection, clause, (named, named))
    if not found:
        raise NoSuchDelivery("nothing signed has that name")
    return found
