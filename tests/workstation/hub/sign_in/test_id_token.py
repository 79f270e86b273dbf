"""What an ID token must say to be believed, and PKCE by the example of its standard."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.hub.errors import SignInFailed
from workstation.hub.sign_in.authorization import challenge_of
from workstation.hub.sign_in.id_token import SKEW, check_claims, claims_of

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ISSUER, CLIENT, NONCE = "https://login.example", "requis", "nonce"
GOOD = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "reader-alpha",
    "nonce": NONCE,
    "iat": NOW.timestamp(),
    "exp": NOW.timestamp() + 300,
}


class Claim(Enum):
    """What stands for a claim that is left out."""

    MISSING = "missing"


RFC_VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def check(**changes: object) -> str:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not Claim.MISSING}
    return check_claims(claims, ISSUER, CLIENT, NONCE, NOW, "hub")


def test_a_good_token_names_the_person() -> None:
    assert check() == "reader-alpha"
    assert check(aud=[CLIENT]) == "reader-alpha"
    assert check(aud=[CLIENT, "other"], azp=CLIENT) == "reader-alpha"


@pytest.mark.parametrize("seconds", [-SKEW.total_seconds() + 1, SKEW.total_seconds() - 1])
def test_clocks_may_be_five_minutes_apart(seconds: float) -> None:
    issued = NOW + timedelta(seconds=seconds)
    assert check(iat=issued.timestamp(), exp=issued.timestamp() + 1)


WRONG: list[dict[str, object]] = [
    {"iss": "https://evil.example"},
    {"iss": f"{ISSUER}/"},
    {"aud": "other"},
    {"aud": ["other"]},
    {"aud": []},
    {"aud": [CLIENT, "other"]},
    {"azp": "other"},
    {"aud": [CLIENT, "other"], "azp": "other"},
    {"sub": ""},
    {"sub": 5},
    {"nonce": "other"},
    {"nonce": 5},
    {"exp": NOW.timestamp() - SKEW.total_seconds()},
    {"exp": "never"},
    {"exp": True},
    {"iat": NOW.timestamp() + SKEW.total_seconds()},
    *({name: Claim.MISSING} for name in GOOD),
]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_any_other_token_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(SignInFailed):
        check(**change)


def test_after_a_refresh_the_clock_of_this_machine_does_not_count() -> None:
    late = NOW + timedelta(days=400)
    assert check_claims({**GOOD, "nonce": None}, ISSUER, CLIENT, None, late, "hub") == "reader-alpha"
    with pytest.raises(SignInFailed):
        check_claims({**GOOD, "iss": "https://evil.example"}, ISSUER, CLIENT, None, NOW, "hub")


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: f"a.{urlsafe_b64encode(data).decode()}.c"))
def test_what_is_no_token_is_refused(text: str) -> None:
    try:
        claims = claims_of(text, "hub")
    except SignInFailed:
        return
    with pytest.raises(SignInFailed):
        check_claims(claims, ISSUER, CLIENT, NONCE, NOW, "hub")


def test_the_claims_are_the_middle_part() -> None:
    payload = urlsafe_b64encode(json.dumps(GOOD).encode()).rstrip(b"=").decode()
    assert claims_of(f"e30.{payload}.x", "hub") == GOOD


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, Appendix B."""
    assert challenge_of(RFC_VERIFIER) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
