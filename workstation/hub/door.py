"""The one HTTP door: every request to a hub leaves here, and only to that hub's origin.

The sign-in is added here and nowhere else, to each request below the hub's root; one that a hub does not accept any
more is renewed once and the request repeated once. Every exchange passes ``_exchange``, which keeps the pace: a hub
that asks for time gets it, one that does not answer is not asked over and over, and a question that changes nothing is
repeated a little. Safe for use from several threads.
"""

import math
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Final

from websockets.sync.client import ClientConnection

from workstation.domain.clock import Clock, system_clock
from workstation.domain.hub import HubSettings, SignInKind
from workstation.hub.addresses import HubAddress, place_words
from workstation.hub.errors import (
    BesideRoot,
    HubAnsweredWrongly,
    HubBusy,
    HubDropped,
    HubError,
    HubRedirected,
    HubRefused,
    HubUnreachable,
    NotOnHub,
    NotShared,
    SignInNeeded,
    TransferCancelled,
    UntrustedHub,
    Withdrawn,
)
from workstation.hub.event_stream import messages, open_events
from workstation.hub.exchange import JSON_TYPE, Answer, Call, Cancelled, DoorLimits, StreamedAnswer, never
from workstation.hub.line import AGENT, Line, Opened
from workstation.hub.pace import Pace, jittered
from workstation.hub.pins import pin
from workstation.hub.retry_after import wait_asked
from workstation.hub.sign_in.kind import Browser, Setting, Shelf
from workstation.hub.sign_in.registry import open_sign_in
from workstation.hub.sign_in.shelf import MemoryShelf
from workstation.hub.transport import Peer
from workstation.hub.trust import tls_context

__all__ = ["JSON_TYPE", "Answer", "Call", "Cancelled", "Door", "DoorLimits", "StreamedAnswer", "never"]

_OK: Final = 200
_BUSY: Final = (429, 503)
# For so long is waited for what need not be there.
_GLANCE_S: Final = 3.0
_IN_HEADERS: Final = (SignInKind.BASIC, SignInKind.BEARER, SignInKind.OIDC)
_REPEATED: Final = ("GET", "HEAD")
_REPEATS: Final = 2
_FIRST_REPEAT_S: Final = 0.25
_LONGEST_REPEAT_S: Final = 1.0
_NAP_S: Final = 0.05


