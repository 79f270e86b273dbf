"""OpenID Connect: the person signs in at the identity provider, in the browser, and tokens stand for that.

Source: OpenID Connect Core 1.0, RFC 8252.
"""

from collections.abc import Mapping

from workstation.hub.errors import HubRefused, SignInFailed, SignInNeeded
from workstation.hub.exchange import Cancelled
from workstation.hub.sign_in.authorization import authorize
from workstation.hub.sign_in.kind import Browser, Setting, SignIn
from workstation.hub.sign_in.provider import Provider
from workstation.hub.sign_in.tokens import TokenKeeper

_SCHEME = "Bearer "


class OidcSignIn:
    """The sign-in of one hub by its identity provider."""

    certificate = ""

    def __init__(self, hub: str, provider: Provider, tokens: TokenKeeper) -> None:
        self._hub = hub
        self._provider = provider
        self._tokens = tokens

    def headers(self, cancelled: Cancelled) -> Mapping[str, str]:
        """Return the access token, renewed if it is about to end."""
        return {"Authorization": _SCHEME + self._tokens.current(cancelled)}

    def renew(self, refused: Mapping[str, str], cancelled: Cancelled) -> bool:
        """Renew the token that the hub refused, once for all that it refused."""
        return self._tokens.renewed(_token(refused), cancelled)

    def refusal(self, refused: Mapping[str, str]) -> HubRefused:
        """Return the error for a token that is fresh and refused all the same."""
        if refused:
            self._tokens.give_up(_token(refused))
        return SignInNeeded("status 401", hub=self._hub)

    def sign_in(self, browser: Browser, cancelled: Cancelled) -> None:
        """Let the person sign in in the browser."""
        granted, nonce = authorize(self._provider, browser, cancelled, self._hub)
        self._tokens.accept(granted, nonce)

    def close(self) -> None:
        """Close the line to the identity provider."""
        self._provider.close()


def _token(headers: Mapping[str, str]) -> str:
    return headers.get("Authorization", "").removeprefix(_SCHEME)


def oidc(setting: Setting) -> SignIn:
    """Return the sign-in by the hub's identity provider."""
    hub = setting.hub
    if hub.provider is None:
        raise SignInFailed("no identity provider is set", hub=hub.name)
    provider = Provider(hub, hub.provider, setting.limits, setting.monotonic)
    tokens = TokenKeeper(hub, provider, setting.shelf, setting.clock, setting.monotonic)
    return OidcSignIn(hub.name, provider, tokens)
