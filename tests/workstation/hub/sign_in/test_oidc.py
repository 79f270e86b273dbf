"""Signing in at a real provider: once for many, renewed in time, and never with another person's token."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from tests.support.identity_provider import PERSON, Guard, redirect_of, running_provider, sign_in_as
from tests.support.stub_hub import Exchange, StubHub, running_stub
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import HubName
from workstation.hub.door import Call, Door
from workstation.hub.errors import (
    HubRefused,
    HubUnreachable,
    InsecureSignIn,
    OtherPerson,
    SignInElsewhere,
    SignInFailed,
    SignInNeeded,
    TransferCancelled,
)
from workstation.hub.sign_in.kind import Browser
from workstation.hub.sign_in.shelf import MemoryShelf

CLIENT = "requis-of-tests"
ASK = Call("GET", "studies")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_provider("--require-nonce") as found:
        yield found


@dataclass
class Hands:
    """A clock that a test moves, for the lives of tokens."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Bench:
    """A hub behind a guard, and doors to it that share one shelf."""

    issuer: str
    stub: StubHub
    guard: Guard
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    hands: Hands = field(default_factory=Hands)

    @property
    def settings(self) -> HubSettings:
        provider = IdentityProvider(self.issuer, CLIENT, "email")
        return HubSettings(HubName("hub"), self.stub.url, SignInKind.OIDC, secret="a word", provider=provider)

    @contextmanager
    def door(self) -> Iterator[Door]:
        door = Door(self.settings, monotonic=self.hands.monotonic, shelf=self.shelf)
        try:
            yield door
        finally:
            door.close()

    @contextmanager
    def signed_in(self) -> Iterator[Door]:
        with self.door() as door:
            sign_in(door)
            yield door


@pytest.fixture
def bench(issuer: str) -> Iterator[Bench]:
    guard = Guard(issuer)
    with running_stub(guard) as stub:
        yield Bench(issuer, stub, guard)


def sign_in(door: Door, browse: Callable[[str], object] = sign_in_as) -> None:
    """Sign in with a browser that is one function, in a thread as the system's browser is a process."""
    threads: list[threading.Thread] = []

    def visit(address: str) -> None:
        threads.append(threading.Thread(target=browse, args=(address,), daemon=True))
        threads[-1].start()

    door.sign_in(Browser(visit, "done"))
    for thread in threads:
        thread.join()


def test_nothing_is_sent_before_the_person_has_signed_in(bench: Bench) -> None:
    with bench.door() as door, pytest.raises(SignInNeeded):
        door.ask(ASK)
    assert bench.stub.seen == []


def test_who_has_signed_in_is_let_in_and_stays_so_after_a_restart(bench: Bench) -> None:
    with bench.signed_in() as door:
        assert door.ask(ASK).body == b"[]"
    with bench.door() as again:
        assert again.ask(ASK).body == b"[]"
    first, second = bench.guard.passed
    assert first != second
    kept = bench.shelf.held() or ""
    assert first not in kept
    assert second not in kept
    assert json.loads(kept)["subject"] == PERSON


def test_the_browser_gets_a_challenge_and_no_secret(bench: Bench) -> None:
    visited: list[str] = []
    pages: list[requests.Response] = []

    def browse(address: str) -> None:
        visited.append(address)
        pages.append(sign_in_as(address))

    with bench.door() as door:
        sign_in(door, browse)
    asked = parse_qs(urlsplit(visited[0]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"][0].startswith("http://127.0.0.1:")
    assert asked["scope"] == ["openid offline_access email"]
    assert len(asked["state"][0]) >= 43
    assert len({asked["state"][0], asked["nonce"][0], asked["code_challenge"][0]}) == 3
    assert "code_verifier" not in asked
    assert "client_secret" not in asked
    assert (pages[0].status_code, "done" in pages[0].text) == (200, True)


def test_fifty_refusals_at_once_cost_one_renewal_and_all_succeed(bench: Bench) -> None:
    with bench.signed_in() as door:
        door.ask(ASK)
        bench.guard.withdraw()
        bench.guard.passed.clear()
        bench.stub.seen.clear()
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda _: door.ask(ASK).status, range(50)))
    assert answers == [200] * 50
    assert len(bench.guard.passed) == 50
    assert len(set(bench.guard.passed)) == 1
    assert len(bench.stub.seen) <= 100