class Door:
    """The only way to one hub."""

    def __init__(
        self,
        settings: HubSettings,
        limits: DoorLimits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        shelf: Shelf | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self.hub = str(settings.name)
        self.limits = limits or DoorLimits()
        self._clock = clock
        self._address = HubAddress(settings.url, self.hub, settings.beside)
        self._says_who_asks = settings.sign_in in _IN_HEADERS
        self._sign_in = open_sign_in(Setting(settings, shelf or MemoryShelf(), self.limits, clock, monotonic))
        context = None
        if self._address.is_tls:
            context = tls_context(settings.ca_file, self._sign_in.certificate, self.hub)
        peer = Peer(
            self._address.host, self._address.port, context, frozenset(pin(one, self.hub) for one in settings.pins)
        )
        self._line = Line(self._address, peer, self.limits, self.hub, monotonic)
        self._pace = Pace(self.hub, clock, monotonic)

    @property
    def root(self) -> str:
        """The DICOMweb root, without a trailing slash."""
        return self._address.root

    @property
    def heard_at(self) -> float:
        """When something came last from the hub, in seconds of the monotonic clock; 0 before that."""
        return self._line.heard_at

    def rewrite(self, url: str) -> str:
        """Return an address found in an answer, rebuilt on the hub's origin; ``ForeignOrigin`` if it leads away."""
        return self._address.rewrite(url)

    def is_open_to(self, path: str) -> bool:
        """Whether a request for ``path`` needs no sign-in, or is one that the sign-in goes with."""
        return not self._says_who_asks or self._address.is_own(path)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._line.close()
        self._sign_in.close()

    def sign_in(self, browser: Browser, cancelled: Cancelled = never) -> None:
        """Let the person sign in at the hub's identity provider.

        Raises
        ------
        NotOffered
            This hub is signed in by its settings.
        SignInFailed, OtherPerson
            It did not succeed.
        """
        self._sign_in.sign_in(browser, cancelled)

    def fetch(self, call: Call, cancelled: Cancelled = never) -> Answer:
        """Send one request and return the whole answer, whatever its status.

        Raises
        ------
        HubUnreachable
            No answer within the limits.
        TransferCut
            The answer ended early.
        """
        with self._exchange(call, self.limits.deadline_s, cancelled) as opened:
            return Answer(opened.status, opened.headers, b"".join(opened.chunks(self.limits.answer_bytes)))

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

    def glance(self, path: str, cancelled: Cancelled = never) -> bytes | None:
        """Return what lies at ``path``, which a hub need not have: asked for once, and for a short time.

        ``None`` where it is not given, for whatever reason, which says nothing of the hub: no failure and no wish to be
        left alone is noted, and no sign-in is renewed. Where the sign-in does not go, nothing is asked.

        Raises
        ------
        TransferCancelled
            Cancelled.
        """
        call = Call("GET", path)
        for _ in range(_REPEATS if self.is_open_to(path) else 0):
            try:
                self._pace.enter()
                with self._line.opened(call, self._sign_in.headers(cancelled), _GLANCE_S, cancelled) as opened:
                    content = b"".join(opened.chunks(self.limits.answer_bytes))
                    return content if opened.status == _OK else None
            except TransferCancelled:
                raise
            except HubDropped:
                continue
            except HubError:
                return None
        return None

    @contextmanager
    def transfer(self, call: Call, cancelled: Cancelled = never) -> Iterator[StreamedAnswer]:
        """Send one request and give the successful answer while it arrives; leaving the block ends the transfer."""
        with self._exchange(call, self.limits.transfer_deadline_s, cancelled) as opened:
            self.check(opened.status, opened.headers)
            yield StreamedAnswer(opened.status, opened.headers, opened.body(self.limits.transfer_bytes))

    @contextmanager
    def events(self, path: str, cancelled: Cancelled = never) -> Iterator[Iterator[str]]:
        """Open the WebSocket at ``path``, or at an address that the hub named, and give its messages as they come.

        An address that the hub named in its answer to a subscription may lie beside its root, and gets the sign-in.
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
        with ExitStack() as stack:
            sign_in = self._sign_in.headers(cancelled)
            try:
                channel = self._channel(url, sign_in, cancelled, stack)
            except SignInNeeded:
                stack.close()
                if not self._sign_in.renew(sign_in, cancelled):
                    raise
                channel = self._channel(url, self._sign_in.headers(cancelled), cancelled, stack)
            yield messages(channel, cancelled, self.hub)

    def check(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """Raise the error that an HTTP status stands for; return on success. A login page is a refusal."""
        if 200 <= status < 300:
            if headers.get("content-type", "").lower().startswith("text/html"):
                raise HubRefused("a web page instead of DICOM", hub=self.hub)
            return
        if 300 <= status < 400:
            raise HubRedirected(f"status {status}", status, body, hub=self.hub)
        if status == 401:
            raise self._sign_in.refusal({})
        if status == 403:
            raise NotShared(f"status {status}", hub=self.hub)
        if status == 410:
            raise Withdrawn(f"status {status}", hub=self.hub)
        if status == 404:
            raise NotOnHub(f"status {status}", hub=self.hub)
        if status in _BUSY:
            asked = wait_asked(headers.get("retry-after", ""), self._clock())
            raise HubBusy(f"status {status}", str(math.ceil(asked.total_seconds())), hub=self.hub)
        raise HubAnsweredWrongly(f"status {status}", status, body, hub=self.hub)

    def _channel(
        self, url: str, sign_in: Mapping[str, str], cancelled: Cancelled, stack: ExitStack
    ) -> ClientConnection:
        self._pace.enter()
        headers = {"User-Agent": AGENT, **sign_in}
        patience_s = self.limits.ready_timeout_s

        def opened(connection: socket.socket) -> AbstractContextManager[ClientConnection]:
            return open_events(connection, url, headers, patience_s, self.check, self.hub)

        return stack.enter_context(self._line.channel(opened, cancelled))

    @contextmanager
    def _exchange(self, call: Call, deadline_s: float, cancelled: Cancelled) -> Iterator[Opened]:
        """Give an answer, whatever its status, after what may be repeated was repeated."""
        with ExitStack() as stack:
            yield self._repeated(call, deadline_s, cancelled, stack)

    def _repeated(self, call: Call, deadline_s: float, cancelled: Cancelled, stack: ExitStack) -> Opened:
        repeats = _REPEATS if call.method in _REPEATED else 0
        for step in range(repeats):
            wait_s = jittered(step, _FIRST_REPEAT_S, _LONGEST_REPEAT_S)
            try:
                opened = self._signed(call, deadline_s, cancelled, stack)
            except HubDropped:
                self._rest(wait_s, cancelled)
                continue
            asked_s = self._note_wait(opened)
            if opened.status not in _BUSY or asked_s > _LONGEST_REPEAT_S:
                return opened
            stack.close()
            self._rest(asked_s + wait_s, cancelled)
        opened = self._signed(call, deadline_s, cancelled, stack)
        self._note_wait(opened)
        return opened

    def _note_wait(self, opened: Opened) -> float:
        """Return how long the hub asks to be left alone, in seconds, and hold all requests to it."""
        if opened.status not in _BUSY:
            return 0.0
        asked = wait_asked(opened.headers.get("retry-after", ""), self._clock())
        self._pace.told_to_wait(asked)
        return asked.total_seconds()

    def _signed(self, call: Call, deadline_s: float, cancelled: Cancelled, stack: ExitStack) -> Opened:
        """Send with the sign-in; where that is not accepted, renew it once and send once more."""
        if not self.is_open_to(call.path):
            return self._unsigned(call, deadline_s, cancelled, stack)
        headers = self._sign_in.headers(cancelled)
        opened = self._sent(call, headers, deadline_s, cancelled, stack)
        if opened.status != 401 or not self._sign_in.renew(headers, cancelled):
            return opened
        stack.close()
        headers = self._sign_in.headers(cancelled)
        opened = self._sent(call, headers, deadline_s, cancelled, stack)
        if opened.status == 401:
            raise self._sign_in.refusal(headers)
        return opened

    def _unsigned(self, call: Call, deadline_s: float, cancelled: Cancelled, stack: ExitStack) -> Opened:
        """Ask beside the hub's root without the sign-in: it may be another's place on the same origin."""
        opened = self._sent(call, {}, deadline_s, cancelled, stack)
        if opened.status in (401, 403):
            raise BesideRoot(f"status {opened.status}", hub=self.hub, place=place_words(call.path))
        return opened

    def _sent(
        self, call: Call, headers: Mapping[str, str], deadline_s: float, cancelled: Cancelled, stack: ExitStack
    ) -> Opened:
        self._pace.enter()
        try:
            opened = stack.enter_context(self._line.opened(call, headers, deadline_s, cancelled))
        except UntrustedHub:
            raise
        except HubUnreachable:
            self._pace.failed()
            raise
        self._pace.answered()
        return opened

    def _rest(self, seconds: float, cancelled: Cancelled) -> None:
        until = time.monotonic() + seconds
        while (remaining := until - time.monotonic()) > 0:
            if cancelled():
                raise TransferCancelled("cancelled", hub=self.hub)
            time.sleep(min(_NAP_S, remaining))
