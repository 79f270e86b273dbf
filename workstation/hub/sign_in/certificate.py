"""A certificate of the client, shown while the connection is secured. Source: PS3.15 B.12, RFC 8446 4.4.2.

Key and chain lie, as PEM, in the encrypted profile and nowhere else.
"""

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12

from workstation.hub.errors import UnusableCertificate
from workstation.hub.sign_in.kind import FixedSignIn, Setting, SignIn

_PEM_MARK = b"-----BEGIN"
_Key = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey
_Found = tuple[object, list[x509.Certificate]]


def client_certificate(setting: Setting) -> SignIn:
    """Return the sign-in by certificate."""
    return FixedSignIn(setting.hub.name, certificate=setting.hub.secret)


def certificate_text(content: bytes, passphrase: str | None, hub: str) -> str:
    """Return key and chain of a PKCS#12 or PEM file as the settings of a hub keep them.

    Raises
    ------
    UnusableCertificate
        Not such a file, the wrong passphrase, or the key is not the certificate's.
    """
    word = None if passphrase is None else passphrase.encode()
    try:
        key, chain = (_of_pem if _PEM_MARK in content else _of_pkcs12)(content, word)
    except (ValueError, TypeError) as error:
        raise UnusableCertificate(type(error).__name__, hub=hub) from error
    if not isinstance(key, _Key) or not chain or chain[0].public_key() != key.public_key():
        raise UnusableCertificate("key and certificate do not belong together", hub=hub)
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (plain + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)).decode("ascii")


def _of_pem(content: bytes, word: bytes | None) -> _Found:
    return serialization.load_pem_private_key(content, word), x509.load_pem_x509_certificates(content)


def _of_pkcs12(content: bytes, word: bytes | None) -> _Found:
    key, certificate, others = pkcs12.load_key_and_certificates(content, word)
    return key, [*([] if certificate is None else [certificate]), *others]
