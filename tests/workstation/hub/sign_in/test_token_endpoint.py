"""Token endpoints that no real provider gives on demand: at another origin, or of another person after a while."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.support.identity_provider import PERSON
from tests.support.stub_hub import Exchange, StubHub, running_stub
from tests.workstation.hub.sign_in.test_oidc import ASK, CLIENT, Hands, sign_in
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import HubName
from workstation.hub.door import Door
from workstation.hub.errors import OtherPerson, SignInElsewhere
from workstation.hub.sign_in.shelf import MemoryShelf


@dataclass
class Provider:
    """An issuer, and the place on another origin at which it gives tokens of ``person``."""

    issuer: StubHub
    giver: StubHub
    person: str = PERSON
    nonces: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        return self.giver.url.removesuffix("/dicom-web")

    def browse(self, address: str) -> None:
        """Sign in as a browser does, and keep the nonce for the token."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonces.append(asked["nonce"])
        requests.get(asked["redirect_uri"], params={"state": asked["state"], "code": "c"}, timeout=10)

    def grant(self) -> dict[str, str]:
        claims = {"iss": self.issuer.url, "aud": CLIENT, "sub": self.person, "nonce": self.nonces[-1]}
        payload = urlsafe_b64encode(json.dumps({**claims, "iat": 0, "exp": 1 << 40}).encode()).decode().rstrip("=")
        token = {"access_token": f"of {self.person}", "token_type": "Bearer"}
        return {**token, "id_token": f"h.{payload}.s", "refresh_token": "r"}


@contextmanager
def running() -> Iterator[Provider]:
    def discover(exchange: Exchange) -> None:
        root, token = provider.issuer.url, f"{provider.giver.url}/token"
        document = {"issuer": root, "authorization_endpoint": f"{root}/a", "token_endpoint": token}
        exchange.reply(200, json.dumps(document).encode(), Content_Type="application/json")

    def give(exchange: Exchange) -> None:
        exchange.reply(200, json.dumps(provider.grant()).encode(), Content_Type="application/json")

    with running_stub(discover) as issuer, running_stub(give) as giver:
        provider = Provider(issuer, giver)
        yield provider


@contextmanager
def opened(settings: HubSettings, shelf: MemoryShelf, monotonic: Callable[[], float]) -> Iterator[Door]:
    door = Door(settings, shelf=shelf, monotonic=monotonic)
    try:
        yield door
    finally:
        door.close()


def test_tokens_are_fetched_at_another_origin_only_where_the_settings_name_it() -> None:
    shelf, hands = MemoryShelf(), Hands()
    with running() as provider, running_stub(lambda exchange: exchange.reply(200)) as hub:
        known = IdentityProvider(provider.issuer.url, CLIENT)
        settings = HubSettings(HubName("hub"), hub.url, SignInKind.OIDC, secret="a word", provider=known)
        with opened(settings, shelf, hands.monotonic) as door, pytest.raises(SignInElsewhere) as refused:
            sign_in(door, provider.browse)
        assert refused.value.details["origin"] == provider.place
        assert (provider.giver.seen, provider.nonces) == ([], [])
        named = replace(settings, provider=replace(known, origins=(provider.place,)))
        with opened(named, shelf, hands.monotonic) as door:
            sign_in(door, provider.browse)
            assert door.ask(ASK).status == 200
        assert [seen.path for seen in provider.giver.seen] == ["/dicom-web/token"]
        assert all("authorization" not in seen.headers for seen in provider.issuer.seen)


def test_a_renewed_token_of_another_person_is_never_sent() -> None:
    shelf, hands = MemoryShelf(), Hands()
    with running() as provider, running_stub(lambda exchange: exchange.reply(200)) as hub:
        known = IdentityProvider(provider.issuer.url, CLIENT, origins=(provider.place,))
        settings = HubSettings(HubName("hub"), hub.url, SignInKind.OIDC, provider=known)
        with opened(settings, shelf, hands.monotonic) as door:
            sign_in(door, provider.browse)
            door.ask(ASK)
            provider.person, hands.seconds = "reader-bravo", 3600.0
            with pytest.raises(OtherPerson):
                door.ask(ASK)
        assert [seen.headers["authorization"] for seen in hub.seen] == [f"Bearer of {PERSON}"]
        kept = json.loads(shelf.held() or "{}")
        assert (kept["subject"], kept["refresh"]) == (PERSON, "")
