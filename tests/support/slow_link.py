"""A link of limited speed in front of one hub: passes bytes on as they come, and counts the objects that began."""

import contextlib
import socket
import threading
import time
from types import TracebackType
from urllib.parse import urlsplit

_PIECE_BYTES = 16_384
_MARK = b"DICM"


class SlowLink:
    """A relay on loopback, from ``with`` to its end; ``begun`` counts Part 10 objects whose first bytes passed."""

    def __init__(self, url: str, bytes_per_s: float) -> None:
        parts = urlsplit(url)
        self._hub = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._bytes_per_s = bytes_per_s
        self._server = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._changed = threading.Condition()
        self.begun = 0
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}{parts.path}"

    def wait_until(self, count: int, timeout_s: float) -> bool:
        """Wait until so many objects have begun, and say whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: self.begun >= count, timeout_s)

    def __enter__(self) -> "SlowLink":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._server, *self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            far = socket.create_connection(self._hub)
            # What lies in the buffers of a fast local link has not travelled yet.
            near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PIECE_BYTES)
            self._sockets += [near, far]
            threading.Thread(target=self._pass_on, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(far, near, True), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_slow: bool) -> None:
        tail = b""
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE_BYTES):
                if is_slow:
                    time.sleep(len(piece) / self._bytes_per_s)
                    self._count(tail + piece)
                    tail = piece[-len(_MARK) + 1 :]
                target.sendall(piece)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _count(self, passing: bytes) -> None:
        with self._changed:
            self.begun += passing.count(_MARK)
            self._changed.notify_all()
