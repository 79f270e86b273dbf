"""A hub that fails by seed: the embedded hub behind a door that resets, is busy, or loses the acknowledgement.

It dies with its process, in the middle of whatever it does.
"""

import http.client
import os
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from tests.crash.fork_server import say
from workstation.embedded_hub.running import RunningHub

PATH = "/dicom-web"
FAULTS = ("reset", "busy", "lost")
# A fault in every third question that changes something, in every tenth other one.
CHANGING, ASKING = 0.35, 0.1
_TIMEOUT_S = 30
_PASSED_ON = ("Accept", "Content-Type")
_RESET = struct.pack("ii", 1, 0)


class Door(ThreadingHTTPServer):
    """Passes requests on to a hub, except those that meet a fault."""

    daemon_threads = True

    def __init__(self, port: int, hub_port: int, seed: int | None) -> None:
        super().__init__(("127.0.0.1", port), Passing)
        self.hub_port = hub_port
        self._chance = None if seed is None else np.random.default_rng(seed)
        self._guard = threading.Lock()

    def fault(self, method: str) -> str:
        """Return what befalls the next request, or nothing."""
        if self._chance is None:
            return ""
        with self._guard:
            strikes = self._chance.random() < (ASKING if method == "GET" else CHANGING)
            return FAULTS[int(self._chance.integers(len(FAULTS)))] if strikes else ""

    def handle_error(self, request: object, client_address: object) -> None:
        """Forget clients that were killed."""


class Passing(BaseHTTPRequestHandler):
    """One connection of a reader."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Door

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        fault = self.server.fault(self.command)
        body = self.rfile.read(length // 2 if fault == "reset" else length)
        if fault == "reset":
            self._reset()
        elif fault == "busy":
            self._answer(503, "text/plain", b"busy")
        else:
            status, content_type, answer = self._pass_on(body)
            if fault == "lost":
                self._reset()
            else:
                self._answer(status, content_type, answer)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _pass_on(self, body: bytes) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.hub_port, timeout=_TIMEOUT_S)
        headers = {name: self.headers[name] for name in _PASSED_ON if self.headers[name]}
        try:
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        os.close(self.connection.detach())


for _method in ("GET", "POST", "PUT"):
    setattr(Passing, f"do_{_method}", Passing.handle_any)


def main(data: str, port: int, seed: int | None) -> None:
    """Serve ``data`` at ``port`` until killed, without any fault where there is no seed."""
    sys.stdout = sys.stderr
    with RunningHub(Path(data)) as hub:
        door = Door(port, urlsplit(hub.url).port or 0, seed)
        say({"url": f"http://127.0.0.1:{port}{PATH}"})
        door.serve_forever()
