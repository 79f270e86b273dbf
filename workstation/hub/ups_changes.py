"""Changes of a work item that its holder makes, and why one was not accepted."""

from workstation.dicom.header import DicomJson, Header
from workstation.dicom.work_item_progress import same_progress_update, state_change
from workstation.dicom.work_item_reading import state_of
from workstation.domain.identifiers import TransactionUID
from workstation.domain.request import CLOSED_STATES, RequestState
from workstation.hub.errors import HubRefused, NotOnHub, RequestClosed, StaleClaim, StillInProgress
from workstation.hub.work_items import Change, WorkItems


class HeldItems:
    """The work items of one hub as their holder changes them."""

    def __init__(self, items: WorkItems) -> None:
        self._items = items

    def update(self, uid: str, transaction: TransactionUID, content: DicomJson) -> None:
        """Update a work item.

        Raises
        ------
        StaleClaim, RequestClosed
            It is not held under ``transaction``, or has ended.
        """
        if self._items.update(uid, transaction, content) is Change.CONFLICT:
            self.refuse(uid)

    def move(self, uid: str, state: RequestState, transaction: TransactionUID) -> None:
        """Bring a work item to a state, or find it there. Raises as ``update``."""
        if self._items.move(uid, state_change(state, transaction)) is Change.CONFLICT:
            self.refuse(uid, unless=state)

    def complete(self, uid: str, transaction: TransactionUID) -> None:
        """Bring a work item to its end, and see it there. Raises as ``update``.

        Raises
        ------
        StillInProgress
            The hub said that it is completed, and states that it is not.
        """
        self.move(uid, RequestState.COMPLETED, transaction)
        try:
            now = state_of(self._items.retrieve(uid))
        except (NotOnHub, HubRefused):
            # Some hubs give no work item that has ended.
            return
        if now is RequestState.IN_PROGRESS:
            raise StillInProgress("completed in words only", hub=self._items.hub)

    def refuse(self, uid: str, unless: RequestState | None = None) -> None:
        """Say why a change was not accepted; a work item already in the wanted state is no reason."""
        state = state_of(self._items.retrieve(uid))
        if state is unless:
            return
        if state in CLOSED_STATES:
            raise RequestClosed(f"state {state.value}", hub=self._items.hub)
        raise StaleClaim(f"state {state.value}", hub=self._items.hub)

    def accepts(self, uid: str, held: Header, transaction: TransactionUID) -> bool:
        """Whether the hub takes an update under a transaction: one that states anew how far the work is."""
        return self._items.update(uid, transaction, same_progress_update(held, transaction)) is Change.DONE
