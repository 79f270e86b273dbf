"""The identity provider of a hub: what it offers, and its token endpoint.

It is asked over lines of its own, under the rules of the door: no redirects, TLS, limits, and no origin but the
issuer's and those that the settings name. An issuer may state a token endpoint on another origin, as Google does; what
the client proves itself with goes there only where the person who added the hub has said so.
Source: OpenID Connect Discovery 1.0, RFC 6749.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus, urlencode, urlsplit

from workstation.domain.hub import HubSettings, IdentityProvider
from workstation.hub.addresses import HubAddress, origin_words
from workstation.hub.errors import (
    ForeignOrigin,
    HubAnsweredWrongly,
    HubError,
    HubUnreachable,
    InsecureSignIn,
    SignInElsewhere,
    SignInFailed,
    SignInNeeded,
)
from workstation.hub.exchange import Answer, Call, Cancelled, DoorLimits
from workstation.hub.line import Line
from workstation.hub.transport import Peer
from workstation.hub.trust import tls_context

_DISCOVERY: Final = ".well-known/openid-configuration"
_FORM: Final = "application/x-www-form-urlencoded"
_LIFETIME_S: Final = 300.0
_ANSWER_BYTES: Final = 1 << 20
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the browser goes, where tokens are given and by which line, and whether answers name their issuer.

    Source: RFC 9207.
    """

    authorization: str
    token: str
    giver: Line
    names_issuer: bool


@dataclass(frozen=True, slots=True)
class Granted:
    """What the token endpoint gave. ``refresh`` and ``id_token`` are empty where none came."""

    access: str
    lifetime_s: float
    refresh: str
    id_token: str

    def __repr__(self) -> str:
        """Show no token."""
        return f"Granted(lifetime_s={self.lifetime_s})"


class Provider:
    """One issuer, as one hub uses it. Safe for use from several threads."""

    def __init__(
        self, hub: HubSettings, known: IdentityProvider, limits: DoorLimits, monotonic: Callable[[], float]
    ) -> None:
        self.known = known
        self._hub = str(hub.name)
        self._secret = hub.secret
        self._lines = tuple(
            self._line_to(url, hub.ca_file, limits, monotonic) for url in (known.issuer, *known.origins)
        )
        self._endpoints: Endpoints | None = None

    def close(self) -> None:
        """Close the connections that are kept open."""
        for line in self._lines:
            line.close()

    def endpoints(self, cancelled: Cancelled) -> Endpoints:
        """Return where to go, asked once.

        Raises
        ------
        HubUnreachable
            The issuer does not answer.
        SignInFailed
            Its answer names another issuer, or unusable addresses.
        SignInElsewhere
            Its answer names another origin than the settings do.
        """
        if self._endpoints is None:
            answer = self._lines[0].fetch(
                Call("GET", _DISCOVERY, headers={"Accept": "application/json"}), {}, cancelled
            )
            if answer.status != 200:
                raise HubUnreachable(f"no discovery, status {answer.status}", hub=self._hub)
            found = self._object(answer)
            if found.get("issuer") != self.known.issuer:
                raise SignInFailed("discovery names another issuer", hub=self._hub)
            self._endpoints = Endpoints(
                self._browsable(_text(found, "authorization_endpoint")),
                *self._giver(_text(found, "token_endpoint")),
                found.get("authorization_response_iss_parameter_supported") is True,
            )
        return self._endpoints

    def grant(self, form: Mapping[str, str], cancelled: Cancelled) -> Granted:
        """Ask the token endpoint.

        Raises
        ------
        SignInNeeded
            The issuer does not take what it is shown any more.
        HubUnreachable
            It does not answer, or cannot do so now.
        """
        body = urlencode({**form, "client_id": self.known.client}).encode("ascii")
        headers = {"Content-Type": _FORM, "Accept": "application/json"}
        endpoints = self.endpoints(cancelled)
        answer = endpoints.giver.fetch(Call("POST", endpoints.token, (), headers, body), self._client(), cancelled)
        if answer.status != 200:
            raise self._failure(answer)
        found = self._object(answer)
        if _text(found, "token_type").lower() != "bearer" or not _text(found, "access_token").isprintable():
            raise SignInFailed("not a bearer token", hub=self._hub)
        lifetime = found.get("expires_in")
        is_number = isinstance(lifetime, int | float) and not isinstance(lifetime, bool) and lifetime > 0
        return Granted(
            _text(found, "access_token"),
            float(lifetime) if isinstance(lifetime, int | float) and is_number else _LIFETIME_S,
            _text(found, "refresh_token"),
            _text(found, "id_token"),
        )

    def _line_to(self, url: str, ca_file: str, limits: DoorLimits, monotonic: Callable[[], float]) -> Line:
        address = HubAddress(url, self._hub)
        if not address.is_tls and address.host not in _LOOPBACK:
            raise InsecureSignIn("an issuer without TLS", hub=self._hub)
        context = tls_context(ca_file, hub=self._hub, alone=False) if address.is_tls else None
        return Line(address, Peer(address.host, address.port, context), limits, self._hub, monotonic)

    def _giver(self, url: str) -> tuple[str, Line]:
        """Return the address of the token endpoint, and the line that leads there."""
        for line in self._lines:
            with suppress(ForeignOrigin):
                return line.address.rewrite(url), line
        raise SignInElsewhere("a token endpoint that is not in the settings", hub=self._hub, origin=origin_words(url))

    def _client(self) -> dict[str, str]:
        """Return how this client proves itself: by nothing where it is public. Source: RFC 6749 2.3.1, RFC 8252 8.4."""
        if not self._secret:
            return {}
        pair = f"{quote_plus(self.known.client)}:{quote_plus(self._secret)}"
        return {"Authorization": f"Basic {b64encode(pair.encode('ascii')).decode('ascii')}"}

    def _failure(self, answer: Answer) -> HubError:
        if answer.status == 429 or answer.status >= 500:
            return HubUnreachable(f"the issuer cannot, status {answer.status}", hub=self._hub)
        error = _text(self._object(answer), "error") if answer.status in (400, 401) else ""
        if error == "invalid_grant":
            return SignInNeeded("the issuer refuses the grant", hub=self._hub)
        return SignInFailed(f"the issuer refuses, status {answer.status}", hub=self._hub)

    def _object(self, answer: Answer) -> dict[str, object]:
        try:
            found = json.loads(answer.body) if len(answer.body) <= _ANSWER_BYTES else None
        except (ValueError, RecursionError) as error:
            raise HubAnsweredWrongly("the issuer sends no JSON", answer.status, hub=self._hub) from error
        if not isinstance(found, dict):
            raise HubAnsweredWrongly("the issuer sends no object", answer.status, hub=self._hub)
        return found

    def _browsable(self, url: str) -> str:
        """Return an address that the person's browser may be sent to with a request of ours."""
        split = urlsplit(url)
        is_secure = split.scheme == "https" or (split.scheme == "http" and split.hostname in _LOOPBACK)
        if not is_secure or "@" in split.netloc or split.fragment or not url.isascii() or not url.isprintable():
            raise SignInFailed("an authorization endpoint without TLS", hub=self._hub)
        return url


def _text(found: Mapping[str, object], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""
