"""A signer whose key never leaves its card: PKCS#11 modules, tokens and PINs.

Only the DigestInfo, 51 bytes, goes to the token. A module is loaded once per process and its login is shared by all
sessions: closing one signer logs the others of the same token out, so open one at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Protocol, Self

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pkcs11 import exceptions
from pkcs11.types import SignMixin

from workstation.signing.certificates import CERTIFICATE_ERRORS, MINIMUM_RSA_BITS, is_demonstration
from workstation.signing.errors import (
    NoSigningKey,
    PinBlocked,
    SignerClosed,
    TokenFailed,
    TokenModuleMissing,
    TokenNotFound,
    WrongPin,
)

# DER of DigestInfo up to the digest. Source: RFC 8017 9.2, note 1.
_SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


class TokenKey(Protocol):
    """The one thing that we ask of a private key on a token."""

    def sign(self, data: bytes, *, mechanism: pkcs11.Mechanism) -> bytes:
        """Sign ``data`` with the raw RSA PKCS#1 v1.5 mechanism."""


class TokenSession(Protocol):
    """The part of a PKCS#11 session that ends it."""

    def close(self) -> None:
        """Log out and close."""


class TokenSigner:
    """A ``Signer`` on a token, usable until ``close``."""

    def __init__(self, session: TokenSession, key: TokenKey, certificate_der: bytes, chain: tuple[bytes, ...]) -> None:
        self._session: TokenSession | None = session
        self._key = key
        self.certificate_der = certificate_der
        self.chain_der = chain
        self.is_demonstration = is_demonstration(x509.load_der_x509_certificate(certificate_der))

    def sign_digest_sha256(self, data: bytes) -> bytes:
        """Return the RSA PKCS#1 v1.5 signature over the SHA-256 digest of ``data``, computed by the token."""
        if self._session is None:
            raise SignerClosed("the session with the token is closed")
        with _told_in_words():
            return self._key.sign(_SHA256_PREFIX + sha256(data).digest(), mechanism=pkcs11.Mechanism.RSA_PKCS)

    def close(self) -> None:
        """Log out of the token."""
        session, self._session = self._session, None
        if session is not None:
            with _told_in_words():
                session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_token(module: Path, token_label: str, pin: str) -> TokenSigner:
    """Log in to the token and find its signing key and certificate; use the signer in a ``with`` block.

    Raises ``TokenModuleMissing``, ``TokenNotFound``, ``WrongPin``, ``PinBlocked``, ``NoSigningKey``, ``TokenFailed``.
    """
    try:
        library = pkcs11.lib(str(module))
    except (exceptions.PKCS11Error, RuntimeError) as error:
        raise TokenModuleMissing("the PKCS#11 module does not load") from error
    with _told_in_words():
        session = _log_in(library.get_token(token_label=token_label), pin)
        try:
            key, certificate, chain = _find_identity(session)
        except Exception:
            session.close()
            raise
    return TokenSigner(session, key, certificate, chain)


def _log_in(token: pkcs11.Token, pin: str) -> pkcs11.Session:
    try:
        return token.open(user_pin=pin)
    except exceptions.UserAlreadyLoggedIn:
        # The login belongs to the process, not to the session.
        return token.open()


def _find_identity(session: pkcs11.Session) -> tuple[TokenKey, bytes, tuple[bytes, ...]]:
    certificates = _certificates(session)
    chain = tuple(der for _, der in certificates)
    usable = [(_preference(der), identifier, der) for identifier, der in certificates]
    for preference, identifier, der in sorted(usable, key=lambda entry: entry[0], reverse=True):
        if preference == 0 or not identifier:
            continue
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.Attribute.ID: identifier}
        for found in session.get_objects(wanted):
            if isinstance(found, pkcs11.PrivateKey) and isinstance(found, SignMixin):
                return found, der, tuple(link for link in chain if link != der)
    raise NoSigningKey("no RSA key with its certificate on the token")


def _certificates(session: pkcs11.Session) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    for certificate in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}):
        identifier, der = certificate[pkcs11.Attribute.ID], certificate[pkcs11.Attribute.VALUE]
        found.append((bytes(identifier), bytes(der)))
    return found


def _preference(der: bytes) -> int:
    """Rank a certificate: cards hold one for signatures and one for authentication; 0 is of no use."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size < MINIMUM_RSA_BITS:
            return 0
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return 1
    except CERTIFICATE_ERRORS:
        return 0
    if usage.content_commitment:
        return 3
    return 2 if usage.digital_signature else 0


@contextmanager
def _told_in_words() -> Iterator[None]:
    try:
        yield
    except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange) as error:
        raise WrongPin("the token refused the PIN") from error
    except exceptions.PinLocked as error:
        raise PinBlocked("the token has locked its PIN") from error
    except (exceptions.NoSuchToken, exceptions.TokenNotPresent, exceptions.MultipleTokensReturned) as error:
        raise TokenNotFound("no such token, or several of that label") from error
    except exceptions.PKCS11Error as error:
        raise TokenFailed(f"the token answered {type(error).__name__}") from error
