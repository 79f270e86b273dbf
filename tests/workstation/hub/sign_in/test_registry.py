"""What holds for every way to sign in, also for one that is added later."""

import pytest

from tests.support.certificates import Authority
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import HubName
from workstation.hub.door import Door
from workstation.hub.sign_in.registry import SIGN_INS

SECRET = "a-word-that-nobody-may-read"


def settings_of(kind: SignInKind) -> HubSettings:
    secret = SECRET
    if kind is SignInKind.CERTIFICATE:
        one = Authority().issue()
        secret = (one.key_pem + one.pem).decode()
    provider = IdentityProvider("https://login.example", "requis")
    return HubSettings(HubName("hub"), "https://hub.example/rs", kind, "reader", secret, provider=provider)


def test_every_kind_has_its_line() -> None:
    assert set(SIGN_INS) == set(SignInKind)


@pytest.mark.parametrize("kind", SignInKind)
def test_no_representation_shows_a_secret(kind: SignInKind) -> None:
    settings = settings_of(kind)
    door = Door(settings)
    try:
        shown = repr(settings) + repr(door) + repr(vars(door))
    finally:
        door.close()
    for line in settings.secret.splitlines():
        assert line not in shown
