"""Finding a hub by its name and connecting to it, at whichever of its addresses answers first.

The system's look-up of a name cannot be ended: it runs beside, and who does not want its answer any more goes on
without it. Addresses are tried a little apart and not one after the other, so that one that leads nowhere, as IPv6
does on many networks, holds nobody up. Source: RFC 8305 5.
"""

import errno
import math
import selectors
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import Final

POLL_S: Final = 0.1
STAGGER_S: Final = 0.2
_IN_PROGRESS: Final = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, 10035)
# Option and units of a second: TCP_USER_TIMEOUT, TCP_RXT_CONNDROPTIME, TCP_MAXRT; Python names the first alone.
_SILENCES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"linux": (18, 1000), "darwin": (0x80, 1), "win32": (5, 1)}
)
_Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
Found = Sequence[tuple[socket.AddressFamily, socket.SocketKind, int, str, _Address]]


def dial(host: str, port: int, is_over: Callable[[], bool]) -> socket.socket:
    """Return a new connection, looking ten times a second whether it is still wanted.

    Raises
    ------
    OSError
        No such name, or no address of it takes a connection.
    TimeoutError
        ``is_over`` before there was one.
    """
    waiting = deque(addresses(host, port, is_over))
    code = errno.EADDRNOTAVAIL
    begin_at = 0.0
    with ExitStack() as trying, selectors.DefaultSelector() as selector:
        while waiting or selector.get_map():
            if is_over():
                raise TimeoutError("not connected")
            if waiting and (not selector.get_map() or time.monotonic() >= begin_at):
                begin_at = time.monotonic() + STAGGER_S
                family, kind, protocol, _, address = waiting.popleft()
                try:
                    begun = trying.enter_context(socket.socket(family, kind, protocol))
                except OSError as error:
                    # A family that this machine does not speak.
                    code = error.errno or code
                    continue
                begun.setblocking(False)
                code = begun.connect_ex(address)
                if code not in _IN_PROGRESS:
                    continue
                selector.register(begun, selectors.EVENT_WRITE, begun)
            for key, _ in selector.select(POLL_S):
                connection: socket.socket = key.data
                selector.unregister(connection)
                code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code == 0:
                    return _taken(connection)
    raise OSError(code, "not connected")


def end_in_silence(connection: socket.socket, seconds: float) -> None:
    """Let the system end a connection when what was sent on it is not acknowledged for so long.

    A hub that thinks acknowledges all the same; a link that is gone does not, and a connection that was kept open over
    it would otherwise be waited for as long as for a hub that thinks.
    """
    option = _SILENCES.get(sys.platform)
    if option is not None:
        connection.setsockopt(socket.IPPROTO_TCP, option[0], math.ceil(seconds * option[1]))


def addresses(host: str, port: int, is_over: Callable[[], bool]) -> Found:
    """Return the addresses of a name, as the system gives them.

    Raises
    ------
    OSError
        No such name.
    TimeoutError
        ``is_over`` before there was an answer.
    """
    answers: SimpleQueue[Found | OSError] = SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, answers), name="hub-name", daemon=True).start()
    while not is_over():
        try:
            found = answers.get(timeout=POLL_S)
        except Empty:
            continue
        if isinstance(found, OSError):
            raise found
        return found
    raise TimeoutError("name not found in time")


def _look_up(host: str, port: int, answers: "SimpleQueue[Found | OSError]") -> None:
    try:
        answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except OSError as error:
        answers.put(error)
    except UnicodeError:
        answers.put(OSError("not a name"))


def _taken(connection: socket.socket) -> socket.socket:
    """Return the connection as an object of its own: the one that was tried is closed with the others."""
    own = socket.socket(connection.family, connection.type, connection.proto, connection.detach())
    own.setblocking(True)
    own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return own
