"""Which address the hub names in its answers, and whether a request was meant for it.

The address is that of the socket that took the request. A Host header is believed only where it names this machine's
loopback or an address that the administrator declared; anything else is refused, so that a web page cannot reach the
hub through a name that it controls (DNS rebinding).
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from workstation.embedded_hub.errors import Misdirected
from workstation.embedded_hub.responses import refusal_response
from workstation.embedded_hub.services import SERVICE_PATH

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def service_root(connection: HTTPConnection) -> str:
    """Return the root of the service, such as ``http://127.0.0.1:8042/dicom-web``."""
    secure = connection.scope["scheme"] in ("https", "wss")
    host, port = connection.scope.get("server") or ("127.0.0.1", 80)
    name = _host_name(connection.headers.get("host", ""))
    if name in LOOPBACK_NAMES and host in LOOPBACK_NAMES:
        host = name
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{shown}:{port}{SERVICE_PATH}"


def websocket_root(connection: HTTPConnection) -> str:
    """Return the root of the service for WebSockets."""
    return service_root(connection).replace("http", "ws", 1)


class AddressGuard:
    """Refuses requests whose Host is not this machine, and WebSockets opened by other web sites."""

    def __init__(self, app: ASGIApp, trusted_hosts: frozenset[str], allow_origin: str | None) -> None:
        self._app = app
        self._trusted = LOOPBACK_NAMES | trusted_hosts
        self._allow_origin = allow_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan" or self._is_meant_for_us(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            refusal = Misdirected("The Host header names another machine.")
            await refusal_response(refusal)(scope, receive, send)

    def _is_meant_for_us(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        server = scope.get("server") or ("", 0)
        trusted = self._trusted | {server[0]}
        if _host_name(headers.get("host", "")) not in trusted:
            return False
        origin = headers.get("origin")
        if scope["type"] != "websocket" or origin is None or origin == self._allow_origin:
            return True
        return _host_name(urlsplit(origin).netloc) in trusted


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
