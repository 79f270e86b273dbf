"""The event channels: open WebSockets by subscriber, and the messages sent through them.

An event for a subscriber without an open channel is not kept: PS3.18 8.10.4 has the channel opened first. Events come
from request threads; each channel belongs to the event loop that opened it.
"""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from workstation.embedded_hub.ups_state import Event

UPS_EVENT = "1.2.840.10008.5.1.4.34.6.4"
CHANNEL_CAPACITY = 4096


@dataclass(eq=False, slots=True)
class Channel:
    """One open WebSocket's queue of messages; `None` closes it, because the subscriber reads too slowly."""

    subscriber: str
    loop: asyncio.AbstractEventLoop
    queue: "asyncio.Queue[str | None]" = field(default_factory=asyncio.Queue)
    closing: bool = False

    def put(self, message: str) -> None:
        """Queue a message; called in the channel's loop."""
        if self.closing:
            return
        self.closing = self.queue.qsize() >= CHANNEL_CAPACITY
        self.queue.put_nowait(None if self.closing else message)


class EventChannels:
    """All open channels. Thread safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: defaultdict[str, set[Channel]] = defaultdict(set)
        self._message_number = 0

    def open(self, subscriber: str) -> Channel:
        """Register a channel of the running event loop."""
        channel = Channel(subscriber, asyncio.get_running_loop())
        with self._lock:
            self._channels[subscriber].add(channel)
        return channel

    def close(self, channel: Channel) -> None:
        """Forget a channel."""
        with self._lock:
            self._channels[channel.subscriber].discard(channel)

    def publish(self, event: Event, subscribers: Iterable[str]) -> None:
        """Send an event to those of the subscribers whose channel is open."""
        with self._lock:
            self._message_number = self._message_number % 0xFFFF + 1
            message = json.dumps(event_message(event, self._message_number), ensure_ascii=False)
            for subscriber in subscribers:
                for channel in self._channels.get(subscriber, ()):
                    channel.loop.call_soon_threadsafe(channel.put, message)


def event_message(event: Event, message_number: int) -> dict[str, Any]:
    """Return the data set of an event report. Source: PS3.18 8.10.5, PS3.7 10.1.1."""
    return {
        "00000002": {"vr": "UI", "Value": [UPS_EVENT]},
        "00000110": {"vr": "US", "Value": [message_number]},
        "00001000": {"vr": "UI", "Value": [event.uid]},
        "00001002": {"vr": "US", "Value": [int(event.type)]},
        **dict(sorted(event.attributes.items())),
    }
