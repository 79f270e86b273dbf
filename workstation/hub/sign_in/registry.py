"""Which way to sign in a hub gets: one line per kind."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from workstation.domain.hub import SignInKind
from workstation.hub.errors import InsecureSignIn
from workstation.hub.sign_in.basic import basic
from workstation.hub.sign_in.bearer import bearer
from workstation.hub.sign_in.certificate import client_certificate
from workstation.hub.sign_in.kind import Setting, SignIn
from workstation.hub.sign_in.none import no_sign_in
from workstation.hub.sign_in.oidc import oidc

SIGN_INS: Final[Mapping[SignInKind, Callable[[Setting], SignIn]]] = MappingProxyType(
    {
        SignInKind.NONE: no_sign_in,
        SignInKind.BASIC: basic,
        SignInKind.BEARER: bearer,
        SignInKind.CERTIFICATE: client_certificate,
        SignInKind.OIDC: oidc,
    }
)


def open_sign_in(setting: Setting) -> SignIn:
    """Return the way to sign in at a hub.

    Raises
    ------
    InsecureSignIn
        A secret would go over plain HTTP to another machine.
    """
    hub = setting.hub
    is_secure = hub.url.lower().startswith("https:") or hub.is_loopback
    if hub.sign_in is not SignInKind.NONE and not is_secure:
        raise InsecureSignIn("sign-in without TLS", hub=hub.name)
    return SIGN_INS[hub.sign_in](setting)
