"""Giving a work item back: no order of events may lose the request, and none leave two readers at it unseen.

The standard knows no way from IN PROGRESS back to SCHEDULED. A release creates a new work item, the successor, with
everything that was asked; its Replaced Procedure Step Sequence names the old one, and a private parameter keeps the
identity under which the request is known. Then it states the reason (110528, DCM, "Discontinued Procedure Step
rescheduled") in the old one and cancels it. The UID of the successor follows from the old one's and from the claim:
a release that is repeated creates it once, and only the holder can know whether it began one.

The successor is created first. Where the hub refuses that, nothing has changed: the holder still holds the request,
and everybody sees that. What may happen afterwards:

- The successor is there, the old item is not cancelled yet: both live. The successor is shown, free, and the old one is
  not: a request whose holder wished to give it back must not wait for a line to come back, and being read twice is the
  lesser harm. Anybody may claim the successor. The release only goes forward from here.
- The holder repeats the release, by the old item or by the successor, whoever has taken that meanwhile: the old item is
  cancelled. So it is when the holder tries to open the old item again (which is refused: it was given back), and when
  the holder claims the successor, or finds it taken or closed; only then may the claim be forgotten.
- The holder answers the old item all the same, in a case that was still open: when it is completed, the successor is
  cancelled where nobody has it; else its reader is asked to cancel.
- The answer to the cancellation is lost: the repetition finds the item cancelled and its successor there.
- The holder never comes back: the request goes on in its successor. When that has ended, the old item is listed as
  held, by whom and since when, until its holder opens it.

An item is hidden where its successor is listed, or where it is cancelled as rescheduled; never for its reason alone.
"""

import logging
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from workstation.dicom.header import Header
from workstation.dicom.work_item_progress import (
    RESCHEDULED,
    cancel_wish,
    continued,
    discontinuation_reason,
    discontinuation_update,
    replaced_uids,
)
from workstation.dicom.work_item_reading import state_of
from workstation.domain.clock import Clock
from workstation.domain.identifiers import TransactionUID
from workstation.domain.reader import Reader
from workstation.domain.request import RequestState
from workstation.hub.errors import HubError, HubUnreachable, TransferCut
from workstation.hub.health import is_illness
from workstation.hub.protocol import DeclineReason
from workstation.hub.ups_changes import HeldItems
from workstation.hub.work_items import Change, WorkItems

_log = logging.getLogger(__name__)
# Who speaks where a request is answered: the completion has no person at hand.
_WORKSTATION: Final = Reader("Requis", "", "")


class Release:
    """Gives work items of one hub back, and brings to an end what was interrupted."""

    def __init__(self, items: WorkItems, held: HeldItems, clock: Clock) -> None:
        self._items = items
        self._held = held
        self._clock = clock

    def give_back(self, uid: str, transaction: TransactionUID, reader: Reader) -> None:
        """Create the successor of a work item and cancel it, or bring to an end the release that began with it.

        Raises
        ------
        StaleClaim, RequestClosed
            It is not held under ``transaction``, or has ended.
        """
        item = self._items.retrieve(uid)
        state, successor = state_of(item), _successor(uid, transaction)
        if state is RequestState.CANCELED and self._is_there(successor):
            return
        if state is RequestState.IN_PROGRESS and self._held.accepts(uid, item, transaction):
            self._items.create(successor, continued(item.elements, successor))
            self._end(uid, transaction, reader)
        elif not _begun(item, uid, transaction):
            self._held.refuse(uid)
        self._end_begun(item, uid, transaction, reader)

    def was_begun(self, uid: str, transaction: TransactionUID) -> bool:
        """Whether a work item that is held under ``transaction`` has a successor already."""
        return self._is_there(_successor(uid, transaction))

    def finish(self, item: Header, uid: str, transaction: TransactionUID, reader: Reader) -> None:
        """Cancel what the release that created ``item`` left uncancelled; what the hub refuses of it is logged.

        Raises
        ------
        HubError
            The hub does not answer, or not as one that is well: the claim must be kept.
        """
        with _refusals_logged():
            self._end_begun(item, uid, transaction, reader)

    def end(self, uid: str, transaction: TransactionUID, reader: Reader) -> None:
        """Cancel a work item whose successor is there. Errors as ``finish``."""
        with _refusals_logged():
            self._end(uid, transaction, reader)

    def close(self, uid: str, transaction: TransactionUID, *, is_continued: bool) -> None:
        """Bring to an end what interrupted releases left beside a work item that is answered now. Errors as ``finish``.

        ``is_continued`` is whether it may be a successor itself.
        """
        if is_continued:
            with _refusals_logged():
                self._end_begun(self._items.retrieve(uid), uid, transaction, _WORKSTATION)
        successor = _successor(uid, transaction)
        if self._is_there(successor):
            self._withdraw(successor)

    def _withdraw(self, uid: str) -> None:
        wish = cancel_wish(DeclineReason.DUPLICATE.value, "", _WORKSTATION)
        with _refusals_logged():
            if self._items.ask_cancel(uid, wish).change is Change.CONFLICT:
                self._held.refuse(uid, unless=RequestState.CANCELED)

    def _end_begun(self, item: Header, uid: str, transaction: TransactionUID, reader: Reader) -> None:
        for old in _begun(item, uid, transaction):
            if state_of(self._items.retrieve(old)) is RequestState.IN_PROGRESS:
                self._end(old, transaction, reader)

    def _end(self, uid: str, transaction: TransactionUID, reader: Reader) -> None:
        note = f"{reader.name}: {RESCHEDULED.meaning}"
        why = discontinuation_update(RESCHEDULED, note, self._clock(), transaction)
        if self._items.update(uid, transaction, why) is Change.CONFLICT:
            # The successor is there: what matters is that the old one ends, and the next step says whether it does.
            _log.warning("hub %s does not take the reason for a release", self._items.hub)
        self._held.move(uid, RequestState.CANCELED, transaction)

    def _is_there(self, uid: str) -> bool:
        """Whether the hub has a work item; one that refuses to say has none."""
        try:
            self._items.retrieve(uid)
        except (HubUnreachable, TransferCut):
            raise
        except HubError:
            return False
        return True


@contextmanager
def _refusals_logged() -> Iterator[None]:
    """Go on where the hub refuses what is done inside; raise where it is not well."""
    try:
        yield
    except HubError as error:
        if is_illness(error):
            raise
        _log.warning("what a release left behind stays: %s", error.technical)


def shown(items: Sequence[Header]) -> Iterator[Header]:
    """Yield the work items that stand for a request: not those that go on in another one."""
    replaced = {uid for item in items for uid in replaced_uids(item)}
    return (item for item in items if item.uid("SOPInstanceUID") not in replaced and not was_given_back(item))


def was_given_back(item: Header) -> bool:
    """Whether a work item was cancelled as rescheduled: the request goes on in another one."""
    is_rescheduled = discontinuation_reason(item).text("CodeValue") == RESCHEDULED.value
    return is_rescheduled and state_of(item) is RequestState.CANCELED


def _begun(item: Header, uid: str, transaction: TransactionUID) -> tuple[str, ...]:
    """Return the work items whose release, by the holder under ``transaction``, created ``item``."""
    return tuple(old for old in replaced_uids(item) if _successor(old, transaction) == uid)


def _successor(uid: str, transaction: TransactionUID) -> str:
    """Return the UID of the work item that continues ``uid``. Source: PS3.5 B.2."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{uid}/{transaction}').int}"
