"""The WebSocket client beside the door: what a hub tells by itself, such as events of work items. Source: PS3.18 8.10.

It goes to the hub's origin only, over the same TLS and with the same sign-in as every request. A redirect is a refusal,
messages are not compressed (so that a small one cannot become a large one), and what is not text is refused.
"""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.uri import parse_uri

from workstation.hub.errors import HubAnsweredWrongly, HubUnreachable, TransferCut

MESSAGE_BYTES: Final = 1 << 20
# The longest wait before a cancellation is looked at.
_POLL_S: Final = 0.2
_CLOSE_S: Final = 1.0
# A link that died without a word is noticed after two of these.
_PING_S: Final = 20.0

Refusal = Callable[[int, Mapping[str, str]], None]


@contextmanager
def open_events(
    connection: socket.socket, url: str, headers: Mapping[str, str], timeout_s: float, refusal: Refusal, hub: str
) -> Iterator[ClientConnection]:
    """Open a channel over a connection that is made already, for as long as the block runs.

    ``refusal`` raises the error that an HTTP status stands for.

    Raises
    ------
    HubError
        The hub does not open a channel.
    """
    protocol = ClientProtocol(parse_uri(url), max_size=MESSAGE_BYTES)
    with ClientConnection(connection, protocol, ping_interval=_PING_S, close_timeout=_CLOSE_S) as channel:
        try:
            channel.handshake(dict(headers), None, timeout_s)
        except InvalidStatus as error:
            answered = {name.lower(): value for name, value in error.response.headers.raw_items()}
            refusal(error.response.status_code, answered)
            raise HubAnsweredWrongly("no event channel", error.response.status_code, hub=hub) from error
        except InvalidHandshake as error:
            # Closed without a word, by the hub or because it was waited for long enough: that is no answer.
            if isinstance(error.__cause__, EOFError):
                raise HubUnreachable("closed without an answer", hub=hub) from error
            raise HubAnsweredWrongly("no event channel", hub=hub) from error
        except (OSError, EOFError, ConnectionClosed) as error:
            raise HubUnreachable(type(error).__name__, hub=hub) from error
        yield channel


def messages(channel: ClientConnection, cancelled: Callable[[], bool], hub: str) -> Iterator[str]:
    """Yield each message as it comes, until ``cancelled``.

    Raises
    ------
    TransferCut
        The hub closed the channel, or the link died: what happens from now on is not told any more.
    HubAnsweredWrongly
        A message that is not text.
    """
    while not cancelled():
        try:
            message = channel.recv(timeout=_POLL_S)
        except TimeoutError:
            continue
        except ConnectionClosed as error:
            raise TransferCut("event channel closed", hub=hub) from error
        if not isinstance(message, str):
            raise HubAnsweredWrongly("an event that is not text", hub=hub)
        yield message
