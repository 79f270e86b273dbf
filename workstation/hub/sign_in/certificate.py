"""A certificate of the client, shown while the connection is secured. Source: PS3.15 B.12, RFC 8446 4.4.2.

Key and chain lie, as PEM, in the encrypted profile and nowhere else.
"""

from workstation.hub.sign_in.kind import FixedSignIn, Setting, SignIn


def client_certificate(setting: Setting) -> SignIn:
    """Return the sign-in by certificate."""
    return FixedSignIn(setting.hub.name, certificate=setting.hub.secret)
