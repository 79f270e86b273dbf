"""Certificates: only a hub that proves to be the configured one is spoken to, and none may look on."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.support.certificates import Authority, Credential
from tests.support.stub_hub import running_stub
from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.identifiers import HubName
from workstation.hub.door import Call, Door
from workstation.hub.errors import HubUnreachable, InsecureSignIn, UntrustedHub, UnusableCertificate
from workstation.hub.sign_in.certificate import certificate_text
from workstation.hub.trust import pin_of, tls_context


@dataclass
class Seen:
    """What arrived over TLS: sign-ins, and the names in the clients' certificates."""

    sign_ins: list[str] = field(default_factory=list)
    clients: list[object] = field(default_factory=list)


@contextmanager
def tls_hub(
    pem: Path, version: ssl.TLSVersion | None = None, client_authority: Path | None = None
) -> Iterator[tuple[str, Seen]]:
    """Serve over TLS; give the address and what arrives."""
    seen = Seen()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.sign_ins.append(self.headers.get("Authorization", ""))
            seen.clients.append(self.connection.getpeercert())
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
    if client_authority:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(client_authority)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}/rs", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(url: str, ca_file: Path | str, **settings: object) -> int:
    given = {"sign_in": SignInKind.BEARER, "secret": "token", **settings}
    door = Door(HubSettings(HubName("hub"), url, ca_file=str(ca_file), **given))
    try:
        return door.ask(Call("GET", "studies")).status
    finally:
        door.close()


def pin(one: Credential) -> str:
    return pin_of(one.certificate.public_bytes(serialization.Encoding.DER))


def test_the_configured_authority_is_trusted(tmp_path: Path) -> None:
    authority = Authority()
    with tls_hub(authority.issue().write(tmp_path)) as (url, seen):
        assert ask(url, authority.write(tmp_path)) == 204
        assert ask(url, authority.write(tmp_path, lists=True)) == 204
    assert seen.sign_ins == ["Bearer token"] * 2


def test_a_pinned_key_and_its_successor_are_accepted(tmp_path: Path) -> None:
    authority, other = Authority(), Authority()
    hub = authority.issue()
    with tls_hub(hub.write(tmp_path)) as (url, seen):
        assert ask(url, authority.write(tmp_path), pins=(pin(other.own), pin(hub))) == 204
    assert len(seen.sign_ins) == 1


def _expired(authority: Authority, _folder: Path) -> tuple[Credential, dict[str, object]]:
    return authority.issue(days=-1), {}


def _self_signed(_authority: Authority, _folder: Path) -> tuple[Credential, dict[str, object]]:
    return Authority("127.0.0.1").own, {}


def _unknown_authority(_authority: Authority, _folder: Path) -> tuple[Credential, dict[str, object]]:
    return Authority("authority of the tests").issue(), {}


def _revoked(authority: Authority, folder: Path) -> tuple[Credential, dict[str, object]]:
    hub = authority.issue()
    return hub, {"ca_file": str(authority.write(folder, hub))}


def _not_pinned(authority: Authority, _folder: Path) -> tuple[Credential, dict[str, object]]:
    return authority.issue(), {"pins": (pin(authority.own),)}


