"""Where the browser comes back to: a page on this machine, for as long as one sign-in takes. Source: RFC 8252 7.3, 8.9.

Anybody on this machine, and any web page, can ask for it; only what carries the secret state of this sign-in counts,
and everything else is answered and forgotten.
"""

import hmac
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from workstation.hub.errors import SignInFailed, TransferCancelled
from workstation.hub.exchange import Cancelled

PATH: Final = "/signed-in"
PATIENCE_S: Final = 300.0
_POLL_S: Final = 0.2
_REQUEST_S: Final = 2.0
_REQUEST_BYTES: Final = 16384
_PAGE: Final = "<!doctype html><meta charset=utf-8><title>Requis</title><p>{text}</p>"


class Loopback:
    """Listens on a port of the loopback interface that the system chooses; a ``with`` block closes it."""

    def __init__(self, state: str, page: str, hub: str) -> None:
        self._state = state
        self._page = page
        self._hub = hub
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_POLL_S)
        self._host = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> "Loopback":
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    @property
    def address(self) -> str:
        """The redirect URI."""
        return f"http://{self._host}{PATH}"

    def wait(self, cancelled: Cancelled) -> Mapping[str, str]:
        """Return the parameters with which the browser came back.

        Raises
        ------
        TransferCancelled
            The person gave up.
        SignInFailed
            Nobody came within five minutes.
        """
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if cancelled():
                raise TransferCancelled("cancelled", hub=self._hub)
            with suppress(TimeoutError):
                connection, _ = self._listener.accept()
                with connection:
                    found = self._serve(connection)
                if found is not None:
                    return found
        raise SignInFailed("nobody came back from the browser", hub=self._hub)

    def _serve(self, connection: socket.socket) -> Mapping[str, str] | None:
        with suppress(OSError):
            found = self._answered(_request(connection))
            status, text = ("200 OK", self._page) if found is not None else ("404 Not Found", "")
            body = _PAGE.format(text=escape(text)).encode()
            head = (
                f"HTTP/1.1 {status}",
                "Content-Type: text/html; charset=utf-8",
                f"Content-Length: {len(body)}",
                "Cache-Control: no-store",
                "Referrer-Policy: no-referrer",
                "Connection: close",
            )
            with suppress(OSError):
                connection.sendall("\r\n".join((*head, "", "")).encode("ascii") + body)
            return found
        return None

    def _answered(self, request: bytes) -> Mapping[str, str] | None:
        """Return the parameters of a request that is ours."""
        lines = request.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        headers = [line.lower().replace(" ", "") for line in lines[1:]]
        if len(words) != 3 or words[0] != "GET" or f"host:{self._host}" not in headers:
            return None
        split = urlsplit(words[1])
        pairs = parse_qsl(split.query, keep_blank_values=True)
        found = dict(pairs)
        is_ours = hmac.compare_digest(found.get("state", "").encode(), self._state.encode())
        return found if split.path == PATH and is_ours and len(found) == len(pairs) else None


def _request(connection: socket.socket) -> bytes:
    """Return the head of one request, as far as it comes within two seconds."""
    until = time.monotonic() + _REQUEST_S
    request = b""
    while b"\r\n\r\n" not in request and len(request) < _REQUEST_BYTES:
        connection.settimeout(max(0.01, until - time.monotonic()))
        piece = connection.recv(_REQUEST_BYTES)
        if not piece:
            break
        request += piece
    return request