def test_an_event_channel_that_is_refused_is_opened_with_a_renewed_token(issuer: str) -> None:
    seen: list[str] = []

    def process(connection: ServerConnection, request: Request) -> Response | None:
        seen.append(request.headers["Authorization"])
        return Response(401, "Unauthorized", Headers({"Content-Length": "0"})) if len(seen) == 1 else None

    with serve(lambda channel: channel.send("hello"), "127.0.0.1", 0, process_request=process) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stub = StubHub(f"http://127.0.0.1:{server.socket.getsockname()[1]}/rs")
        with Bench(issuer, stub, Guard(issuer)).signed_in() as door, door.events("subscribers/A") as messages:
            assert next(messages) == "hello"
        server.shutdown()
    assert len(set(seen)) == 2


def test_a_second_refusal_asks_the_person_and_renews_no_more(bench: Bench) -> None:
    with bench.signed_in() as door:
        door.ask(ASK)
        bench.guard.is_open = False
        bench.stub.seen.clear()
        for _ in range(3):
            with pytest.raises(SignInNeeded):
                door.ask(ASK)
        tokens = {seen.headers["authorization"] for seen in bench.stub.seen}
        assert len(bench.stub.seen) == 4
        assert len(tokens) == 2
        sign_in(door)
        bench.guard.is_open = True
        assert door.ask(ASK).body == b"[]"


def test_a_refusal_of_what_a_hub_need_not_have_renews_nothing(bench: Bench) -> None:
    with bench.signed_in() as door:
        door.ask(ASK)
        bench.guard.withdraw()
        bench.stub.seen.clear()
        assert [door.glance(ASK.path) for _ in range(2)] == [None, None]
        assert len(bench.stub.seen) == 2
        assert {f"Bearer {token}" for token in bench.guard.withdrawn} == {
            seen.headers["authorization"] for seen in bench.stub.seen
        }
        assert door.ask(ASK).body == b"[]"


def test_a_token_is_renewed_before_it_ends(bench: Bench) -> None:
    with bench.signed_in() as door:
        door.ask(ASK)
        bench.hands.seconds = 3600.0 - 90.0
        door.ask(ASK)
        bench.hands.seconds = 3600.0 - 30.0
        door.ask(ASK)
    first, second, third = bench.guard.passed
    assert first == second
    assert third != second
    assert all("401" not in str(seen) for seen in bench.stub.seen)


def test_a_session_that_the_provider_ended_asks_the_person_once_for_all(bench: Bench, issuer: str) -> None:
    with bench.signed_in() as door:
        door.ask(ASK)
        requests.post(f"{issuer}/users/{PERSON}/revoke-tokens", timeout=10)
        bench.guard.withdraw()

        def ask(_: int) -> bool:
            try:
                return door.ask(ASK).status == 0
            except SignInNeeded:
                return True

        with ThreadPoolExecutor(20) as pool:
            assert all(pool.map(ask, range(20)))
        assert json.loads(bench.shelf.held() or "{}")["refresh"] == ""
        sign_in(door)
        assert door.ask(ASK).body == b"[]"


def test_another_person_is_not_let_in_on_the_first_ones_hub(bench: Bench) -> None:
    with bench.signed_in() as door:
        with pytest.raises(OtherPerson):
            sign_in(door, lambda address: sign_in_as(address, "reader-bravo"))
        assert json.loads(bench.shelf.held() or "{}")["subject"] == PERSON


def test_what_is_kept_for_another_address_is_not_used(bench: Bench) -> None:
    with bench.signed_in():
        pass
    kept = json.loads(bench.shelf.held() or "{}")
    bench.shelf.keep(json.dumps({**kept, "url": "https://elsewhere.example/rs"}))
    with bench.door() as door, pytest.raises(SignInNeeded):
        door.ask(ASK)


def test_a_refusal_by_the_person_is_told(bench: Bench) -> None:
    def deny(address: str) -> None:
        location = redirect_of(address, action="deny")
        state = parse_qs(urlsplit(address).query)["state"][0]
        if "state=" not in location:
            location += f"&state={state}"
        requests.get(location, timeout=10)

    with bench.door() as door, pytest.raises(SignInFailed):
        sign_in(door, deny)


