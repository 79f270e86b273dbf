"""One line to one origin: a request goes out, an answer comes in, within limits, and nothing of it is trusted.

Redirects are answers. Bodies are read in pieces as they come. A watchdog ends what is cancelled, overdue or too slow,
in every phase, also while a server sends its headers drop by drop. Nothing here signs in: the door does.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from http.client import HTTPException, RemoteDisconnected
from typing import Final, TypeVar

from requests import RequestException, Response
from urllib3.exceptions import HTTPError

from workstation.hub.adapter import WatchedAdapter, WatchedRequest
from workstation.hub.addresses import HubAddress
from workstation.hub.answering import DirectResponse, HubConnection
from workstation.hub.body import Body
from workstation.hub.errors import (
    HubAnsweredWrongly,
    HubDropped,
    HubError,
    HubUnreachable,
    TransferCancelled,
    TransferCut,
    TransferTooLarge,
    UntrustedHub,
)
from workstation.hub.exchange import JSON_TYPE, Answer, Call, Cancelled, DoorLimits, never
from workstation.hub.inflating import PLAIN, decoded
from workstation.hub.transport import Peer, Transport
from workstation.hub.watchdog import CANCELLED, Watch, Watchdog

AGENT: Final = "requis"
CHUNK_BYTES: Final = 1 << 20
Channel = TypeVar("Channel")
Read = TypeVar("Read", bytes, int)
_WITHOUT_BODY: Final = (204, 304)
_FAILURES: Final = (HTTPException, HTTPError, RequestException, OSError)


class Opened:
    """An answer whose headers are there. ``close`` ends it, read or not."""

    def __init__(
        self,
        answer: tuple[Response, DirectResponse],
        watch: Watch,
        cancelled: Cancelled,
        hub: str,
        method: str,
        heard: Callable[[], None],
    ) -> None:
        heard()
        self._heard = heard
        response, self._direct = answer
        self.status = response.status_code
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}
        self._response = response
        self._watch = watch
        self._cancelled = cancelled
        self._hub = hub
        is_framed = "content-length" in self.headers or "transfer-encoding" in self.headers
        self._may_be_cut = method == "GET" and self.status not in _WITHOUT_BODY and not is_framed

    @property
    def is_read(self) -> bool:
        """Whether the body was read to its end."""
        return bool(self._response.raw.closed) and not self._watch.stopped

    def close(self) -> None:
        """Close what is still to be read."""
        self._response.close()

    def body(self, cap: int) -> Body:
        """Return the body that is to come, without its content coding, at most ``cap`` bytes."""
        coding = self.headers.get("content-encoding", "").strip().lower()
        pieces = decoded(self._read(cap), coding, cap, self._hub)
        return Body(pieces, partial(self._into, cap) if coding in PLAIN else None)

    def chunks(self, cap: int) -> Iterator[bytes]:
        """Return the body as it arrives, without its content coding, at most ``cap`` bytes."""
        return self.body(cap).pieces()

    def _read(self, cap: int) -> Iterator[bytes]:
        """Yield the body as it arrives, never waiting to fill a piece."""
        read = partial(self._response.raw.read1, CHUNK_BYTES, decode_content=False)
        while chunk := self._waited(read):
            self._count(len(chunk), cap)
            yield chunk
        self._check_end()

    def _into(self, cap: int, room: memoryview) -> int:
        """Read what has come of the body to ``room``."""
        count = self._waited(partial(self._direct.into, room))
        if count:
            self._count(count, cap)
        else:
            self._check_end()
        return count

    def _waited(self, read: Callable[[], Read]) -> Read:
        """Wait for what a hub sends, unless it was cancelled, under the eyes of the watchdog."""
        if self._cancelled():
            raise TransferCancelled("cancelled", hub=self._hub)
        self._watch.is_waiting = True
        try:
            found = read()
        except _FAILURES as error:
            raise self._cut(type(error).__name__) from error
        self._watch.is_waiting = False
        return found

    def _count(self, size_bytes: int, cap: int) -> None:
        self._heard()
        self._watch.received += size_bytes
        if self._watch.received > cap:
            raise TransferTooLarge(f"more than {cap} bytes", hub=self._hub)

    def _check_end(self) -> None:
        if self._watch.stopped:
            # A connection that the watchdog shuts looks like a body that has ended.
            raise self._cut("")
        if self._may_be_cut and not self._watch.received:
            # Headers that are cut look like headers that have ended, and nothing after them like an empty list.
            raise self._cut("neither length nor body")

    def _cut(self, technical: str) -> HubError:
        if self._watch.stopped == CANCELLED:
            return TransferCancelled("cancelled", hub=self._hub)
        return TransferCut(self._watch.stopped or technical, hub=self._hub)


class Line:
    """Requests to one origin. Safe for use from several threads.

    ``heard_at`` is when something came last, of whatever answer, in seconds of the monotonic clock; 0 before that.
    """

    def __init__(
        self,
        address: HubAddress,
        peer: Peer,
        limits: DoorLimits,
        hub: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address = address
        self.limits = limits
        self.hub = hub
        self.heard_at = 0.0
        self._monotonic = monotonic
        self._watchdog = Watchdog(monotonic)
        self._adapter = WatchedAdapter(limits, monotonic)
        self._transport = Transport(peer, limits, hub)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._transport.close()

    @contextmanager
    def opened(
        self, call: Call, sign_in: Mapping[str, str], deadline_s: float, cancelled: Cancelled = never
    ) -> Iterator[Opened]:
        """Send one request and give its answer, whatever its status, once the headers are there.

        Raises
        ------
        HubUnreachable
            No answer within the limits.
        UntrustedHub
            The hub does not prove who it is; nothing was sent.
        TransferCancelled
            Cancelled, in whatever phase.
        """
        target = self.address.target(call.path, call.query)
        if cancelled():
            raise TransferCancelled("cancelled", hub=self.hub)
        # What is to be sent may take its time, at the pace that is the least for what is received.
        allowed_s = deadline_s + len(call.body) / self.limits.floor_bytes_s
        with self._watched(Watch(cancelled, self._monotonic() + allowed_s, self.limits)) as watch:
            watch.expect_headers(self._monotonic() + self.limits.ready_timeout_s)
            with self._told(watch):
                connection = self._transport.take(watch, self._silence_s(call))
            watch.expect_headers(None)
            opened: Opened | None = None
            try:
                with self._told(watch):
                    answer = self._answer(connection, call, target, sign_in, watch)
                opened = Opened(answer, watch, cancelled, self.hub, call.method, self._hear)
                self._check_headers(opened)
                yield opened
            except BaseException:
                watch.detach()
                if opened is not None:
                    opened.close()
                connection.close()
                raise
            watch.detach()
            if opened.is_read:
                self._transport.give_back(connection)
            else:
                opened.close()
                connection.close()

    def fetch(self, call: Call, sign_in: Mapping[str, str], cancelled: Cancelled = never) -> Answer:
        """Send one request and return the whole answer, whatever its status."""
        with self.opened(call, sign_in, self.limits.deadline_s, cancelled) as opened:
            return Answer(opened.status, opened.headers, b"".join(opened.chunks(self.limits.answer_bytes)))

    @contextmanager
    def channel(
        self, opened: Callable[[socket.socket], AbstractContextManager[Channel]], cancelled: Cancelled
    ) -> Iterator[Channel]:
        """Give what is ``opened`` over a connection of its own, for what is not one request and one answer."""
        watch = Watch(cancelled, self._monotonic() + self.limits.ready_timeout_s, self.limits)
        with ExitStack() as stack:
            with self._watched(watch), self._told(watch):
                connection = stack.enter_context(self._transport.connect(watch))
                connection.settimeout(None)
                channel = stack.enter_context(opened(connection))
                watch.detach()
            yield channel

    def _hear(self) -> None:
        self.heard_at = self._monotonic()

    def _silence_s(self, call: Call) -> float:
        """Return how long nothing need be acknowledged: a hub that stores slowly lets a long body wait."""
        return self.limits.read_timeout_s if call.body else self.limits.silence_s

    @contextmanager
    def _watched(self, watch: Watch) -> Iterator[Watch]:
        self._watchdog.begin(watch)
        try:
            yield watch
        finally:
            self._watchdog.end(watch)

    def _answer(
        self, connection: HubConnection, call: Call, target: str, sign_in: Mapping[str, str], watch: Watch
    ) -> tuple[Response, DirectResponse]:
        request = WatchedRequest(connection, watch)
        accept = call.headers.get("Accept", JSON_TYPE)
        headers = {
            "Host": self.address.netloc,
            "User-Agent": AGENT,
            # A list of 400 images takes a fortieth of its room; images hardly less, and have their own compressions.
            "Accept-Encoding": "gzip" if accept == JSON_TYPE else "identity",
            "Accept": accept,
            **call.headers,
            **sign_in,
        }
        request.prepare(call.method, target, headers, data=call.body or None)
        answer = self._adapter.exchange(request)
        if watch.stopped:
            # A connection that the watchdog shuts looks like headers that have ended.
            raise ConnectionAbortedError(watch.stopped)
        return answer

    def _check_headers(self, opened: Opened) -> None:
        size = sum(len(name) + len(value) + 4 for name, value in opened.headers.items())
        if size > self.limits.header_bytes:
            raise HubAnsweredWrongly("headers beyond measure", opened.status, hub=self.hub)

    @contextmanager
    def _told(self, watch: Watch) -> Iterator[None]:
        """Say in our own words what went wrong before there was an answer."""
        try:
            yield
        except HubError as error:
            if watch.stopped == CANCELLED:
                raise TransferCancelled("cancelled", hub=self.hub) from error
            raise
        except _FAILURES as error:
            if watch.stopped != CANCELLED:
                # The connections that are kept went the same way: each would have to be found dead by itself.
                self._transport.close()
            raise self._meaning(error, watch) from error

    def _meaning(self, error: Exception, watch: Watch) -> HubError:
        if watch.stopped == CANCELLED:
            return TransferCancelled("cancelled", hub=self.hub)
        if watch.stopped:
            return HubUnreachable(watch.stopped, hub=self.hub)
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return UntrustedHub(type(error).__name__, hub=self.hub)
        if isinstance(error, HTTPException) and not isinstance(error, RemoteDisconnected):
            return HubAnsweredWrongly(type(error).__name__, hub=self.hub)
        dropped = isinstance(error, ConnectionResetError)
        return (HubDropped if dropped else HubUnreachable)(type(error).__name__, hub=self.hub)
