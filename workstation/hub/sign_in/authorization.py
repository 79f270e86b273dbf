"""The authorization code flow with PKCE, in the person's own browser.

The code that comes back is worth nothing without the verifier, which leaves this process to the token endpoint only.
Source: RFC 6749 4.1, RFC 7636, RFC 8252, RFC 9207.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlencode

from workstation.hub.errors import SignInFailed, SignInNeeded
from workstation.hub.exchange import Cancelled
from workstation.hub.sign_in.kind import Browser
from workstation.hub.sign_in.loopback import Loopback
from workstation.hub.sign_in.provider import Granted, Provider

_SCOPES = ("openid", "offline_access")


def _secret() -> str:
    return token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """Return the S256 code challenge of a verifier. Source: RFC 7636 4.2."""
    return urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


@dataclass(frozen=True, slots=True)
class Attempt:
    """The secrets of one sign-in: 256 bits each, used once."""

    state: str = field(default_factory=_secret, repr=False)
    nonce: str = field(default_factory=_secret, repr=False)
    verifier: str = field(default_factory=_secret, repr=False)


def authorize(provider: Provider, browser: Browser, cancelled: Cancelled, hub: str) -> tuple[Granted, str]:
    """Let the person sign in, and return what the token endpoint gives for it, with the nonce to check it by.

    Raises
    ------
    SignInFailed
        Refused, not finished in time, or answered by another issuer.
    HubUnreachable
        The issuer does not answer.
    """
    attempt = Attempt()
    endpoints = provider.endpoints(cancelled)
    with Loopback(attempt.state, browser.done, hub) as back:
        browser.visit(_address(endpoints.authorization, provider, attempt, back.address))
        found = back.wait(cancelled)
        issuer = found.get("iss")
        if issuer != provider.known.issuer and (issuer is not None or endpoints.names_issuer):
            raise SignInFailed("an answer of another issuer", hub=hub)
        if "code" not in found:
            raise SignInFailed("the issuer gave no code", hub=hub)
        form = {
            "grant_type": "authorization_code",
            "code": found["code"],
            "redirect_uri": back.address,
            "code_verifier": attempt.verifier,
        }
        try:
            return provider.grant(form, cancelled), attempt.nonce
        except SignInNeeded as error:
            raise SignInFailed(error.technical, hub=hub) from error


def _address(endpoint: str, provider: Provider, attempt: Attempt, redirect: str) -> str:
    known = provider.known
    scopes = dict.fromkeys((*_SCOPES, *known.scope.split()))
    asked = {
        "response_type": "code",
        "client_id": known.client,
        "redirect_uri": redirect,
        "scope": " ".join(scopes),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge_of(attempt.verifier),
        "code_challenge_method": "S256",
        # Without consent a refresh token may not be given. Source: OpenID Connect Core 1.0, 11.
        "prompt": "consent",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"
