"""Brings signed objects to their hub: store, read back, compare; only then is an object called sent.

Every step can be repeated after a crash: the bytes are frozen, UIDs never change, and an object that the hub has
already is only read back. Objects of the demonstration identity never leave the machine. A hub that does not answer is
asked for one object, and left alone with all others until its next turn; a mirror that is declared to hand on what is
stored on it takes the object meanwhile, which is called sent only when the hub itself gives it back.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from workstation.domain.clock import Clock
from workstation.domain.delivery import Delivery, DeliveryState, StepName
from workstation.domain.identifiers import HubName
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.door import never
from workstation.hub.errors import HubError, HubRefused, HubUnreachable, StoreRefused
from workstation.outbox.attempt import Attempt, Ending
from workstation.outbox.backoff import full_jitter, wait_after
from workstation.outbox.looking import Found, look
from workstation.outbox.ownership import new_owner
from workstation.outbox.wording import reason_of_failure
from workstation.store.errors import DeliveryRefused, ProfileInUse
from workstation.store.outbox import Lease, OutboxStore
from workstation.translations import Translator

_log = logging.getLogger(__name__)
_LEASE = timedelta(minutes=5)


def _stay() -> None:
    """No hub has another name."""


class Courier:
    """Delivers what is due, one object after the other. Methods block on the network.

    ``alone`` is entered around each round; it raises ``ProfileInUse`` while another process sends for this profile.
    ``follow`` is done at the beginning of one: it gives reports to their hubs by the names that these have now.
    """

    def __init__(
        self,
        store: OutboxStore,
        hubs: HubDirectory,
        clock: Clock,
        words: Translator,
        alone: Callable[[], AbstractContextManager[object]] = nullcontext,
        follow: Callable[[], None] = _stay,
    ) -> None:
        self._follow = follow
        self._store = store
        self._alone = alone
        self._hubs = hubs
        self._clock = clock
        self._words = words
        self._owner = new_owner()

    def deliver(self, *, force: bool = False, cancelled: Callable[[], bool] = never) -> int:
        """Try everything that is due until nothing moves any more, and return how many objects were sent.

        While another process sends, nothing is tried: it does the same work.
        """
        try:
            with self._alone():
                return self._round(force=force, cancelled=cancelled)
        except ProfileInUse:
            return 0

    def _round(self, *, force: bool, cancelled: Callable[[], bool]) -> int:
        self._follow()
        sent = 0
        tried: set[int] = set()
        silent: set[HubName] = set()
        while fresh := [
            one for one in self._store.due(self._clock(), force=force) if one.id not in tried and one.hub not in silent
        ]:
            for delivery in fresh:
                if cancelled():
                    return sent
                tried.add(delivery.id)
                if delivery.hub not in silent:
                    sent += self._attempt(delivery, silent)
        return sent

    def _attempt(self, delivery: Delivery, silent: set[HubName]) -> bool:
        if not self._store.lease(delivery.id, Lease(self._owner, self._clock() + _LEASE)):
            return False
        try:
            ending, wait = self._try(delivery, silent)
            return ending is not None and self._record(delivery, ending, wait)
        finally:
            self._store.release(delivery.id, self._owner)

    def _try(self, delivery: Delivery, silent: set[HubName]) -> tuple[Ending | None, timedelta]:
        try:
            return self._run(delivery), full_jitter(delivery.attempts)
        except WorkstationError as error:
            reason, wait = reason_of_failure(error, self._words), wait_after(error, delivery.attempts, self._clock())
            if isinstance(error, HubRefused):
                self._take_back(delivery)
                return Ending(DeliveryState.BLOCKED, StepName.REFUSED, reason), wait
            if isinstance(error, HubUnreachable):
                silent.add(delivery.hub)
                mirror = self._kept_by_mirror(delivery)
                if mirror is not None:
                    reason = self._words.text("outbox.reason.on_mirror", hub=delivery.hub, mirror=mirror)
                self._store.postpone(delivery.hub, self._clock() + wait, reason)
                return Ending(delivery.state, StepName.UNREACHABLE, reason), wait
            step = StepName.NOT_TAKEN if isinstance(error, StoreRefused) else StepName.ATTEMPT_FAILED
            return Ending(DeliveryState.PENDING, step, reason), wait

    def _run(self, delivery: Delivery) -> Ending | None:
        return Attempt(
            client=self._hubs.client(delivery.hub),
            delivery=delivery,
            ours=self._store.object_bytes(delivery.id),
            words=self._words,
            may_offer=lambda: self._store.offer(delivery.id, self._owner),
            stored=lambda: self._store.step(delivery.id, DeliveryState.STORED, StepName.STORED),
        ).run()

    def _kept_by_mirror(self, delivery: Delivery) -> HubName | None:
        """Store on a mirror that is declared to hand on, and return its name; it is sent only when the hub has it."""
        for mirror in self._hubs.mirrors(delivery.hub):
            if not mirror.accepts_writes or (delivery.demonstration and not mirror.is_loopback):
                continue
            try:
                client, ours = self._hubs.client(mirror.name), self._store.object_bytes(delivery.id)
                found = look(client, delivery, ours)
                if found is Found.NOTHING and self._store.offer(delivery.id, self._owner):
                    client.store([ours])
                    found = look(client, delivery, ours)
            except HubError as error:
                _log.warning("a mirror does not take an object: %s", type(error).__name__)
                continue
            if found is Found.SAME:
                return mirror.name
        return None

    def _take_back(self, delivery: Delivery) -> None:
        if not delivery.offered:
            self._store.take_back_offer(delivery.id, self._owner)

    def _record(self, delivery: Delivery, ending: Ending, wait: timedelta) -> bool:
        is_sent = ending.state is DeliveryState.SENT
        try:
            self._store.step(
                delivery.id,
                ending.state,
                ending.step,
                ending.reason,
                ending.reason,
                next_attempt_at=None if is_sent else self._clock() + wait,
                is_repeatable=True,
            )
        except DeliveryRefused:
            # The reader has cancelled it during the attempt, before anything was offered.
            return False
        return is_sent
