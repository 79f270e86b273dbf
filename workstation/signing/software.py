"""A signer whose key comes from a PKCS#12 file. The key is forgotten when the signer is closed."""

from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from workstation.signing.certificates import MINIMUM_RSA_BITS, der_length, is_demonstration
from workstation.signing.errors import KeyFileUnreadable, KeyTooWeak, NoSigningKey, SignerClosed, WrongKeyPassphrase


class SoftwareSigner:
    """A ``Signer`` that holds its RSA key in memory between its making and ``close``."""

    def __init__(
        self, key: rsa.RSAPrivateKey, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]
    ) -> None:
        self._key: rsa.RSAPrivateKey | None = key
        self.certificate_der = certificate.public_bytes(Encoding.DER)
        self.chain_der = tuple(link.public_bytes(Encoding.DER) for link in chain)
        self.is_demonstration = is_demonstration(certificate)

    def sign_digest_sha256(self, data: bytes) -> bytes:
        """Return the RSA PKCS#1 v1.5 signature over the SHA-256 digest of ``data``."""
        if self._key is None:
            raise SignerClosed("the key was forgotten")
        return self._key.sign(data, padding.PKCS1v15(), SHA256())

    def close(self) -> None:
        """Forget the key."""
        self._key = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def load_pkcs12(data: bytes, passphrase: str) -> SoftwareSigner:
    """Open the PKCS#12 key file ``data``; use the signer in a ``with`` block so that the key goes early.

    Raises ``KeyFileUnreadable``, ``WrongKeyPassphrase``, ``NoSigningKey``, ``KeyTooWeak``.
    """
    return SoftwareSigner(*read_pkcs12(data, passphrase))


def read_pkcs12(
    data: bytes, passphrase: str
) -> tuple[rsa.RSAPrivateKey, x509.Certificate, tuple[x509.Certificate, ...]]:
    """Return key, certificate and chain of the PKCS#12 key file ``data``; raises as ``load_pkcs12``."""
    if not _looks_like_pkcs12(data):
        raise KeyFileUnreadable("not a PKCS#12 file")
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(data, passphrase.encode("utf-8"))
    except ValueError as error:
        raise WrongKeyPassphrase("the PKCS#12 file does not open") from error
    if key is None or certificate is None:
        raise NoSigningKey("the PKCS#12 file lacks the key or its certificate")
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < MINIMUM_RSA_BITS:
        raise KeyTooWeak("the key is not RSA of 2048 bits or more")
    return key, certificate, tuple(chain)


def _looks_like_pkcs12(data: bytes) -> bool:
    # Indefinite lengths (BER) are written by some key stores.
    if data[:2] == b"\x30\x80":
        return True
    try:
        return der_length(data) == len(data)
    except ValueError:
        return False
