"""How bytes travel to one hub: connections that stay open between requests, over TLS as PS3.15 B.12 asks.

Nothing here knows DICOM or sign-in, follows a redirect, keeps a cookie, repeats a request or looks at the environment.
Connections are made here and not by urllib3, so that connecting can be ended within a moment as everything else can,
and so that requests and event channels share one way to the hub.
"""

import errno
import selectors
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from urllib3.connection import HTTPConnection

from workstation.hub.errors import UntrustedHub
from workstation.hub.trust import pin_of
from workstation.hub.watchdog import Watch

KEPT_OPEN: Final = 8
_POLL_S: Final = 0.1
_IN_PROGRESS: Final = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, 10035)


@dataclass(frozen=True, slots=True)
class Peer:
    """Whom to connect to; without a context over plain TCP. ``pins`` are the accepted keys, empty for any."""

    host: str
    port: int
    context: ssl.SSLContext | None
    pins: frozenset[str] = frozenset()


class Transport:
    """Connections to one hub. Safe for use from several threads."""

    def __init__(self, peer: Peer, connect_timeout_s: float, hub: str) -> None:
        self._peer = peer
        self._timeout_s = connect_timeout_s
        self._hub = hub
        self._free: list[HTTPConnection] = []
        self._lock = threading.Lock()
        # For whoever drops a door without closing it.
        weakref.finalize(self, _close_all, self._free)

    def take(self, watch: Watch) -> HTTPConnection:
        """Return a connection that is open, a kept one where there is one.

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
                return kept
            kept.close()
        connection = HTTPConnection(self._peer.host, self._peer.port)
        connection.sock = self.connect(watch)
        return connection

    def give_back(self, connection: HTTPConnection) -> None:
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
        deadline = time.monotonic() + self._timeout_s
        plain = self._plain(deadline, lambda: bool(watch.stopped))
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

    def _kept(self) -> HTTPConnection | None:
        with self._lock:
            return self._free.pop() if self._free else None

    def _secured(self, plain: socket.socket, watch: Watch) -> socket.socket:
        context = self._peer.context
        if context is None:
            return plain
        plain.settimeout(self._timeout_s)
        secure = context.wrap_socket(plain, server_hostname=self._peer.host)
        watch.attach(secure)
        try:
            if self._peer.pins and pin_of(secure.getpeercert(True) or b"") not in self._peer.pins:
                raise UntrustedHub("a key that is not pinned", hub=self._hub)
        except BaseException:
            secure.close()
            raise
        return secure

    def _plain(self, deadline: float, stopped: Callable[[], bool]) -> socket.socket:
        failed: OSError = OSError("no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(
            self._peer.host, self._peer.port, type=socket.SOCK_STREAM
        ):
            connection = socket.socket(family, kind, protocol)
            try:
                _connect(connection, address, deadline, stopped)
            except OSError as error:
                connection.close()
                failed = error
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        raise failed


def _connect(
    connection: socket.socket,
    address: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes],
    deadline: float,
    stopped: Callable[[], bool],
) -> None:
    """Connect, looking ten times a second whether that is still wanted."""
    connection.setblocking(False)
    code = connection.connect_ex(address)
    if code not in _IN_PROGRESS:
        raise OSError(code, "not connected")
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_WRITE)
        while not selector.select(_POLL_S):
            if stopped() or time.monotonic() > deadline:
                raise TimeoutError("not connected")
    code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, "not connected")
    connection.setblocking(True)


def _close_all(free: list[HTTPConnection]) -> None:
    while free:
        free.pop().close()
