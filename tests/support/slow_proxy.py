"""A hub far away: passes every request on, after a moment, and can be told to count them."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import requests

_PASSED_ON = ("Accept", "Content-Type")
_TIMEOUT_S = 30


class SlowProxy:
    """A proxy on loopback in front of one hub, from ``with`` to its end; ``seen`` are methods of requests passed on."""

    def __init__(self, url: str, delay_s: float) -> None:
        root, self._path = url[: url.index("/", 8)], url[url.index("/", 8) :]
        self.seen: list[str] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._pass_on()

            def do_POST(self) -> None:
                self._pass_on()

            def do_PUT(self) -> None:
                self._pass_on()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

            def _pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                time.sleep(delay_s / 2)
                headers = {name: self.headers[name] for name in _PASSED_ON if self.headers[name]}
                answer = requests.request(
                    self.command, root + self.path, data=body, headers=headers, timeout=_TIMEOUT_S
                )
                proxy.seen.append(self.command)
                time.sleep(delay_s / 2)
                self.send_response(answer.status_code)
                if answer.headers.get("Content-Type"):
                    self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Forget clients that were killed."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{self._path}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "SlowProxy":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