Bad = Callable[[Authority, Path], tuple[Credential, dict[str, object]]]
BAD: dict[str, Bad] = {
    "expired": _expired,
    "self-signed": _self_signed,
    "unknown authority": _unknown_authority,
    "revoked": _revoked,
    "another key than pinned": _not_pinned,
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_hub_that_does_not_prove_who_it_is_gets_nothing(bad: Bad, tmp_path: Path) -> None:
    authority = Authority()
    credential, settings = bad(authority, tmp_path)
    ca_file = str(settings.pop("ca_file", authority.write(tmp_path)))
    with tls_hub(credential.write(tmp_path)) as (url, seen):
        with pytest.raises(UntrustedHub):
            ask(url, ca_file, **settings)
        assert seen.sign_ins == []


def test_a_hub_signed_by_nobody_known_gets_nothing(tmp_path: Path) -> None:
    authority = Authority()
    with tls_hub(authority.issue().write(tmp_path)) as (url, seen):
        for ca_file in ("", Authority().write(tmp_path)):
            with pytest.raises(UntrustedHub):
                ask(url, ca_file)
    assert seen.sign_ins == []


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    authority = Authority()
    hub = authority.issue(x509.DNSName("other.example")).write(tmp_path)
    with tls_hub(hub) as (url, seen), pytest.raises(UntrustedHub):
        ask(url, authority.write(tmp_path))
    assert seen.sign_ins == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_tls_1_1_is_not_spoken(version: ssl.TLSVersion, tmp_path: Path) -> None:
    authority = Authority()
    with tls_hub(authority.issue().write(tmp_path), version) as (url, seen), pytest.raises(HubUnreachable):
        ask(url, authority.write(tmp_path))
    assert seen.sign_ins == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(version: ssl.TLSVersion, tmp_path: Path) -> None:
    authority = Authority()
    with tls_hub(authority.issue().write(tmp_path), version) as (url, _):
        assert ask(url, authority.write(tmp_path)) == 204


def test_a_hub_that_speaks_without_tls_at_a_secure_address_gets_nothing(tmp_path: Path) -> None:
    with running_stub(lambda exchange: exchange.reply(200)) as stub:
        with pytest.raises(HubUnreachable):
            ask(stub.url.replace("http:", "https:"), Authority().write(tmp_path))
        assert stub.seen == []


@pytest.mark.parametrize("kind", [kind for kind in SignInKind if kind is not SignInKind.NONE])
def test_no_sign_in_leaves_this_machine_without_tls(kind: SignInKind) -> None:
    with pytest.raises(InsecureSignIn):
        Door(HubSettings(HubName("hub"), "http://hub.example/rs", kind, secret="word"))


def test_neither_key_log_nor_authorities_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority()
    keys = tmp_path / "keys.log"
    own = authority.write(tmp_path)
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(own))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with tls_hub(authority.issue().write(tmp_path)) as (url, seen):
        assert ask(url, own) == 204
        with pytest.raises(UntrustedHub):
            ask(url, "")
    assert len(seen.sign_ins) == 1
    assert not keys.exists()
    context = tls_context("")
    assert not context.keylog_filename
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_client_shows_its_certificate_and_leaves_no_key_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority()
    client = authority.issue(x509.DNSName("workstation.example"))
    written: list[bytes] = []
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    load = ssl.SSLContext.load_cert_chain

    def looked_at(context: ssl.SSLContext, file: str, keyfile: str | None = None, password: str | None = None) -> None:
        written.append(Path(file).read_bytes())
        assert Path(file).stat().st_mode & 0o077 == 0
        load(context, file, keyfile, password)

    ca_file = authority.write(tmp_path)
    text = certificate_text(client.pkcs12(b"a word"), "a word", "hub")
    with tls_hub(authority.issue().write(tmp_path), None, ca_file) as (url, seen):
        monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", looked_at)
        assert ask(url, ca_file, sign_in=SignInKind.CERTIFICATE, secret=text) == 204
        with pytest.raises(HubUnreachable):
            ask(url, ca_file, sign_in=SignInKind.NONE, secret="")
    assert "workstation.example" in str(seen.clients)
    assert seen.sign_ins == [""]
    (content,) = written
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in content
    assert b"BEGIN PRIVATE KEY" not in content
    assert list(temporary.iterdir()) == []


def test_a_certificate_is_taken_from_either_kind_of_file_and_only_with_its_key() -> None:
    authority = Authority()
    one, other = authority.issue(), authority.issue()
    sealed = one.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"word")
    )
    text = certificate_text(one.pkcs12(b"word"), "word", "hub")
    assert certificate_text(one.pem + one.key_pem, None, "hub") == text
    assert certificate_text(one.pem + sealed, "word", "hub") == text
    for content, word in (
        (one.pkcs12(b"word"), "other"),
        (one.pem + sealed, None),
        (one.pem + other.key_pem, None),
        (one.pem, None),
        (one.key_pem, None),
        (b"", None),
        (b"-----BEGIN", None),
    ):
        with pytest.raises(UnusableCertificate):
            certificate_text(content, word, "hub")


def test_a_file_of_authorities_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for path in (tmp_path / "empty.pem", tmp_path / "absent.pem"):
        with pytest.raises(UnusableCertificate):
            Door(HubSettings(HubName("hub"), "https://hub.example/rs", ca_file=str(path)))
