"""Hearing of work items: one global subscription, and the channel through which its events come.

The standard opens the channel first, at ``subscribers/{AE title}``, and subscribes then; dcm4chee names the channel in
its answer to the subscription. Both are tried, one row each. Where a hub refuses the global subscription, the filtered
one is asked for, with a filter that every new request passes. No deletion lock is asked for: nothing has to be kept for
a reader who went away without a word. Leaving ends the subscription; one that was left behind by a crash is taken up
again under the same AE title, and ends with it. Source: PS3.4 CC.2.3, PS3.18 8.10, 11.9 to 11.11.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from workstation.domain.identifiers import HubName
from workstation.hub.door import Call, Cancelled, Door
from workstation.hub.errors import ForeignOrigin, HubAnsweredWrongly, HubError, HubRefused, NotOffered, NotOnHub
from workstation.hub.news import HubNews, Listening
from workstation.hub.ups_events import read_event

GLOBAL: Final = "1.2.840.10008.5.1.4.34.5"
FILTERED_GLOBAL: Final = "1.2.840.10008.5.1.4.34.5.1"
_NO_LOCK = ("deletionlock", "false")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SubscriptionForm:
    """One way to ask for events of all work items."""

    uid: str
    query: tuple[tuple[str, str], ...]


FORMS: Final = (
    SubscriptionForm(GLOBAL, (_NO_LOCK,)),
    SubscriptionForm(FILTERED_GLOBAL, (_NO_LOCK, ("filter", "00741000=SCHEDULED"))),
    # dcm4chee takes the matching keys as parameters of their own.
    SubscriptionForm(FILTERED_GLOBAL, (_NO_LOCK, ("00741000", "SCHEDULED"))),
)
_REFUSALS = (HubAnsweredWrongly, HubRefused, NotOnHub)


class Subscription:
    """The events of one hub's work items."""

    def __init__(self, door: Door, hub: HubName) -> None:
        self._door = door
        self._hub = hub

    def listen(self, subscriber: str, told: Callable[[HubNews], None], cancelled: Cancelled) -> None:
        """Subscribe, tell what comes until ``cancelled``, and unsubscribe.

        Raises
        ------
        NotOffered
            The hub refuses every kind of subscription, or gives no channel.
        TransferCut
            The channel was lost.
        """
        with self._channel(subscriber, cancelled) as messages:
            told(Listening(self._hub))
            for message in messages:
                news = self._read(message)
                if news is not None:
                    told(news)

    @contextmanager
    def _channel(self, subscriber: str, cancelled: Cancelled) -> Iterator[Iterator[str]]:
        """Give an open channel with a subscription behind it, whichever of the two the hub wants first."""
        with ExitStack() as stack:
            try:
                messages = stack.enter_context(self._door.events(f"subscribers/{subscriber}", cancelled))
            except _REFUSALS:
                address = stack.enter_context(self._subscribed(subscriber))
                messages = stack.enter_context(self._named(address, cancelled))
            else:
                stack.enter_context(self._subscribed(subscriber))
            yield messages

    @contextmanager
    def _named(self, address: str, cancelled: Cancelled) -> Iterator[Iterator[str]]:
        """Open the channel at the address that the hub named, unless that leads away from it."""
        with ExitStack() as stack:
            try:
                messages = stack.enter_context(self._door.events(address, cancelled))
            except (*_REFUSALS, ForeignOrigin) as error:
                raise NotOffered("no channel for events", hub=self._hub) from error
            yield messages

    @contextmanager
    def _subscribed(self, subscriber: str) -> Iterator[str]:
        """Subscribe for the time of a block, and give the address of the channel that the hub names."""
        form, address = self._subscribe(subscriber)
        try:
            yield address or f"subscribers/{subscriber}"
        finally:
            self._unsubscribe(form, subscriber)

    def _subscribe(self, subscriber: str) -> tuple[SubscriptionForm, str]:
        refusal: HubError | None = None
        for form in FORMS:
            try:
                answer = self._door.ask(Call("POST", _path(form, subscriber), form.query))
            except _REFUSALS as error:
                refusal = error
            else:
                return form, answer.headers.get("content-location", "") or answer.headers.get("location", "")
        raise NotOffered("no subscription to events", hub=self._hub) from refusal

    def _unsubscribe(self, form: SubscriptionForm, subscriber: str) -> None:
        try:
            self._door.ask(Call("DELETE", _path(form, subscriber)))
        except HubError as error:
            # The hub went first. The next subscription under the same title takes this one up.
            _log.warning("a subscription on hub %s did not end: %s", self._hub, error.technical)

    def _read(self, message: str) -> HubNews | None:
        try:
            return read_event(message, self._hub)
        except HubAnsweredWrongly as error:
            _log.warning("an event of hub %s cannot be read: %s", self._hub, error.technical)
            return None


def _path(form: SubscriptionForm, subscriber: str) -> str:
    return f"workitems/{form.uid}/subscribers/{subscriber}"
