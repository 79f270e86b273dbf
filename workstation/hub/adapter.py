"""How requests is made to send over connections of our own: one adapter, used without a ``requests.Session``.

A session would let the environment swap the trust root, replace the sign-in by the one of ``.netrc`` or name a proxy,
keep cookies, and read the body of a redirect to its end before anyone can stop it. The pools of the adapter of requests
would hide the connection, which the watchdog must be able to shut while it is written to and while headers come.
"""

import time
from collections.abc import Callable, Iterator
from typing import Final

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from workstation.hub.answering import DirectResponse, HubConnection
from workstation.hub.exchange import DoorLimits
from workstation.hub.watchdog import Watch

_PIECE_BYTES: Final = 1 << 18


class WatchedRequest(PreparedRequest):
    """A request that goes out over one connection, and the watch that may end the exchange."""

    def __init__(self, connection: HubConnection, watch: Watch) -> None:
        super().__init__()
        self.connection = connection
        self.watch = watch


class WatchedAdapter(HTTPAdapter):
    """Sends watched requests. Nothing is repeated, redirected, verified or pooled here: connections come ready."""

    def __init__(self, limits: DoorLimits, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._limits = limits
        self._monotonic = monotonic

    def exchange(self, request: WatchedRequest) -> tuple[Response, DirectResponse]:
        """Send a request and return its answer once the headers are there, and whom to read its body from."""
        connection, watch = request.connection, request.watch
        body = request.body if isinstance(request.body, bytes) else b""
        connection.timeout = self._limits.read_timeout_s
        try:
            connection.request(
                request.method or "GET",
                request.path_url,
                _pieces(body) if body else None,
                request.headers,
                preload_content=False,
                decode_content=False,
            )
        except BrokenPipeError:
            # A server that refuses early has answered already.
            connection.timeout = self._limits.connect_timeout_s
        watch.expect_headers(self._monotonic() + self._limits.header_deadline_s)
        answer, direct = connection.answer(request.method or "GET")
        watch.expect_headers(None)
        return self.build_response(request, answer), direct


def _pieces(body: bytes) -> Iterator[bytes]:
    """Yield a body in pieces, because the time that a socket allows is for each piece that it is given."""
    return (body[at : at + _PIECE_BYTES] for at in range(0, len(body), _PIECE_BYTES))
