"""Brings signed objects to their hub: store, read back, compare; only then is an object called sent.

Every step can be repeated after a crash: the bytes are frozen, UIDs never change, and an object that the hub has
already is only read back. Objects of the demonstration identity never leave the machine.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from uuid import uuid4

from workstation.domain.clock import Clock
from workstation.domain.delivery import Delivery, DeliveryState
from workstation.domain.study import InstanceReference
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.door import never
from workstation.hub.errors import HubRefused, HubUnreachable, NotOnHub, StoreRefused
from workstation.hub.protocol import HubClient
from workstation.outbox.backoff import full_jitter
from workstation.outbox.comparison import is_same_object
from workstation.store.errors import ProfileInUse
from workstation.store.outbox import Lease, OutboxStore
from workstation.translations import Translator

_LEASE = timedelta(minutes=5)


class Courier:
    """Delivers what is due, one object after the other. Methods block on the network.

    ``alone`` is entered around each round; it raises ``ProfileInUse`` while another process sends for this profile.
    """

    def __init__(
        self,
        store: OutboxStore,
        hubs: HubDirectory,
        clock: Clock,
        words: Translator,
        alone: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._store = store
        self._alone = alone
        self._hubs = hubs
        self._clock = clock
        self._words = words
        self._owner = uuid4().hex

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
        sent = 0
        tried: set[int] = set()
        while fresh := [one for one in self._store.due(self._clock(), force=force) if one.id not in tried]:
            for delivery in fresh:
                if cancelled():
                    return sent
                tried.add(delivery.id)
                sent += self._attempt(delivery)
        return sent

    def _attempt(self, delivery: Delivery) -> bool:
        if not self._store.lease(delivery.id, Lease(self._owner, self._clock() + _LEASE)):
            return False
        try:
            return self._deliver(delivery)
        except HubRefused as error:
            self._record(delivery, DeliveryState.BLOCKED, "refused", error)
        except StoreRefused as error:
            self._record(delivery, DeliveryState.PENDING, "not_taken", error)
        except HubUnreachable as error:
            self._record(delivery, delivery.state, "unreachable", error)
        except WorkstationError as error:
            self._record(delivery, DeliveryState.PENDING, "attempt_failed", error)
        finally:
            self._store.release(delivery.id, self._owner)
        return False

    def _deliver(self, delivery: Delivery) -> bool:
        client = self._hubs.client(delivery.hub)
        if delivery.demonstration and not client.settings.is_loopback:
            reason = self._words.text("outbox.reason.demonstration")
            self._store.step(delivery.id, DeliveryState.FAILED, "demonstration_refused", reason=reason)
            return False
        ours = self._store.object_bytes(delivery.id)
        theirs = self._read_back(client, delivery)
        if theirs is None:
            client.store([ours])
            self._store.step(delivery.id, DeliveryState.STORED, "stored")
            theirs = self._read_back(client, delivery)
        if theirs is None:
            reason = self._words.text("outbox.reason.not_kept")
            self._store.step(
                delivery.id, DeliveryState.PENDING, "not_kept", reason=reason, next_attempt_at=self._later(delivery)
            )
            return False
        if not is_same_object(ours, theirs):
            reason = self._words.text("outbox.reason.other_bytes")
            self._store.step(delivery.id, DeliveryState.CONFLICT, "other_bytes", reason=reason)
            return False
        self._store.step(delivery.id, DeliveryState.SENT, "read_back")
        return True

    def _read_back(self, client: HubClient, delivery: Delivery) -> bytes | None:
        listed = client.search_instances(delivery.study, delivery.series)
        if delivery.instance not in {reference.instance for reference in listed}:
            return None
        reference = InstanceReference(delivery.study, delivery.series, delivery.instance, delivery.sop_class)
        try:
            return client.retrieve_instance(reference)
        except NotOnHub:
            return None

    def _record(self, delivery: Delivery, state: DeliveryState, step: str, error: WorkstationError) -> None:
        reason = self._words.error(error)
        self._store.step(delivery.id, state, step, reason, reason, next_attempt_at=self._later(delivery))

    def _later(self, delivery: Delivery) -> datetime:
        return self._clock() + full_jitter(delivery.attempts)
