"""A stream read and thrown away: what the link and the hub allow, for the benchmarks. No data of a reader's hub."""

import socket
from urllib.parse import urlsplit

from workstation.hub.errors import HubAnsweredWrongly, HubUnreachable
from workstation.hub.retrieve import ACCEPT

_BUFFER_BYTES = 1 << 20
_TIMEOUT_S = 60.0
_STATUS = slice(9, 12)


class PlainStream:
    """One answer over plain HTTP, by a bare socket; a ``with`` block closes it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname or "", parts.port or 80, parts.path
        self._buffer = bytearray(_BUFFER_BYTES)
        self._count = 0
        try:
            self._socket = socket.create_connection((self._host, self._port), _TIMEOUT_S)
        except OSError as error:
            raise HubUnreachable("no plain stream", hub=self._host) from error

    def __enter__(self) -> "PlainStream":
        lines = (f"GET {self._path} HTTP/1.1", f"Host: {self._host}:{self._port}", f"Accept: {ACCEPT}")
        self._socket.sendall("\r\n".join((*lines, "Connection: close", "", "")).encode("ascii"))
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def read(self, at_least_bytes: int | None = None) -> int:
        """Read until so many bytes have come, all of them by default; return how many there were.

        Raises
        ------
        HubAnsweredWrongly
            The answer is no success.
        """
        before = self._count
        while at_least_bytes is None or self._count < before + at_least_bytes:
            taken = self._socket.recv_into(self._buffer)
            if taken == 0:
                break
            if self._count == 0:
                self._check_status()
            self._count += taken
        return self._count - before

    def _check_status(self) -> None:
        status = bytes(self._buffer[_STATUS])
        if status != b"200":
            raise HubAnsweredWrongly("no plain stream", int(status) if status.isdigit() else 0, hub=self._host)