def test_what_comes_back_with_another_state_is_forgotten(bench: Bench) -> None:
    statuses: list[int] = []

    def browse(address: str) -> None:
        location = redirect_of(address, sub=PERSON)
        state = parse_qs(urlsplit(address).query)["state"][0]
        root = location.split("?")[0]
        for wrong in (
            location.replace(state, "x" * len(state)),
            root,
            f"{root}?code=stolen",
            f"{location}&state={state}",
            location.replace("/signed-in", "/favicon.ico"),
        ):
            statuses.append(requests.get(wrong, timeout=10).status_code)
        statuses.append(requests.get(location, headers={"Host": "evil.example"}, timeout=10).status_code)
        statuses.append(requests.get(location, timeout=10).status_code)

    with bench.door() as door:
        sign_in(door, browse)
        assert door.ask(ASK).body == b"[]"
    assert statuses == [404] * 6 + [200]


def test_an_answer_that_names_another_issuer_is_refused(bench: Bench) -> None:
    with bench.door() as door, pytest.raises(SignInFailed):
        sign_in(door, lambda address: requests.get(f"{redirect_of(address, sub=PERSON)}&iss=https://evil", timeout=10))


def test_a_stolen_code_without_its_verifier_is_refused_by_no_state_of_ours(bench: Bench) -> None:
    with bench.door() as door, pytest.raises(SignInFailed):
        sign_in(door, lambda address: requests.get(_with_code(redirect_of(address, sub=PERSON), "made-up"), timeout=10))


def _with_code(location: str, code: str) -> str:
    given = parse_qs(urlsplit(location).query)["code"][0]
    return location.replace(given, code)


def test_a_person_who_gives_up_ends_the_wait(bench: Bench) -> None:
    stop = threading.Event()
    with bench.door() as door, pytest.raises(TransferCancelled):
        door.sign_in(Browser(lambda _: stop.set(), "done"), stop.is_set)


DISCOVERIES = {
    "another issuer": ({"issuer": "https://evil.example"}, SignInFailed),
    "tokens elsewhere": ({"token_endpoint": "https://evil.example/token"}, SignInElsewhere),
    "a page without TLS": ({"authorization_endpoint": "http://hub.example/authorize"}, SignInFailed),
    "a page that is a file": ({"authorization_endpoint": "file:///etc/passwd"}, SignInFailed),
}


@pytest.mark.parametrize(("change", "error"), DISCOVERIES.values(), ids=DISCOVERIES)
def test_a_discovery_that_leads_elsewhere_is_refused(change: dict[str, str], error: type[Exception]) -> None:
    def answer(exchange: Exchange) -> None:
        root = stub.url
        document = {"issuer": root, "authorization_endpoint": f"{root}/a", "token_endpoint": f"{root}/t", **change}
        exchange.reply(200, json.dumps(document).encode(), Content_Type="application/json")

    visited: list[str] = []
    with running_stub(answer) as stub:
        with Bench(stub.url, stub, Guard("")).door() as door, pytest.raises(error):
            door.sign_in(Browser(visited.append, "done"))
        assert [seen.path for seen in stub.seen] == ["/dicom-web/.well-known/openid-configuration"]
    assert visited == []


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_provider_that_does_not_answer_costs_nobody_the_session(bench: Bench, status: int) -> None:
    with bench.signed_in():
        pass
    before = bench.shelf.held()
    with running_stub(lambda exchange: exchange.reply(status, Location="http://127.0.0.1:1/")) as down:
        kept = {**json.loads(before or "{}"), "issuer": down.url}
        bench.shelf.keep(json.dumps(kept))
        with Bench(down.url, bench.stub, bench.guard, bench.shelf).door() as door:
            for _ in range(20):
                with pytest.raises(HubUnreachable):
                    door.ask(ASK)
        assert len(down.seen) == 1
    assert json.loads(bench.shelf.held() or "{}") == kept


@pytest.mark.parametrize(
    "provider",
    [
        IdentityProvider("http://login.example", CLIENT),
        IdentityProvider("https://login.example", CLIENT, origins=("http://tokens.example",)),
    ],
    ids=["issuer", "token endpoint"],
)
def test_a_provider_without_tls_elsewhere_is_refused(provider: IdentityProvider) -> None:
    settings = HubSettings(HubName("hub"), "https://hub.example/rs", SignInKind.OIDC, provider=provider)
    with pytest.raises(InsecureSignIn):
        Door(settings)


def test_other_refusals_stay_what_they_are(bench: Bench) -> None:
    with running_stub(lambda exchange: exchange.reply(403)) as stub:
        forbidding = Bench(bench.issuer, stub, bench.guard)
        with forbidding.signed_in() as door, pytest.raises(HubRefused) as caught:
            door.ask(ASK)
    assert not isinstance(caught.value, SignInNeeded)
    assert len(stub.seen) == 1
