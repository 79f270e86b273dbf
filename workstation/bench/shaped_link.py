"""A link of limited speed and some distance in front of one hub, on loopback: shaped in both directions.

All connections share the link, as they would share a line; each direction has its own speed. What a fast local socket
would buffer has not travelled: small buffers keep the sender waiting as a real link does.
"""

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from urllib.parse import urlsplit

BYTES_PER_S = 20_000_000 / 8
ROUND_TRIP_S = 0.040
_PIECE_BYTES = 16_384
_BUFFER_BYTES = 65_536
# A relay that wakes late on a busy machine makes up for so much of it: a real line does not wait for a thread.
_CATCHING_UP_S = 0.1


class ShapedLink:
    """A relay from ``with`` to its end; ``url`` is the hub as it is reached through the link."""

    def __init__(self, url: str, bytes_per_s: float = BYTES_PER_S, round_trip_s: float = ROUND_TRIP_S) -> None:
        parts = urlsplit(url)
        self._hub = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._directions = (Direction(bytes_per_s, round_trip_s / 2), Direction(bytes_per_s, round_trip_s / 2))
        self._server = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}{parts.path}"

    def __enter__(self) -> "ShapedLink":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._server, *self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def follow(self) -> Callable[[bytes], None]:
        """Return who is told of each piece from the hub through one new connection, before it is given on."""
        return _untold

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._server.accept()
                far = socket.create_connection(self._hub)
                self._sockets += [near, far]
                for one in (near, far):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                ways = ((near, far, _untold), (far, near, self.follow()))
                for direction, (source, target, told) in zip(self._directions, ways, strict=True):
                    flow = _Flow(direction, source, target, told)
                    threading.Thread(target=flow.receive, daemon=True).start()
                    threading.Thread(target=flow.deliver, daemon=True).start()


class Direction:
    """One direction of the link, which carries one piece at a time."""

    def __init__(self, bytes_per_s: float, delay_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._bytes_per_s = bytes_per_s
        self._monotonic = monotonic
        self.delay_s = delay_s
        self._free_at = 0.0
        self._lock = threading.Lock()

    def carried_at(self, size_bytes: int) -> float:
        """Return when a piece that comes now has left the sender, behind all that came before it."""
        with self._lock:
            self._free_at = max(self._monotonic() - _CATCHING_UP_S, self._free_at) + size_bytes / self._bytes_per_s
            return self._free_at


class _Flow:
    """What goes one way through one connection."""

    def __init__(
        self, direction: Direction, source: socket.socket, target: socket.socket, told: Callable[[bytes], None]
    ) -> None:
        self._direction = direction
        self._source = source
        self._target = target
        self._told = told
        self._travelling: deque[tuple[float, bytes]] = deque()
        self._changed = threading.Condition()

    def receive(self) -> None:
        """Take pieces at the speed of the link, until the sender has ended."""
        piece = b"begin"
        while piece:
            piece = b""
            with contextlib.suppress(OSError):
                piece = self._source.recv(_PIECE_BYTES)
            left_at = self._direction.carried_at(len(piece))
            _sleep_until(left_at)
            with self._changed:
                self._travelling.append((left_at + self._direction.delay_s, piece))
                self._changed.notify()

    def deliver(self) -> None:
        """Give each piece to the receiver when it has travelled its way; one that is gone takes up the line no more."""
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: bool(self._travelling))
                    due_at, piece = self._travelling.popleft()
                _sleep_until(due_at)
                if not piece:
                    break
                self._told(piece)
                self._target.sendall(piece)
            self._target.shutdown(socket.SHUT_WR)
        except OSError:
            for one in (self._source, self._target):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


def _untold(_piece: bytes) -> None:
    """Nobody follows."""


def _sleep_until(moment: float) -> None:
    left = moment - time.monotonic()
    if left > 0:
        time.sleep(left)
