"""How bytes travel to one hub: connections that stay open between requests, over TLS as PS3.15 B.12 asks.

Nothing here knows DICOM or sign-in, follows a redirect, keeps a cookie, repeats a request or looks at the environment.
Connections are made here and not by urllib3, so that connecting can be ended within a moment as everything else can,
and so that requests and event channels share one way to the hub.
"""

import socket
import ssl
import threading
import time
import weakref
from dataclasses import dataclass
from typing import Final

from workstation.hub.answering import HubConnection
from workstation.hub.dialling import dial, end_in_silence
from workstation.hub.errors import UntrustedHub
from workstation.hub.exchange import DoorLimits
from workstation.hub.trust import pin_of
from workstation.hub.watchdog import Watch

KEPT_OPEN: Final = 8


@dataclass(frozen=True, slots=True)
class Peer:
    """Whom to connect to; without a context over plain TCP. ``pins`` are the accepted keys, empty for any."""

    host: str
    port: int
    context: ssl.SSLContext | None
    pins: frozenset[str] = frozenset()


class Transport:
    """Connections to one hub. Safe for use from several threads."""

    def __init__(self, peer: Peer, limits: DoorLimits, hub: str) -> None:
        self._peer = peer
        self._limits = limits
        self._hub = hub
        self._free: list[HubConnection] = []
        self._lock = threading.Lock()
        # For whoever drops a door without closing it.
        weakref.finalize(self, _close_all, self._free)

    def take(self, watch: Watch, silence_s: float) -> HubConnection:
        """Return a connection that is open, a kept one where there is one, and that ends in so long a silence.

        Raises
        ------
        OSError
            No connection.
        UntrustedHub
            The hub's key is none of those that are pinned.
        """
        while (kept := self._kept()) is not None:
            if kept.is_connected and kept.sock is not None:
                watch.attach(kept.sock)
                end_in_silence(kept.sock, silence_s)
                return kept
            kept.close()
        connection = HubConnection(self._peer.host, self._peer.port)
        connection.sock = self.connect(watch)
        end_in_silence(connection.sock, silence_s)
        return connection

    def give_back(self, connection: HubConnection) -> None:
        """Keep a connection whose answer was read to its end, unless the hub closes it."""
        with self._lock:
            if connection.sock is not None and len(self._free) < KEPT_OPEN:
                self._free.append(connection)
                return
        connection.close()

    def connect(self, watch: Watch) -> socket.socket:
        """Return a new connection, ended early when the watch is stopped.

        Raises
        ------
        OSError
            No connection within the time, or stopped.
        UntrustedHub
            The hub's key is none of those that are pinned.
        """
        deadline = time.monotonic() + self._limits.connect_timeout_s
        plain = dial(self._peer.host, self._peer.port, lambda: bool(watch.stopped) or time.monotonic() > deadline)
        watch.attach(plain)
        try:
            return self._secured(plain, watch)
        except BaseException:
            watch.detach()
            plain.close()
            raise

    def close(self) -> None:
        """Close the connections that are kept open."""
        with self._lock:
            _close_all(self._free)

    def _kept(self) -> HubConnection | None:
        with self._lock:
            return self._free.pop() if self._free else None

    def _secured(self, plain: socket.socket, watch: Watch) -> socket.socket:
        context = self._peer.context
        if context is None:
            return plain
        plain.settimeout(self._limits.secure_timeout_s)
        secure = context.wrap_socket(plain, server_hostname=self._peer.host)
        watch.attach(secure)
        try:
            if self._peer.pins and pin_of(secure.getpeercert(True) or b"") not in self._peer.pins:
                raise UntrustedHub("a key that is not pinned", hub=self._hub)
        except BaseException:
            secure.close()
            raise
        return secure


def _close_all(free: list[HubConnection]) -> None:
    while free:
        free.pop().close()
