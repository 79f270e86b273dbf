"""Requests as work items of UPS-RS: claimed atomically, answered, completed. Source: PS3.18 11, PS3.4 CC.

Giving back. The standard knows no way from IN PROGRESS back to SCHEDULED. A release therefore cancels the work item
with the reason (110528, DCM, "Discontinued Procedure Step rescheduled") and creates a new one, SCHEDULED, with
everything that was asked, whose Replaced Procedure Step Sequence names the old one; a private parameter keeps the
identity under which the request is known. The new one is created first, so that no moment exists at which the request
is lost; its UID follows from the claim, so that a repeated release creates it once.

Claiming again. The Transaction UID is kept by the caller before the claim is sent. When the answer was lost, or a case
is opened again, the hub says that the item is taken; only the holder can update it, so a successful update proves that
the claim is ours, by whatever name the hub calls its holder. The update that is tried changes nothing: the progress as
it stands. Some hubs check no transaction and take every update; one that takes it under a UID that nobody has proves
nothing, and there the name decides. A claim that was granted is ours even where the hub then refuses the update that
names who reads: that is logged, and the next claim names them again.
"""

import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from workstation.dicom.code import Code
from workstation.dicom.errors import MalformedHeader
from workstation.dicom.header import DicomJson, Header
from workstation.dicom.work_item import request_to_work_item, work_item_to_request
from workstation.dicom.work_item_progress import (
    RESCHEDULED,
    cancel_wish,
    continued,
    discontinuation_reason,
    discontinuation_update,
    output_update,
    performer_update,
    progress_update,
    replaced_uids,
    same_progress_update,
    state_change,
)
from workstation.dicom.work_item_reading import display_name
from workstation.domain.clock import Clock
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, TransactionUID, new_uid
from workstation.domain.reader import Reader
from workstation.domain.request import (
    CANCELLATION_DECLINED,
    CLOSED_STATES,
    Carrier,
    Holder,
    Progress,
    Request,
    RequestState,
)
from workstation.domain.study import InstanceReference
from workstation.hub.door import Cancelled
from workstation.hub.errors import (
    AlreadyClaimed,
    CancelRefused,
    HubAnsweredWrongly,
    HubError,
    NotOnHub,
    PerformerSilent,
    RequestClosed,
    StaleClaim,
)
from workstation.hub.news import HubNews
from workstation.hub.protocol import OPEN_STATES, DeclineReason
from workstation.hub.subscription import Subscription
from workstation.hub.work_items import Change, WorkItems

# A winner writes its name just after its claim: how often, and how long, a loser waits to read it.
NAME_TRIES = 5
NAME_WAIT_S = 0.2
# What a hub adds to a refused wish for cancellation. Source: PS3.18 11.8.3.
_CANCEL_REFUSALS: tuple[tuple[str, type[HubError]], ...] = (
    ("already completed", RequestClosed),
    ("chooses not to cancel", CancelRefused),
    ("cannot be contacted", PerformerSilent),
)
_log = logging.getLogger(__name__)


