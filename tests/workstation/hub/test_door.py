"""The one HTTP door: where requests go, what they carry, and when they end."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.stub_hub import Answering, Exchange, StubHub, running_stub
from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.identifiers import HubName
from workstation.hub.addresses import HubAddress, place_words
from workstation.hub.door import Call, Door, DoorLimits
from workstation.hub.errors import (
    BesideRoot,
    ForeignOrigin,
    HubAnsweredWrongly,
    HubBusy,
    HubRefused,
    HubUnreachable,
    NotOnHub,
    TransferCancelled,
    TransferCut,
    TransferTooLarge,
    UnusableAddress,
)
from workstation.translations import languages, translator

TOKEN = "token-of-this-hub"
FAST = DoorLimits(connect_timeout_s=2, read_timeout_s=2, deadline_s=1.0, transfer_deadline_s=1.0, answer_bytes=50_000)
LOOPBACK = "http://127.0.0.1:8042/dicom-web"


@contextmanager
def door_to(url: str, limits: DoorLimits | None = None) -> Iterator[Door]:
    settings = HubSettings(HubName("hub"), url, SignInKind.BEARER, secret=TOKEN)
    door = Door(settings, limits)
    try:
        yield door
    finally:
        door.close()


@contextmanager
def stub_and_door(answer: Answering, limits: DoorLimits | None = None) -> Iterator[tuple[StubHub, Door]]:
    with running_stub(answer) as stub, door_to(stub.url, limits) as door:
        yield stub, door


def test_the_sign_in_goes_with_each_request_and_cookies_do_not_come_back() -> None:
    def answer(exchange: Exchange) -> None:
        exchange.reply(200, b"[]", Content_Type="application/dicom+json", Set_Cookie="session=1; Path=/")

    with stub_and_door(answer) as (stub, door):
        assert door.ask(Call("GET", "/studies", (("PatientID", "A B"),))).body == b"[]"
        door.ask(Call("GET", "/studies"))
    assert [seen.headers["authorization"] for seen in stub.seen] == [f"Bearer {TOKEN}"] * 2
    assert all("cookie" not in seen.headers for seen in stub.seen)
    assert stub.seen[0].path == "/dicom-web/studies?PatientID=A%20B"


def test_one_connection_serves_many_requests() -> None:
    with stub_and_door(lambda exchange: exchange.reply(200, b"x" * 200_000), DoorLimits()) as (stub, door):
        for _ in range(5):
            door.ask(Call("GET", "/studies"))
        assert stub.connections == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed_and_the_other_server_sees_nothing(status: int) -> None:
    with running_stub(lambda exchange: exchange.reply(200)) as evil:
        location = f"{evil.url}/studies"
        with (
            stub_and_door(lambda exchange: exchange.reply(status, Location=location)) as (_, door),
            pytest.raises(HubAnsweredWrongly),
        ):
            door.ask(Call("GET", "/studies"))
    assert evil.seen == []


def test_the_environment_changes_neither_route_nor_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_stub(lambda exchange: exchange.reply(200)) as evil:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login someone password else\n")
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / ".netrc").write_text("default login someone password else\n")
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, evil.url)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nothing.pem"))
        with stub_and_door(lambda exchange: exchange.reply(200)) as (stub, door):
            door.ask(Call("GET", "/studies"))
    assert [seen.headers["authorization"] for seen in stub.seen] == [f"Bearer {TOKEN}"]
    assert evil.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/dicom-web/studies",
        "http://127.0.0.1:8043/dicom-web/studies",
        "https://127.0.0.1:8042/dicom-web/studies",
        "file:///etc/passwd",
        "http://127.0.0.1:8042@evil.example/dicom-web",
        "http://hub@127.0.0.1:8042/dicom-web",
        "//evil.example/dicom-web",
        "http://[::1]:8042/dicom-web",
        "http://xn--127-abc:8042/dicom-web",
        "http://127.0.0.1.:8042/dicom-web",
        "http://127.0.0.1:8042\\@evil.example/",
        "http://127.0.0.1:8042\t@evil.example/",
        "http://127.0.0.1:80420/",
        "http://[::1",
    ],
)
def test_an_address_outside_the_origin_is_refused(url: str) -> None:
    with door_to(LOOPBACK) as door, pytest.raises(ForeignOrigin):
        door.rewrite(url)


HOSTILE = {
    "another host": "http://localhost:{port}/bulk",
    "another port": "http://127.0.0.1:{port}/bulk",
    "another scheme": "https://127.0.0.1:{hub}/bulk",
    "a file": "file:///etc/passwd",
    "user information": "http://127.0.0.1:{hub}@127.0.0.1:{port}/bulk",
    "a hub as user": "http://hub@127.0.0.1:{port}/bulk",
    "no scheme": "//127.0.0.1:{port}/bulk",
    "IPv6": "http://[::1]:{port}/bulk",
    "IPv4 in IPv6": "http://[::ffff:127.0.0.1]:{port}/bulk",
    "punycode": "http://xn--127-abc:{port}/bulk",
    "a trailing dot": "http://localhost.:{port}/bulk",
    "a backslash": "http://127.0.0.1:{hub}\\@127.0.0.1:{port}/bulk",
    "a tab": "http://127.0.0.1:\t{port}/bulk",
    "another notation": "http://2130706433:{port}/bulk",
    "a new line": "http://127.0.0.1:{hub}/\r\nHost: 127.0.0.1:{port}",
}


@pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE)
def test_an_address_in_an_answer_never_reaches_another_server(url: str) -> None:
    """Each stands in a description as the hub sent it, and is asked for as the workstation would."""

    def describe(exchange: Exchange) -> None:
        bulk = url.format(port=urlsplit(evil.url).port, hub=urlsplit(stub.url).port)
        header = {"7FE00010": {"vr": "OW", "BulkDataURI": bulk}}
        exchange.reply(200, json.dumps([header]).encode(), Content_Type="application/dicom+json")

    with running_stub(lambda exchange: exchange.reply(200)) as evil, stub_and_door(describe) as (stub, door):
        told = json.loads(door.ask(Call("GET", "studies/1/metadata")).body)[0]["7FE00010"]["BulkDataURI"]
        with pytest.raises(ForeignOrigin):
            door.rewrite(told)
        with suppress(ForeignOrigin):
            # Without a scheme it is a path, and goes to the hub.
            door.ask(Call("GET", told))
        with suppress(ForeignOrigin, HubAnsweredWrongly), door.events(told):
            pass
        assert evil.seen == []
        assert evil.connections == 0


def test_a_foreign_bulk_address_is_refused_before_anything_is_sent() -> None:
    with (
        running_stub(lambda exchange: exchange.reply(200)) as evil,
        stub_and_door(lambda exchange: exchange.reply(200)) as (stub, door),
    ):
        with pytest.raises(ForeignOrigin):
            door.ask(Call("GET", f"{evil.url}/bulk/1"))
        assert evil.seen == []
        assert stub.seen == []


def test_addresses_of_the_hub_are_rebuilt_on_its_root() -> None:
    with door_to(f"{LOOPBACK}/") as door:
        assert door.root == LOOPBACK
        assert door.rewrite("studies/1?x=2#there") == f"{LOOPBACK}/studies/1?x=2"
        assert door.rewrite("HTTP://127.0.0.1:8042/dicom-web/bulk") == f"{LOOPBACK}/bulk"
        assert door.rewrite("/other/bulk") == "http://127.0.0.1:8042/other/bulk"


BESIDE = {
    "another application": "{origin}/other-app/studies/1.2/bulk/1",
    "a root that begins alike": "{origin}/dicom-web2/studies/1.2",
    "steps upwards": "{origin}/dicom-web/../other-app/1",
    "relative": "../other-app/1",
    "steps that are quoted": "{origin}/dicom-web/%2e%2e/other-app/1",
    "steps that are quoted twice": "{origin}/dicom-web/%252e%252e/other-app/1",
    "steps behind a quoted slash": "{origin}/dicom-web/x%2F..%2F..%2Fother-app/1",
    "steps with parameters": "{origin}/dicom-web/..;a=b/other-app/1",
}


@pytest.mark.parametrize("url", BESIDE.values(), ids=BESIDE)
def test_what_lies_beside_the_root_is_asked_without_the_sign_in_and_says_so_where_one_is_needed(url: str) -> None:
    with stub_and_door(lambda exchange: exchange.reply(401)) as (stub, door):
        with pytest.raises(BesideRoot) as raised, door.transfer(Call("GET", url.format(origin=_origin_of(stub)))):
            pass
        assert ["authorization" in seen.headers for seen in stub.seen] == [False]
    assert all("--beside" in translator(language).error(raised.value) for language in languages())


def test_a_place_beside_the_root_that_the_settings_name_gets_the_sign_in() -> None:
    def given(path: str) -> bool:
        stub.seen.clear()
        door.ask(Call("GET", path))
        return "authorization" in stub.seen[0].headers

    with running_stub(lambda exchange: exchange.reply(200, b"[]")) as stub:
        door = Door(HubSettings(HubName("hub"), stub.url, SignInKind.BEARER, secret=TOKEN, beside=("wado-rs/",)))
        origin = _origin_of(stub)
        assert given(f"{origin}/wado-rs/studies/1.2/series/1.3")
        assert given(f"{origin}/dicom-web/studies/1.2")
        assert given("studies/1.2/series/1.3")
        assert not given(f"{origin}/wado-rs-of-another/studies/1.2")
        door.close()


def test_the_place_that_a_person_is_told_holds_no_identifier() -> None:
    assert place_words("https://hub/tenant/rs/studies/1.2.3/series/4") == "/tenant/rs"
    assert place_words("https://hub/bulk/1.2.3?patient=P1") == "/bulk"
    assert place_words("https://hub/studies/1.2.3/series/4") == "/studies"


@pytest.mark.parametrize(
    "root", ["/klinik-münchen/rs", "/x^y/rs", "/tenant|1/rs", "/{a}/rs", "/a/../rs", "/a/%2e%2e/rs"]
)
def test_whatever_the_root_is_written_with_it_is_asked_with_the_sign_in(root: str) -> None:
    with running_stub(lambda exchange: exchange.reply(200, b"[]")) as stub:
        origin = _origin_of(stub)
        with door_to(f"{origin}{root}") as door:
            for path in ("studies", f"{origin}{root}/studies/1.2", f"{origin}{root}/../other/1", f"{origin}/other/1"):
                door.ask(Call("GET", path))
        assert ["authorization" in seen.headers for seen in stub.seen] == [True, True, False, False]


def test_a_place_beside_the_root_is_found_however_it_is_quoted() -> None:
    hub = HubAddress(LOOPBACK, "hub", ("/bilder-münchen",))
    assert hub.is_own("http://127.0.0.1:8042/bilder-münchen/studies/1.2")
    assert hub.is_own("http://127.0.0.1:8042/bilder-m%C3%BCnchen/studies/1.2")


def _origin_of(stub: StubHub) -> str:
    return stub.url.removesuffix("/dicom-web")


@pytest.mark.parametrize("url", ["ftp://hub/", "https://user:word@hub/", "hub", "https://hub/?a=1", "http://h:99999/"])
def test_an_unusable_configured_address_is_refused(url: str) -> None:
    with pytest.raises(UnusableAddress):
        Door(HubSettings(HubName("hub"), url))


def test_a_server_that_drips_is_cut_at_the_deadline() -> None:
    def drip(exchange: Exchange) -> None:
        exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(200):
            exchange.raw(b"x")
            time.sleep(0.1)

    started = time.monotonic()
    with stub_and_door(drip, FAST) as (_, door), pytest.raises(TransferCut):
        door.fetch(Call("GET", "/studies"))
    assert time.monotonic() - started < 15.0


def test_a_cancelled_transfer_ends_between_pieces() -> None:
    def drip(exchange: Exchange) -> None:
        exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(40):
            exchange.raw(b"x")
            time.sleep(0.05)

    pieces: list[bytes] = []
    with (
        stub_and_door(drip) as (_, door),
        door.transfer(Call("GET", "/studies"), lambda: len(pieces) >= 2) as streamed,
        pytest.raises(TransferCancelled),
    ):
        pieces.extend(streamed.chunks)
    assert len(pieces) == 2


def test_an_answer_beyond_the_cap_is_refused() -> None:
    with (
        stub_and_door(lambda exchange: exchange.reply(200, b"x" * 60_000), FAST) as (_, door),
        pytest.raises(TransferTooLarge),
    ):
        door.fetch(Call("GET", "/studies"))


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nshort",
    ],
)
def test_a_body_that_ends_early_is_a_cut(content: bytes) -> None:
    with (
        stub_and_door(lambda exchange: exchange.raw(content, close=True)) as (_, door),
        pytest.raises(TransferCut),
    ):
        door.fetch(Call("GET", "/studies"))


def test_chunked_bodies_are_joined() -> None:
    content = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with stub_and_door(lambda exchange: exchange.raw(content)) as (stub, door):
        assert door.fetch(Call("GET", "/a")).body == b"abcde"
        assert door.fetch(Call("GET", "/b")).body == b"abcde"
        assert stub.connections == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, HubRefused), (403, HubRefused), (404, NotOnHub), (410, NotOnHub), (503, HubBusy), (500, HubAnsweredWrongly)],
)
def test_each_status_has_its_error(status: int, error: type[Exception]) -> None:
    with stub_and_door(lambda exchange: exchange.reply(status)) as (_, door), pytest.raises(error):
        door.ask(Call("GET", "/studies"))


def test_a_login_page_is_a_refusal() -> None:
    with (
        stub_and_door(lambda exchange: exchange.reply(200, b"<html>", Content_Type="text/html")) as (_, door),
        pytest.raises(HubRefused),
    ):
        door.ask(Call("GET", "/studies"))


def test_nobody_there_is_unreachable() -> None:
    with running_stub(lambda exchange: exchange.reply(200)) as stub:
        url = stub.url
    with door_to(url, FAST) as door, pytest.raises(HubUnreachable):
        door.ask(Call("GET", "/studies"))
