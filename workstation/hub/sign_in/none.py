"""No sign-in: a hub that anybody on its network may ask."""

from workstation.hub.sign_in.kind import FixedSignIn, Setting, SignIn


def no_sign_in(setting: Setting) -> SignIn:
    """Return the sign-in that adds nothing."""
    return FixedSignIn(setting.hub.name)