class UpsRequests:
    """The requests of a hub that offers UPS-RS."""

    carrier: ClassVar[Carrier] = Carrier.WORK_ITEM

    def __init__(
        self,
        items: WorkItems,
        subscription: Subscription,
        settings: HubSettings,
        roots: Mapping[HubName, str],
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._items = items
        self._subscription = subscription
        self._hub = settings.name
        self._roots = roots
        self._clock = clock
        self._sleep = sleep

    def requests(self, states: Sequence[RequestState] = OPEN_STATES) -> tuple[Request, ...]:
        """Return the requests in the given states; what was given back appears once, in its new work item.

        Each state is a question of its own: a request that was claimed in between is in both answers, and is told as
        the later one says.
        """
        headers = [item for state in states for item in self._items.find(state.value)]
        replaced = {uid for item in headers for uid in replaced_uids(item)}
        current = (item for item in headers if item.uid("SOPInstanceUID") not in replaced and not _was_given_back(item))
        return tuple({one.id: one for one in map(self._read, current)}.values())

    def place(self, request: Request) -> None:
        """Create the work item of a request; one that exists is left as it is."""
        self._items.create(request.carrier_uid, request_to_work_item(request, self._roots))

    def claim(self, request: Request, reader: Reader, transaction: TransactionUID) -> None:
        """Take a request and write who reads."""
        uid = request.carrier_uid
        if self._items.move(uid, state_change(RequestState.IN_PROGRESS, transaction)) is Change.CONFLICT:
            self._resume_or_refuse(uid, reader, transaction)
            return
        self._name_performer(uid, reader, self._clock(), transaction)

    def release(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Cancel the work item as rescheduled and create the one that continues it."""
        uid = request.carrier_uid
        held = self._items.retrieve(uid)
        successor = _successor(uid, transaction)
        if self._read(held).state is RequestState.CANCELED and self._exists(successor):
            return
        self._discontinue(uid, RESCHEDULED, f"{reader.name}: {RESCHEDULED.meaning}", transaction)
        self._items.create(successor, continued(held.elements, successor))
        self._move(uid, RequestState.CANCELED, transaction)

    def decline(
        self, request: Request, reason: DeclineReason, note: str, reader: Reader, transaction: TransactionUID
    ) -> None:
        """Cancel the work item with a coded reason; who has not claimed it claims it first, as the standard asks."""
        self.claim(request, reader, transaction)
        self._discontinue(request.carrier_uid, reason.value, note, transaction)
        self._move(request.carrier_uid, RequestState.CANCELED, transaction)

    def report_output(
        self,
        request: Request,
        transaction: TransactionUID,
        outputs: Sequence[InstanceReference],
        reader: Reader,
        started: datetime,
        ended: datetime,
    ) -> None:
        """Write the output and whatever a hub requires before completion."""
        self._update(request.carrier_uid, transaction, output_update(reader, started, ended, outputs, transaction))

    def complete(self, request: Request, transaction: TransactionUID) -> None:
        """End the work item as completed."""
        self._move(request.carrier_uid, RequestState.COMPLETED, transaction)

    def look(self, request: Request) -> Request:
        """Return one request as the hub states it now."""
        return self._read(self._items.retrieve(request.carrier_uid))

    def is_ours(self, request: Request, transaction: TransactionUID) -> bool:
        """Return true: the hub gives a work item to one holder only."""
        del request, transaction
        return True

    def report_progress(self, request: Request, transaction: TransactionUID, progress: Progress) -> None:
        """Tell how far a claimed request is."""
        self._update(request.carrier_uid, transaction, progress_update(progress, transaction))

    def ask_cancel(self, request: Request, reason: DeclineReason, note: str, reader: Reader) -> None:
        """Ask whoever holds the work item to cancel it; one that nobody holds is cancelled by the hub at once."""
        verdict = self._items.ask_cancel(request.carrier_uid, cancel_wish(reason.value, note, reader))
        if verdict.change is Change.DONE:
            return
        told = verdict.warning.casefold()
        for words, error in _CANCEL_REFUSALS:
            if words in told:
                raise error(verdict.warning, hub=self._hub)
        self._refuse(request.carrier_uid, unless=RequestState.CANCELED)

    def refuse_cancel(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Tell whoever follows the work item that its holder goes on: the standard has no other answer."""
        del reader
        self._update(request.carrier_uid, transaction, progress_update(CANCELLATION_DECLINED, transaction))

    def listen(self, subscriber: str, told: Callable[[HubNews], None], cancelled: Cancelled) -> None:
        """Tell what happens to any work item until ``cancelled``."""
        self._subscription.listen(subscriber, told, cancelled)

    def _read(self, item: Header) -> Request:
        try:
            return work_item_to_request(item.elements, self._hub, self._roots)
        except MalformedHeader as error:
            raise HubAnsweredWrongly("a work item without identity", hub=self._hub) from error

    def _resume_or_refuse(self, uid: str, reader: Reader, transaction: TransactionUID) -> None:
        """Find out who holds a work item that the hub did not give: perhaps we do."""
        held = self._settled(uid)
        request = self._read(held)
        holder = request.holder or Holder("")
        if request.state in CLOSED_STATES:
            raise RequestClosed(f"state {request.state.value}", hub=self._hub)
        if request.state is RequestState.SCHEDULED:
            raise HubAnsweredWrongly("a free work item cannot be claimed", hub=self._hub)
        is_named_so = (holder.name, holder.identifier) == (display_name(reader.name), reader.identifier)
        is_ours = self._accepts(uid, held, transaction) and (
            is_named_so or not holder.name or self._checks_transactions(uid, held)
        )
        if not is_ours:
            raise AlreadyClaimed("held elsewhere", holder.name, holder.since, hub=self._hub)
        if not is_named_so:
            self._name_performer(uid, reader, holder.since or self._clock(), transaction)

    def _settled(self, uid: str) -> Header:
        """Return a work item, waiting a moment for its holder's name."""
        item = self._items.retrieve(uid)
        for _ in range(NAME_TRIES - 1):
            request = self._read(item)
            if request.state is not RequestState.IN_PROGRESS or (request.holder and request.holder.name):
                break
            self._sleep(NAME_WAIT_S)
            item = self._items.retrieve(uid)
        return item

    def _accepts(self, uid: str, held: Header, transaction: TransactionUID) -> bool:
        """Whether the hub takes an update under a transaction: one that states anew how far the work is."""
        return self._items.update(uid, transaction, same_progress_update(held, transaction)) is Change.DONE

    def _checks_transactions(self, uid: str, held: Header) -> bool:
        """Whether the hub refuses an update under a transaction that nobody has."""
        return not self._accepts(uid, held, TransactionUID(new_uid()))

    def _name_performer(self, uid: str, reader: Reader, since: datetime, transaction: TransactionUID) -> None:
        """Tell everyone who reads. What the hub makes of it takes nothing from a claim that it has granted."""
        try:
            change = self._items.update(uid, transaction, performer_update(reader, since, transaction))
        except HubError as error:
            _log.warning("hub %s was not told who reads: %s", self._hub, error.technical)
        else:
            if change is Change.CONFLICT:
                _log.warning("hub %s does not take the name of who reads", self._hub)

    def _discontinue(self, uid: str, reason: Code, note: str, transaction: TransactionUID) -> None:
        self._update(uid, transaction, discontinuation_update(reason, note, self._clock(), transaction))

    def _update(self, uid: str, transaction: TransactionUID, content: DicomJson) -> None:
        if self._items.update(uid, transaction, content) is Change.CONFLICT:
            self._refuse(uid)

    def _move(self, uid: str, state: RequestState, transaction: TransactionUID) -> None:
        if self._items.move(uid, state_change(state, transaction)) is Change.CONFLICT:
            self._refuse(uid, unless=state)

    def _refuse(self, uid: str, unless: RequestState | None = None) -> None:
        """Say why a change was not accepted; a work item already in the wanted state is no reason."""
        state = self._read(self._items.retrieve(uid)).state
        if state is unless:
            return
        if state in CLOSED_STATES:
            raise RequestClosed(f"state {state.value}", hub=self._hub)
        raise StaleClaim(f"state {state.value}", hub=self._hub)

    def _exists(self, uid: str) -> bool:
        try:
            self._items.retrieve(uid)
        except NotOnHub:
            return False
        return True


def _was_given_back(item: Header) -> bool:
    return discontinuation_reason(item).text("CodeValue") == RESCHEDULED.value


def _successor(uid: str, transaction: TransactionUID) -> str:
    """Return the UID of the work item that continues ``uid``. Source: PS3.5 B.2."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{uid}/{transaction}').int}"
