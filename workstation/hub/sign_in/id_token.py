"""What an ID token says of the person, checked. Source: OpenID Connect Core 1.0, 3.1.3.7 and 12.2.

It comes straight from the token endpoint over TLS that proves the issuer, which the standard lets stand for the check
of its signature (3.1.3.7, item 6); from anywhere else it would have to be checked. After a refresh there is no nonce,
and times are not compared: it came just now, and a wrong clock of this machine is no reason to end a session.
"""

import hmac
import json
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from typing import Final

from workstation.hub.errors import SignInFailed

# How far the clocks of this machine and of the issuer may be apart.
SKEW: Final = timedelta(minutes=5)
Claims = dict[str, object]


def claims_of(id_token: str, hub: str) -> Claims:
    """Return the claims of a token in the compact form of JWS.

    Raises
    ------
    SignInFailed
        It is not one.
    """
    parts = id_token.split(".")
    try:
        payload = urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)) if len(parts) == 3 else b""
        claims = json.loads(payload)
    except (ValueError, NotBase64, RecursionError) as error:
        raise SignInFailed("not an ID token", hub=hub) from error
    if not isinstance(claims, dict):
        raise SignInFailed("not an ID token", hub=hub)
    return claims


def check_claims(claims: Claims, issuer: str, client: str, nonce: str | None, now: datetime, hub: str) -> str:
    """Return the subject of a token that is meant for us and in force; ``nonce`` is ``None`` after a refresh.

    Raises
    ------
    SignInFailed
        Another issuer, audience or nonce, or the token is not in force.
    """
    wrong = _wrong(claims, issuer, client, nonce, now)
    if wrong:
        raise SignInFailed(f"ID token: {wrong}", hub=hub)
    return str(claims["sub"])


def _wrong(claims: Claims, issuer: str, client: str, nonce: str | None, now: datetime) -> str:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    expected = claims.get("nonce")
    is_renewal = nonce is None
    answers = {
        "issuer": claims.get("iss") == issuer,
        "audience": client in audiences and claims.get("azp", client) == client,
        "party": len(audiences) == 1 or "azp" in claims,
        "subject": isinstance(claims.get("sub"), str) and claims.get("sub") != "",
        "nonce": nonce is None
        or (isinstance(expected, str) and hmac.compare_digest(expected.encode(), nonce.encode())),
        "expiry": is_renewal or _seconds(claims, "exp") > (now - SKEW).timestamp(),
        "issue": is_renewal or _seconds(claims, "iat") < (now + SKEW).timestamp(),
    }
    return next((name for name, holds in answers.items() if not holds), "")


def _seconds(claims: Claims, name: str) -> float:
    """Return a moment in seconds since 1970; one that is missing can never be right."""
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) else float("nan")
