"""A token that an administrator gave, with every request. Source: RFC 6750."""

from workstation.hub.sign_in.kind import FixedSignIn, Setting, SignIn


def bearer(setting: Setting) -> SignIn:
    """Return the sign-in by a fixed token."""
    return FixedSignIn(setting.hub.name, {"Authorization": f"Bearer {setting.hub.secret}"})
