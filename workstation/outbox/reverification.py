"""Looks for sent objects again, about once a day, so that a hub restored from an old backup is found out.

Nothing is ever stored from here. What is missing goes back into the queue with the same bytes; what is different is a
conflict; what cannot be asked is asked later.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from viewers.identifiers import InstanceUID, SeriesUID
from workstation.domain.clock import Clock
from workstation.domain.delivery import Delivery, DeliveryState
from workstation.domain.identifiers import HubName
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.door import never
from workstation.outbox.backoff import full_jitter
from workstation.outbox.looking import Found, listed, read_back
from workstation.outbox.wording import reason_of_failure
from workstation.store.errors import ProfileInUse, StoreError
from workstation.store.outbox import OutboxStore
from workstation.store.outbox_checks import OutboxChecks
from workstation.translations import Translator

MOST_PER_RUN = 20
_EACH = timedelta(hours=20)
_SPREAD_S = 4 * 3600.0
_LATER_S = 1800.0
Listings = dict[tuple[HubName, SeriesUID], frozenset[InstanceUID]]


class Reverification:
    """Looks for a few of the sent objects at a time. Methods block on the network."""

    def __init__(
        self,
        checks: OutboxChecks,
        store: OutboxStore,
        hubs: HubDirectory,
        clock: Clock,
        words: Translator,
        alone: Callable[[], AbstractContextManager[object]] = nullcontext,
        most: int = MOST_PER_RUN,
    ) -> None:
        self._most = most
        self._checks = checks
        self._store = store
        self._hubs = hubs
        self._clock = clock
        self._words = words
        self._alone = alone

    def look_again(self, *, cancelled: Callable[[], bool] = never) -> int:
        """Look for what is due, at most a few, and return how many were not there as they were signed."""
        if not self._checks.due(self._clock(), 1):
            return 0
        try:
            with self._alone():
                return self._run(cancelled)
        except ProfileInUse:
            return 0

    def _run(self, cancelled: Callable[[], bool]) -> int:
        wrong = 0
        silent: set[HubName] = set()
        listings: Listings = {}
        for delivery in self._checks.due(self._clock(), self._most):
            if cancelled():
                break
            if delivery.hub in silent:
                continue
            try:
                wrong += self._look_at(delivery, listings)
            except StoreError:
                raise
            except WorkstationError as error:
                silent.add(delivery.hub)
                self._checks.could_not_ask(delivery, reason_of_failure(error, self._words))
                self._checks.postpone(delivery.hub, self._clock() + full_jitter(16, longest_s=_LATER_S))
        return wrong

    def _look_at(self, delivery: Delivery, listings: Listings) -> bool:
        ours = self._store.object_bytes(delivery.id)
        client = self._hubs.client(delivery.hub)
        series = (delivery.hub, delivery.series)
        if series not in listings:
            listings[series] = listed(client, delivery)
        found = read_back(client, delivery, ours, listings[series])
        if found is Found.SAME:
            self._checks.found_same(delivery, self._next())
        elif found is Found.OTHER:
            self._checks.found_other(delivery, self._words.text("outbox.reason.other_bytes"))
        else:
            was_sent = delivery.state is DeliveryState.SENT
            reason = "outbox.reason.lost_by_hub" if was_sent else "outbox.reason.conflict_gone"
            self._checks.found_missing(delivery, self._words.text(reason))
        return found is not Found.SAME

    def _next(self) -> datetime:
        return self._clock() + _EACH + full_jitter(16, longest_s=_SPREAD_S)
