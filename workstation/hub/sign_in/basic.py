"""Name and password with every request. Source: RFC 7617."""

from base64 import b64encode

from workstation.hub.sign_in.kind import FixedSignIn, Setting, SignIn


def basic(setting: Setting) -> SignIn:
    """Return the sign-in by name and password."""
    pair = b64encode(f"{setting.hub.user}:{setting.hub.secret}".encode()).decode("ascii")
    return FixedSignIn(setting.hub.name, {"Authorization": f"Basic {pair}"})
