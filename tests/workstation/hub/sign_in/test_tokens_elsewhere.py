"""An identity provider whose tokens are given at another origin than its own."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.support.identity_provider import PERSON
from tests.support.stub_hub import Exchange, StubHub, running_stub
from tests.workstation.hub.sign_in.test_oidc import ASK, CLIENT, sign_in
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import HubName
from workstation.hub.door import Door
from workstation.hub.errors import SignInElsewhere


@contextmanager
def opened(settings: HubSettings) -> Iterator[Door]:
    door = Door(settings)
    try:
        yield door
    finally:
        door.close()


@contextmanager
def tokens_elsewhere(nonces: list[str]) -> Iterator[tuple[StubHub, StubHub]]:
    """Give an issuer, and the place on another origin at which it gives its tokens."""

    def discover(exchange: Exchange) -> None:
        root, token = issuer.url, f"{giver.url}/token"
        document = {"issuer": root, "authorization_endpoint": f"{root}/a", "token_endpoint": token}
        exchange.reply(200, json.dumps(document).encode(), Content_Type="application/json")

    def give(exchange: Exchange) -> None:
        claims = {"iss": issuer.url, "aud": CLIENT, "sub": PERSON, "nonce": nonces[-1], "iat": 0, "exp": 1 << 40}
        payload = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        granted = {"access_token": "t", "token_type": "Bearer", "id_token": f"h.{payload}.s", "refresh_token": "r"}
        exchange.reply(200, json.dumps(granted).encode(), Content_Type="application/json")

    with running_stub(discover) as issuer, running_stub(give) as giver:
        yield issuer, giver


def test_tokens_are_fetched_at_another_origin_only_where_the_settings_name_it() -> None:
    nonces: list[str] = []

    def browse(address: str) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        nonces.append(asked["nonce"])
        requests.get(asked["redirect_uri"], params={"state": asked["state"], "code": "c"}, timeout=10)

    with tokens_elsewhere(nonces) as (issuer, giver), running_stub(lambda exchange: exchange.reply(200)) as hub:
        known = IdentityProvider(issuer.url, CLIENT)
        settings = HubSettings(HubName("hub"), hub.url, SignInKind.OIDC, secret="a word", provider=known)
        place = giver.url.removesuffix("/dicom-web")
        with opened(settings) as door, pytest.raises(SignInElsewhere) as refused:
            sign_in(door, browse)
        assert refused.value.details["origin"] == place
        assert (giver.seen, nonces) == ([], [])
        with opened(replace(settings, provider=replace(known, origins=(place,)))) as door:
            sign_in(door, browse)
            assert door.ask(ASK).status == 200
        assert [seen.path for seen in giver.seen] == ["/dicom-web/token"]
        assert all("authorization" not in seen.headers for seen in issuer.seen)
