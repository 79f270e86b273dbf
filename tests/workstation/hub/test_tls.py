"""Certificates: only a hub that proves to be the configured one is spoken to."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.identifiers import HubName
from workstation.hub.door import Call, Door
from workstation.hub.errors import HubUnreachable, UntrustedHub

LOOPBACK = x509.IPAddress(ip_address("127.0.0.1"))


def certificate(folder: Path, name: x509.GeneralName, days: int = 1) -> Path:
    """Write a self-signed certificate with its key; it ended ``-days`` days ago where negative."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test hub")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=10))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{x509.random_serial_number()}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@contextmanager
def tls_hub(pem: Path, version: ssl.TLSVersion | None = None) -> Iterator[tuple[str, list[str]]]:
    """Serve over TLS; give the address and the sign-ins that arrive."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A refused handshake is what is tested."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    if version:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}/rs", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(url: str, ca_file: Path | str) -> int:
    door = Door(HubSettings(HubName("hub"), url, SignInKind.BEARER, secret="token", ca_file=str(ca_file)))
    try:
        return door.ask(Call("GET", "studies")).status
    finally:
        door.close()


def test_the_configured_authority_is_trusted(tmp_path: Path) -> None:
    pem = certificate(tmp_path, LOOPBACK)
    with tls_hub(pem) as (url, seen):
        assert ask(url, pem) == 204
    assert seen == ["Bearer token"]


def test_a_hub_signed_by_nobody_known_gets_nothing(tmp_path: Path) -> None:
    pem = certificate(tmp_path, LOOPBACK)
    with tls_hub(pem) as (url, seen):
        with pytest.raises(UntrustedHub):
            ask(url, "")
        with pytest.raises(UntrustedHub):
            ask(url, certificate(tmp_path, LOOPBACK))
    assert seen == []


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    pem = certificate(tmp_path, x509.DNSName("other.example"))
    with tls_hub(pem) as (url, seen), pytest.raises(UntrustedHub):
        ask(url, pem)
    assert seen == []


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    pem = certificate(tmp_path, LOOPBACK, days=-1)
    with tls_hub(pem) as (url, seen), pytest.raises(UntrustedHub):
        ask(url, pem)
    assert seen == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_tls_1_1_is_not_spoken(tmp_path: Path) -> None:
    pem = certificate(tmp_path, LOOPBACK)
    with tls_hub(pem, ssl.TLSVersion.TLSv1_1) as (url, seen), pytest.raises(HubUnreachable):
        ask(url, pem)
    assert seen == []
