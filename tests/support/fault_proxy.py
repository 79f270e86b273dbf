"""A proxy that spoils answers by seed, in front of a real hub: an Orthanc or the embedded one.

Which requests meet which fault depends on the seed, on what is asked for and on how often it was asked before; not on
the order in which parallel requests arrive. The same seed is the same day on the same bad line.
"""

import os
import re
import socket
import ssl
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit
from zlib import crc32

import numpy as np

from tests.support.faults import MULTIPART_ONLY, Ending, Fault, Reply, chunked, late, pieces
from tests.support.ports import free_port

_HOP_BY_HOP = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive"})
_METHODS = ("GET", "POST", "PUT", "DELETE")
_TIMEOUT_S = 60.0
_RESET = struct.pack("ii", 1, 0)

Gate = Callable[[str, Mapping[str, str]], Reply | None]
"""What stands before a hub: it answers by path and headers (names in lower case), or lets a request through."""


@dataclass(frozen=True, slots=True)
class Spoil:
    """Which answers are spoilt: a ``share`` of those to ``method`` with ``path`` in the address, ``most`` at most."""

    faults: Sequence[Fault]
    seed: int = 1
    share: float = 1.0
    path: str = ""
    method: str = "GET"
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """One request that came, its headers, and the name of what was done to its answer (empty: nothing)."""

    method: str
    path: str
    fault: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FaultProxy:
    """The proxy, from ``with`` to its end. ``spoils`` may be replaced at any time; the first that applies is used.

    ``cut_off`` closes the port and every connection, as a machine that went away; ``come_back`` opens the same port.
    With ``tls`` it is spoken to over TLS; what a ``gate`` answers never reaches the hub.
    """

    target: str
    spoils: Sequence[Spoil] = ()
    tls: ssl.SSLContext | None = None
    gate: Gate | None = None
    seen: list[Passed] = field(default_factory=list)
    url: str = ""
    errors: list[BaseException] = field(default_factory=list)
    _asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    _spoilt: Counter[int] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: "_Server | None" = None
    _thread: threading.Thread | None = None
    _port: int = field(default_factory=free_port)

    def __enter__(self) -> "FaultProxy":
        self.come_back()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut_off()
        if self.errors and error is None:
            raise self.errors[0]

    @property
    def faults(self) -> Counter[str]:
        """How often each fault was committed."""
        return Counter(one.fault for one in self.seen if one.fault)

    def asked(self, method: str, path: str) -> list[str]:
        """Return the paths of requests whose path holds ``path``, a regular expression."""
        return [one.path for one in self.seen if one.method == method and re.search(path, one.path)]

    def come_back(self) -> None:
        """Listen, always on the same port."""
        if self._server is None:
            self._server = _Server(self, self._port)
            scheme = "https" if self.tls else "http"
            self.url = f"{scheme}://127.0.0.1:{self._port}{urlsplit(self.target).path}"
            self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
            self._thread.start()

    def cut_off(self) -> None:
        """Close the port and all connections."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.close_connections()
            self._thread.join()
            self._server = None

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Ask the hub and return its answer, spoilt or not."""
        named = {name.lower(): value for name, value in headers.items()}
        refused = self.gate(path, named) if self.gate is not None else None
        if refused is not None:
            self.seen.append(Passed(method, path, "gate", named))
            return refused
        reply = self._ask(method, path, headers, body)
        with self._lock:
            self._asked[method, path] += 1
            fault, chance = self._fault(method, path, reply)
            name = "" if fault is None else getattr(fault, "__name__", "fault")
            self.seen.append(Passed(method, path, name, named))
        return reply if fault is None else fault(reply, chance)

    def _fault(self, method: str, path: str, reply: Reply) -> tuple[Fault | None, np.random.Generator]:
        for number, spoil in enumerate(self.spoils):
            chance = np.random.default_rng([spoil.seed, crc32(path.encode()), self._asked[method, path]])
            usable = [one for one in spoil.faults if reply.is_multipart or one not in MULTIPART_ONLY]
            applies = spoil.method == method and re.search(spoil.path, path) and reply.status < 400
            if not applies or not usable or chance.random() >= spoil.share:
                continue
            if spoil.most is not None and self._spoilt[number] >= spoil.most:
                continue
            self._spoilt[number] += 1
            return usable[int(chance.integers(len(usable)))], chance
        return None, np.random.default_rng(0)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        host = urlsplit(self.target)
        connection = HTTPConnection(host.hostname or "", host.port, timeout=_TIMEOUT_S)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            return Reply(502)
        finally:
            connection.close()
        kept = {name.lower(): value for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP}
        return Reply(answer.status, kept, content)


def far_away(url: str, delay_s: float) -> FaultProxy:
    """Return a proxy that spoils nothing and lets the answer to each request come so much later."""
    return FaultProxy(url, [Spoil([late(delay_s)], method=method) for method in _METHODS])


def gone_after(proxy: FaultProxy, count: int, path: str) -> Gate:
    """Return the gate at which the hub goes away when it is asked for more than ``count`` of what has this path."""
    asked: list[str] = []

    def gate(asked_for: str, _headers: Mapping[str, str]) -> Reply | None:
        if re.search(path, asked_for) is None:
            return None
        asked.append(asked_for)
        if len(asked) == count + 1:
            threading.Thread(target=proxy.cut_off).start()
        return Reply(0, ending=Ending.HANG) if len(asked) > count else None

    return gate


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, proxy: FaultProxy, port: int) -> None:
        self.proxy = proxy
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)
        if proxy.tls is not None:
            self.socket = proxy.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def remember(self, connection: socket.socket) -> None:
        self._connections.add(connection)

    def forget(self, connection: socket.socket) -> None:
        self._connections.discard(connection)

    def close_connections(self) -> None:
        for connection in tuple(self._connections):
            _end(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Forget clients that went away; a fault that could not be committed fails the test."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.proxy.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.remember(self.connection)

    def finish(self) -> None:
        self.server.forget(self.connection)
        super().finish()

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        # What is to be spoilt must be readable here: nothing is asked for compressed.
        left_out = (*_HOP_BY_HOP, "accept-encoding")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in left_out}
        try:
            self._send(self.server.proxy.answer(self.command, self.path, headers, body))
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _send(self, reply: Reply) -> None:
        if reply.status:
            self._send_head(reply)
            for piece in self._pieces(reply):
                self.wfile.write(piece)
                time.sleep(reply.piece_s)
        if reply.ending is not Ending.KEEP:
            self.close_connection = True
        if reply.ending is Ending.HANG:
            # Until the client goes away, or the machine of the hub.
            self.connection.recv(1)
        if reply.ending is Ending.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            # An orderly shutdown, which the server does by itself, would come first.
            os.close(self.connection.detach())

    def _send_head(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunk_bytes:
            self.send_header("transfer-encoding", "chunked")
        else:
            self.send_header("content-length", str(len(reply.body) if reply.promised is None else reply.promised))
        self.end_headers()

    @staticmethod
    def _pieces(reply: Reply) -> Iterable[bytes]:
        if reply.chunk_bytes:
            return chunked(reply.body, reply.chunk_bytes)
        return pieces(reply.body) if reply.piece_s else (reply.body,)


for _method in _METHODS:
    setattr(_Handler, f"do_{_method}", _Handler.pass_on)


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
