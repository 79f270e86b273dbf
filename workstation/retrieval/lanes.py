"""Objects asked for one by one, several at the same time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from workstation.domain.study import InstanceReference
from workstation.errors import WorkstationError
from workstation.hub.errors import HubAnsweredWrongly, TransferCut
from workstation.retrieval.patience import MOST_RETRIES, Patience, retries_after
from workstation.retrieval.ports import Cancelled

Take = Callable[[], InstanceReference | None]
Ask = Callable[[InstanceReference], None]
Refuse = Callable[[InstanceReference, WorkstationError], None]


class Lanes:
    """Fetches what ``take`` gives out: ``ask`` fetches one object, ``refuse`` notes one that did not come."""

    def __init__(self, take: Take, ask: Ask, refuse: Refuse, patience: Patience, cancelled: Cancelled) -> None:
        self._take = take
        self._ask = ask
        self._refuse = refuse
        self._patience = patience
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._failures = 0
        self._is_stopped = False

    def run(self, parallel: int) -> None:
        """Fetch everything; the first object alone, so that nothing takes bandwidth from what the reader waits for.

        Raises
        ------
        WorkstationError
            The first failure that asking again does not mend, or one too many in a row.
        """
        if not self._next():
            return
        with ThreadPoolExecutor(parallel, "asking") as executor:
            lanes = [executor.submit(self._lane) for _ in range(parallel)]
        for lane in lanes:
            lane.result()

    def _lane(self) -> None:
        is_done = False
        try:
            while not self._is_stopped and self._next():
                pass
            is_done = True
        finally:
            self._is_stopped = self._is_stopped or not is_done

    def _next(self) -> bool:
        """Fetch the next object; false when there is none."""
        reference = self._take()
        if reference is None:
            return False
        try:
            self._ask(reference)
        except (TransferCut, HubAnsweredWrongly) as error:
            with self._lock:
                self._failures += 1
                failures = self._failures
            if retries_after(error) == 0 or failures > MOST_RETRIES:
                raise
            self._refuse(reference, error)
            self._patience.wait(failures, self._cancelled)
        else:
            with self._lock:
                self._failures = 0
        return True
