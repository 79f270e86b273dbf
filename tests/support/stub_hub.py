"""A tiny HTTP server whose answers a test writes: for what no real hub does on demand."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Exchange:
    """One request being answered: ``reply`` for whole answers, ``raw`` for faulty ones."""

    def __init__(self, handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        self._handler = handler
        self.seen = seen
        self.connection: socket.socket = handler.connection

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.send_header("Content-Length", str(len(body)))
        self._handler.end_headers()
        self._handler.wfile.write(body)

    def raw(self, content: bytes, close: bool = False) -> None:
        self._handler.wfile.write(content)
        self._handler.wfile.flush()
        if close:
            self._handler.close_connection = True


Answering = Callable[[Exchange], None]


@dataclass
class StubHub:
    """The running stub: where it is and what it has seen."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0


@contextmanager
def running_stub(answer: Answering) -> Iterator[StubHub]:
    """Serve on a free port of the loopback interface for as long as the block runs."""
    stub = StubHub("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            stub.connections += 1
            super().setup()

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.command, self.path, headers, self.rfile.read(length))
            stub.seen.append(seen)
            try:
                answer(Exchange(self, seen))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    for method in ("GET", "POST", "PUT", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.handle_any)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_address[1]}/dicom-web"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def path_of(seen: Seen) -> str:
    """Return the path below the stub's root, without the query."""
    return urlsplit(seen.path).path.removeprefix("/dicom-web")
