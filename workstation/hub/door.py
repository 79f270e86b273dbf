"""The one HTTP door: every request to a hub leaves here, and only to that hub's origin.

The sign-in is added to each request here and nowhere else, and redirects are answers, never followed. Bodies are read
in pieces as they come, so that the total deadline, the byte cap and a cancellation hold against a server that drips.
While a server still sends its headers only the read timeout holds, which counts from one piece to the next.
Safe for use from several threads.

Every exchange passes ``_exchange``: what must surround all of them (repetition, a circuit breaker) belongs there. A
further way to sign in belongs into ``_authorization``.
"""

import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

import requests
from urllib3.exceptions import HTTPError

from workstation.domain.hub import HubSettings, SignInKind
from workstation.hub.addresses import HubAddress
from workstation.hub.errors import (
    HubAnsweredWrongly,
    HubBusy,
    HubError,
    HubRefused,
    HubUnreachable,
    NotOnHub,
    TransferCancelled,
    TransferCut,
    TransferTooLarge,
    UntrustedHub,
)
from workstation.hub.event_stream import messages, open_events
from workstation.hub.transport import Transport

Cancelled = Callable[[], bool]
CHUNK_BYTES = 1 << 20
AGENT = "requis"
JSON_TYPE = "application/dicom+json"


def never() -> bool:
    """Return false: for transfers that nobody cancels."""
    return False


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """Patience and appetite. The read timeout is per piece; the deadline covers one whole exchange."""

    connect_timeout_s: float = 5.0
    read_timeout_s: float = 30.0
    deadline_s: float = 60.0
    transfer_deadline_s: float = 3600.0
    answer_bytes: int = 64 << 20
    transfer_bytes: int = 16 << 30


