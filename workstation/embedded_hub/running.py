"""Running the embedded hub: blocking for the command line, in a thread for demonstration and tests."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import uvicorn
from pydicom.config import IGNORE, settings

from workstation.embedded_hub.app import EmbeddedHub
from workstation.embedded_hub.errors import PortUnavailable
from workstation.embedded_hub.services import SERVICE_PATH

LOOPBACK = "127.0.0.1"
SERVER_NAME = "Requis-embedded-hub"
STOP_TIMEOUT_S = 10.0
GRACE_S = 2


class RunningHub:
    """A hub in a thread of this process, from ``with`` to its end.

    Port 0 means any free port. Raises `PortUnavailable` where the port is taken.
    """

    def __init__(
        self,
        data: Path,
        port: int = 0,
        *,
        allow_origin: str | None = None,
        trusted_hosts: frozenset[str] = frozenset(),
    ) -> None:
        self._listener = listen(LOOPBACK, port)
        self.url = service_url(self._listener)
        self._port = int(self._listener.getsockname()[1])
        self._ready = threading.Event()
        hub = EmbeddedHub(data, allow_origin=allow_origin, trusted_hosts=trusted_hosts)
        self._server = _server(hub, lambda: self._ready.set())
        self._thread = threading.Thread(target=self._run, name="embedded-hub", daemon=True)

    def __enter__(self) -> "RunningHub":
        self._thread.start()
        self._ready.wait()
        if not self._server.started:
            raise PortUnavailable("the embedded hub did not start", port=self._port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_TIMEOUT_S)

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._listener.close()
            self._ready.set()


def serve(
    data: Path,
    port: int,
    host: str = LOOPBACK,
    on_ready: Callable[[str], None] | None = None,
    *,
    allow_origin: str | None = None,
    trusted_hosts: frozenset[str] = frozenset(),
) -> None:
    """Serve until the process is told to stop; ``on_ready`` gets the URL once requests are answered.

    Raises
    ------
    PortUnavailable
        The address cannot be listened on.
    """
    # This process only serves: pydicom must not write values of broken files, which may name a patient, to the log.
    settings.reading_validation_mode = IGNORE
    with listen(host, port) as listener:
        hub = EmbeddedHub(data, allow_origin=allow_origin, trusted_hosts=trusted_hosts)
        url = service_url(listener)
        _server(hub, lambda: on_ready(url) if on_ready else None).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises
    ------
    PortUnavailable
        The address is taken, not allowed or does not exist.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise PortUnavailable("cannot listen on the port", port=port) from error


def service_url(listener: socket.socket) -> str:
    """Return the root of the DICOMweb service on a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{SERVICE_PATH}"


class _Server(uvicorn.Server):
    """A server that tells when it answers."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then tell."""
        await super().startup(sockets)
        if self.started:
            self._on_started()


def _server(hub: EmbeddedHub, on_started: Callable[[], None]) -> _Server:
    config = uvicorn.Config(
        hub.application(),
        loop="asyncio",
        http="h11",
        ws="websockets-sansio",
        lifespan="on",
        log_config=None,
        access_log=False,  # paths hold UIDs of patients' studies
        server_header=False,
        headers=[("Server", SERVER_NAME)],
        timeout_graceful_shutdown=GRACE_S,
    )
    return _Server(config, on_started)
