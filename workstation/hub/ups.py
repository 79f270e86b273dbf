"""Requests as work items of UPS-RS: claimed atomically, answered, completed. Source: PS3.18 11, PS3.4 CC.

Giving back: see ``ups_release``.

Claiming again. The Transaction UID is kept by the caller before the claim is sent. When the answer was lost, or a case
is opened again, the hub says that the item is taken; only the holder can update it, so a successful update proves that
the claim is ours, by whatever name the hub calls its holder. The update that is tried changes nothing: the progress as
it stands. Some hubs check no transaction and take every update; one that takes it under a UID that nobody has proves
nothing, and there the name decides: where the hub states none, another may have won just now. A claim that was granted
is ours even where the hub then refuses the update that names who reads: that is logged, and the next claim names them
again.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from workstation.dicom.errors import MalformedHeader
from workstation.dicom.header import Header
from workstation.dicom.work_item import request_to_work_item, work_item_to_request
from workstation.dicom.work_item_progress import (
    cancel_wish,
    discontinuation_update,
    output_update,
    performer_update,
    progress_update,
    state_change,
)
from workstation.dicom.work_item_reading import display_name, state_of
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
    PerformerSilent,
    RequestClosed,
    StaleClaim,
)
from workstation.hub.news import HubNews
from workstation.hub.protocol import OPEN_STATES, DeclineReason
from workstation.hub.subscription import Subscription
from workstation.hub.ups_changes import HeldItems
from workstation.hub.ups_release import Release, shown, was_given_back
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
        self._held = HeldItems(items)
        self._release = Release(items, self._held, clock)

    def requests(self, states: Sequence[RequestState] = OPEN_STATES) -> tuple[Request, ...]:
        """Return the requests in the given states; what was given back appears once, in its new work item.

        Each state is a question of its own: a request that was claimed in between is in both answers, and is told as
        the later one says.
        """
        headers = [item for state in states for item in self._items.find(state.value)]
        return tuple({one.id: one for one in map(self._read, shown(headers))}.values())

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
        if request.work_item:
            self._tidy(uid, reader, transaction)

    def release(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Give the work item back; see ``ups_release``."""
        self._release.give_back(request.carrier_uid, transaction, reader)

    def decline(
        self, request: Request, reason: DeclineReason, note: str, reader: Reader, transaction: TransactionUID
    ) -> None:
        """Cancel the work item with a coded reason; who has not claimed it claims it first, as the standard asks."""
        self.claim(request, reader, transaction)
        why = discontinuation_update(reason.value, note, self._clock(), transaction)
        self._held.update(request.carrier_uid, transaction, why)
        self._held.move(request.carrier_uid, RequestState.CANCELED, transaction)

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
        self._held.update(request.carrier_uid, transaction, output_update(reader, started, ended, outputs, transaction))

    def complete(self, request: Request, transaction: TransactionUID) -> None:
        """End the work item as completed, and see that it is."""
        self._held.complete(request.carrier_uid, transaction)
        self._release.close(request.carrier_uid, transaction, is_continued=bool(request.work_item))

    def look(self, request: Request) -> Request:
        """Return one request as the hub states it now."""
        return self._read(self._items.retrieve(request.carrier_uid))

    def is_ours(self, request: Request, transaction: TransactionUID) -> bool:
        """Return true: the hub gives a work item to one holder only."""
        del request, transaction
        return True

    def report_progress(self, request: Request, transaction: TransactionUID, progress: Progress) -> None:
        """Tell how far a claimed request is."""
        self._held.update(request.carrier_uid, transaction, progress_update(progress, transaction))

    def ask_cancel(self, request: Request, reason: DeclineReason, note: str, reader: Reader) -> None:
        """Ask whoever holds the work item to cancel it; one that nobody holds is cancelled by the hub at once."""
        verdict = self._items.ask_cancel(request.carrier_uid, cancel_wish(reason.value, note, reader))
        if verdict.change is Change.DONE:
            return
        told = verdict.warning.casefold()
        for words, error in _CANCEL_REFUSALS:
            if words in told:
                raise error(verdict.warning, hub=self._hub)
        self._held.refuse(request.carrier_uid, unless=RequestState.CANCELED)

    def refuse_cancel(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Tell whoever follows the work item that its holder goes on: the standard has no other answer."""
        del reader
        self._held.update(request.carrier_uid, transaction, progress_update(CANCELLATION_DECLINED, transaction))

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
        is_named_so = (holder.name, holder.identifier) == (display_name(reader.name), reader.identifier)
        if not self._is_ours(uid, held, transaction, is_doubted=not is_named_so):
            # What an earlier release of ours left behind can be ended by this claim alone, before it is forgotten.
            self._release.finish(held, uid, transaction, reader)
            raise self._refusal(request, held)
        if self._release.was_begun(uid, transaction):
            self._release.end(uid, transaction, reader)
            raise StaleClaim("it was given back", hub=self._hub)
        if not is_named_so:
            self._name_performer(uid, reader, holder.since or self._clock(), transaction)
        self._release.finish(held, uid, transaction, reader)

    def _is_ours(self, uid: str, held: Header, transaction: TransactionUID, *, is_doubted: bool) -> bool:
        """Whether a work item is held under a transaction; a hub that does not name us its holder must check them."""
        if state_of(held) is not RequestState.IN_PROGRESS or not self._held.accepts(uid, held, transaction):
            return False
        return not is_doubted or not self._held.accepts(uid, held, TransactionUID(new_uid()))

    def _refusal(self, request: Request, item: Header) -> HubError:
        if was_given_back(item):
            return StaleClaim("it was given back", hub=self._hub)
        if request.state in CLOSED_STATES:
            return RequestClosed(f"state {request.state.value}", hub=self._hub)
        if request.state is RequestState.SCHEDULED:
            return HubAnsweredWrongly("a free work item cannot be claimed", hub=self._hub)
        holder = request.holder or Holder("")
        return AlreadyClaimed("held elsewhere", holder.name, holder.since, hub=self._hub)

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

    def _name_performer(self, uid: str, reader: Reader, since: datetime, transaction: TransactionUID) -> None:
        """Tell everyone who reads. What the hub makes of it takes nothing from a claim that it has granted."""
        try:
            change = self._items.update(uid, transaction, performer_update(reader, since, transaction))
        except HubError as error:
            _log.warning("hub %s was not told who reads: %s", self._hub, error.technical)
        else:
            if change is Change.CONFLICT:
                _log.warning("hub %s does not take the name of who reads", self._hub)

    def _tidy(self, uid: str, reader: Reader, transaction: TransactionUID) -> None:
        """End what an earlier release of ours left behind; a claim that was granted is ours whatever comes of it."""
        try:
            self._release.finish(self._items.retrieve(uid), uid, transaction, reader)
        except HubError as error:
            _log.warning("a work item that was given back may not be cancelled: %s", error.technical)
