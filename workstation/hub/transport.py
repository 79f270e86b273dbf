"""How bytes travel to one hub: TLS as PS3.15 B.12 asks, no environment, no cookies, no retries, no redirects.

Nothing here knows DICOM or secrets. The adapters of requests are used without a ``requests.Session``: a session would
let the environment swap the trust root, replace the sign-in by the one of ``.netrc`` or name a proxy, keep cookies,
and read the body of a redirect to its end before anyone can stop it.
"""

import socket
import ssl

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH

CONNECTIONS = 8


class _TlsAdapter(HTTPAdapter):
    """The adapter whose connections use our own TLS context."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=CONNECTIONS, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: object) -> None:
        """Build the pool on our context."""
        super().init_poolmanager(connections, maxsize, block, **{**options, "ssl_context": self._context})


class Transport:
    """Connections to one hub, kept open between requests. Safe for use from several threads."""

    def __init__(self, ca_file: str) -> None:
        self._trust = trust_file(ca_file)
        self._context = tls_context(ca_file)
        self._tls = _TlsAdapter(self._context)
        self._plain = HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS, max_retries=0)

    def send(self, request: requests.PreparedRequest, timeout: tuple[float, float]) -> requests.Response:
        """Send one request and return its answer as soon as the headers are there.

        ``timeout`` is (connecting, waiting for one piece), in seconds.
        """
        adapter = self._tls if (request.url or "").startswith("https:") else self._plain
        return adapter.send(request, stream=True, timeout=timeout, verify=self._trust, proxies=None)

    def connect(self, host: str, port: int, is_tls: bool, timeout_s: float) -> socket.socket:
        """Return a new connection, for what is not one request and one answer."""
        plain = socket.create_connection((host, port), timeout_s)
        try:
            connection = self._context.wrap_socket(plain, server_hostname=host) if is_tls else plain
        except OSError:
            plain.close()
            raise
        connection.settimeout(None)
        return connection

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._tls.close()
        self._plain.close()


def trust_file(ca_file: str) -> str:
    """Return the certificates to trust: the configured file alone, else those shipped with requests."""
    return ca_file or str(DEFAULT_CA_BUNDLE_PATH)


def tls_context(ca_file: str) -> ssl.SSLContext:
    """Return a client context: TLS 1.2 or later, names checked, no key log. Source: PS3.15 B.12."""
    # Made by hand, because ssl.create_default_context would honour SSLKEYLOGFILE.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=trust_file(ca_file))
    return context