@dataclass(frozen=True, slots=True)
class Call:
    """One request: ``path`` is below the hub's root, or an address that an answer of the hub named."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type with its parameters."""
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class StreamedAnswer:
    """An answer whose body is still coming; ``chunks`` can be read once."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]

    @property
    def content_type(self) -> str:
        """The media type with its parameters."""
        return self.headers.get("content-type", "")


class Door:
    """The only way to one hub."""

    def __init__(
        self,
        settings: HubSettings,
        limits: DoorLimits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.hub = str(settings.name)
        self.limits = limits or DoorLimits()
        self._address = HubAddress(settings.url, self.hub)
        self._authorization = _authorization(settings)
        self._monotonic = monotonic
        self._transport = Transport(settings.ca_file)

    @property
    def root(self) -> str:
        """The DICOMweb root, without a trailing slash."""
        return self._address.root

    def rewrite(self, url: str) -> str:
        """Return an address found in an answer, rebuilt on the hub's origin; ``ForeignOrigin`` if it leads away."""
        return self._address.rewrite(url)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._transport.close()

    def fetch(self, call: Call, cancelled: Cancelled = never) -> Answer:
        """Send one request and return the whole answer, whatever its status.

        Raises
        ------
        HubUnreachable
            No answer within the limits.
        TransferCut
            The answer ended early.
        """
        limits = self.limits
        with self._exchange(call, limits.deadline_s, limits.answer_bytes, cancelled) as streamed:
            return Answer(streamed.status, streamed.headers, b"".join(streamed.chunks))

    def ask(self, call: Call, cancelled: Cancelled = never) -> Answer:
        """Send one request and return the answer if it is a success.

        Raises
        ------
        HubRefused, NotOnHub, HubBusy, HubAnsweredWrongly
            By the status of the answer.
        """
        answer = self.fetch(call, cancelled)
        self.check(answer.status, answer.headers, answer.body)
        return answer

    @contextmanager
    def transfer(self, call: Call, cancelled: Cancelled = never) -> Iterator[StreamedAnswer]:
        """Send one request and give the successful answer while it arrives; leaving the block ends the transfer."""
        limits = self.limits
        with self._exchange(call, limits.transfer_deadline_s, limits.transfer_bytes, cancelled) as streamed:
            self.check(streamed.status, streamed.headers)
            yield streamed

    @contextmanager
    def events(self, path: str, cancelled: Cancelled = never) -> Iterator[Iterator[str]]:
        """Open the WebSocket at ``path``, or at an address that the hub named, and give its messages as they come.

        Leaving the block closes it. The messages end when ``cancelled``, looked at five times a second; when the hub
        closes the channel or the link dies, the reading raises ``TransferCut``.

        Raises
        ------
        ForeignOrigin
            The address leads away from the hub; nothing was sent there.
        HubUnreachable, HubRefused, NotOnHub, HubAnsweredWrongly
            The channel does not open.
        """
        url = self._address.rewrite_channel(path if "://" in path else f"{self.root}/{path.lstrip('/')}")
        headers = {"User-Agent": AGENT, **self._authorization}
        patience_s = self.limits.connect_timeout_s
        with open_events(self._connect(), url, headers, patience_s, self.check, self.hub) as channel:
            yield messages(channel, cancelled, self.hub)

    def _connect(self) -> socket.socket:
        address = self._address
        try:
            return self._transport.connect(address.host, address.port, address.is_tls, self.limits.connect_timeout_s)
        except ssl.SSLError as error:
            raise UntrustedHub(type(error).__name__, hub=self.hub) from error
        except OSError as error:
            raise HubUnreachable(type(error).__name__, hub=self.hub) from error

    def check(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """Raise the error that an HTTP status stands for; return on success. A login page is a refusal."""
        if 200 <= status < 300:
            if headers.get("content-type", "").startswith("text/html"):
                raise HubRefused("a web page instead of DICOM", hub=self.hub)
            return
        if status in (401, 403):
            raise HubRefused(f"status {status}", hub=self.hub)
        if status in (404, 410):
            raise NotOnHub(f"status {status}", hub=self.hub)
        if status in (429, 503):
            raise HubBusy(f"status {status}", headers.get("retry-after", ""), hub=self.hub)
        raise HubAnsweredWrongly(f"status {status}", status, body, hub=self.hub)

    @contextmanager
    def _exchange(self, call: Call, deadline_s: float, cap: int, cancelled: Cancelled) -> Iterator[StreamedAnswer]:
        deadline = self._monotonic() + deadline_s
        response = self._send(call)
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            yield StreamedAnswer(response.status_code, headers, self._read(response, deadline, cap, cancelled))
        finally:
            response.close()

    def _send(self, call: Call) -> requests.Response:
        """Send without redirects, with our sign-in and nothing else that identifies."""
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='*,/:')}" for name, value in call.query)
        url = self._address.rewrite(call.path if "://" in call.path else f"{self.root}/{call.path.lstrip('/')}")
        headers = {
            "User-Agent": AGENT,
            "Accept-Encoding": "identity",
            "Accept": JSON_TYPE,
            **call.headers,
            **self._authorization,
        }
        prepared = requests.Request(
            call.method, url, headers=headers, params=query or None, data=call.body or None
        ).prepare()
        timeout = (self.limits.connect_timeout_s, self.limits.read_timeout_s)
        try:
            return self._transport.send(prepared, timeout)
        except requests.exceptions.SSLError as error:
            raise UntrustedHub(type(error).__name__, hub=self.hub) from error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise HubUnreachable(type(error).__name__, hub=self.hub) from error

    def _read(self, response: requests.Response, deadline: float, cap: int, cancelled: Cancelled) -> Iterator[bytes]:
        """Yield the body as it arrives, never waiting to fill a piece."""
        received = 0
        while True:
            self._watch(deadline, cancelled)
            try:
                chunk: bytes = response.raw.read1(CHUNK_BYTES, decode_content=False)
            except (requests.RequestException, HTTPError, OSError) as error:
                raise TransferCut(type(error).__name__, hub=self.hub) from error
            if not chunk:
                return
            received += len(chunk)
            if received > cap:
                raise TransferTooLarge(f"more than {cap} bytes", hub=self.hub)
            yield chunk

    def _watch(self, deadline: float, cancelled: Cancelled) -> None:
        stopped: HubError | None = None
        if cancelled():
            stopped = TransferCancelled("cancelled", hub=self.hub)
        elif self._monotonic() > deadline:
            stopped = TransferCut("deadline", hub=self.hub)
        if stopped is not None:
            raise stopped


def _authorization(settings: HubSettings) -> dict[str, str]:
    if settings.sign_in is SignInKind.BASIC:
        pair = b64encode(f"{settings.user}:{settings.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    if settings.sign_in is SignInKind.BEARER:
        return {"Authorization": f"Bearer {settings.secret}"}
    return {}
