"""Certificates in front of real hubs (N14, V10): who does not prove to be the hub gets nothing and gives nothing."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509

from tests.faults.conftest import RealHub
from tests.support.called_commands import CalledCommands
from tests.support.certificates import Authority, Credential
from tests.support.fault_proxy import FaultProxy
from tests.support.hub_clients import inspect, sleep_not
from tests.support.instances import store
from tests.workstation.hub.test_tls import BAD, pin
from tests.workstation.retrieval.desk import STUDY, Desk, series_of
from tests.workstation.store.samples import HUB
from workstation.domain.hub import HubSettings, SignInKind
from workstation.embedded_hub.running import RunningHub
from workstation.hub.errors import HubUnreachable, UntrustedHub
from workstation.hub.protocol import HubClient
from workstation.hub.registry import open_hub
from workstation.translations import languages, translator

OLD = {"TLS 1.0": ssl.TLSVersion.TLSv1, "TLS 1.1": ssl.TLSVersion.TLSv1_1}


def served(one: Credential, folder: Path, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(one.write(folder))
    if version is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
    return context


@contextmanager
def client_at(url: str, ca_file: Path | str, pins: tuple[str, ...] = ()) -> Iterator[HubClient]:
    settings = HubSettings(HUB, url, SignInKind.BEARER, secret="token", ca_file=str(ca_file), pins=pins)
    client = open_hub(settings, inspect, sleep=sleep_not)
    try:
        yield client
    finally:
        client.close()


def assert_nothing_passes(
    desk: Desk, proxy: FaultProxy, ca_file: Path | str, kind: type[HubUnreachable], pins: tuple[str, ...] = ()
) -> None:
    """Pull: it is refused in words, no request arrives, and nothing is kept."""
    with client_at(proxy.url.replace("http:", "https:"), ca_file, pins) as client, pytest.raises(kind) as raised:
        desk.retrieval.pull(client, STUDY)
    assert proxy.seen == []
    assert desk.is_empty()
    for language in languages():
        said = translator(language).error(raised.value)
        assert HUB in said
        assert translator(language).text(f"errors.{raised.value.key}", hub=HUB) == said


def test_v10_a_hub_that_proves_itself_gives_the_study(desk: Desk, real_hub: RealHub, tmp_path: Path) -> None:
    authority = Authority()
    hub = authority.issue()
    with (
        FaultProxy(real_hub.url, tls=served(hub, tmp_path)) as proxy,
        client_at(proxy.url, authority.write(tmp_path, lists=True), (pin(hub),)) as client,
    ):
        assert desk.retrieval.pull(client, STUDY).is_complete
        assert {one.headers["authorization"] for one in proxy.seen} == {"Bearer token"}


@pytest.mark.parametrize("name", BAD)
def test_v10_a_hub_that_does_not_prove_itself_gets_nothing(
    desk: Desk, real_hub: RealHub, tmp_path: Path, name: str
) -> None:
    """Expired, self-signed, of an unknown authority, revoked, or with another key than pinned.

    Revoked is what a list says that stands beside the authority. What a server staples of OCSP is not read: the
    ``ssl`` of Python does not offer it.
    """
    authority = Authority()
    credential, given = BAD[name](authority, tmp_path)
    ca_file, pins = str(given.get("ca_file") or authority.write(tmp_path)), tuple(map(str, given.get("pins", ())))
    with FaultProxy(real_hub.url, tls=served(credential, tmp_path)) as proxy:
        assert_nothing_passes(desk, proxy, ca_file, UntrustedHub, pins)


def test_v10_a_hub_of_another_name_gets_nothing(desk: Desk, real_hub: RealHub, tmp_path: Path) -> None:
    authority = Authority()
    other = authority.issue(x509.DNSName("other.example"))
    with FaultProxy(real_hub.url, tls=served(other, tmp_path)) as proxy:
        assert_nothing_passes(desk, proxy, authority.write(tmp_path), UntrustedHub)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("version", OLD.values(), ids=OLD)
def test_v10_a_hub_of_an_old_tls_gets_nothing(
    desk: Desk, real_hub: RealHub, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    authority = Authority()
    with FaultProxy(real_hub.url, tls=served(authority.issue(), tmp_path, version)) as proxy:
        assert_nothing_passes(desk, proxy, authority.write(tmp_path), HubUnreachable)


def test_v10_a_hub_without_tls_at_a_secure_address_gets_nothing(desk: Desk, real_hub: RealHub, tmp_path: Path) -> None:
    with FaultProxy(real_hub.url) as proxy:
        assert_nothing_passes(desk, proxy, Authority().write(tmp_path), HubUnreachable)


def test_n14_the_command_line_says_so_in_words_and_offers_no_way_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    authority, command = Authority(), CalledCommands(tmp_path / "profile", monkeypatch, capsys)
    expired, sound = authority.issue(days=-1), authority.issue()
    with RunningHub(tmp_path / "hub") as hub, FaultProxy(hub.url, tls=served(expired, tmp_path)) as proxy:
        store(hub.url, *series_of(2)).raise_for_status()
        command.json("hub", "add", "hub", proxy.url, "--ca", authority.write(tmp_path))
        assert command.refused("pull", STUDY) == translator("en").text("errors.hub.untrusted", hub="hub")
        assert proxy.seen == []
        for option in ("--insecure", "--no-verify", "--force"):
            assert command.run("pull", STUDY, option).status == 2
        proxy.cut_off()
        proxy.tls = served(sound, tmp_path)
        proxy.come_back()
        assert all(one["missing"] == 0 for one in command.json("pull", STUDY)["series"])
