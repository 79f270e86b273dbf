"""Whether a signer may sign now, and whether what it made is a signature: nothing leaves unverified."""

from cryptography import x509

from workstation.domain.clock import Clock
from workstation.signing.certificates import CERTIFICATE_ERRORS, has_strong_key, is_valid_at, may_sign, verifies
from workstation.signing.errors import CertificateNotValidNow, KeyMismatch, KeyTooWeak, NoSigningKey
from workstation.signing.signer import Signer


def usable_certificate(signer: Signer, clock: Clock) -> x509.Certificate:
    """Return the signer's certificate.

    Raises ``NoSigningKey``, ``KeyTooWeak``, ``CertificateNotValidNow``.
    """
    try:
        certificate = x509.load_der_x509_certificate(signer.certificate_der)
        strong, usable = has_strong_key(certificate), may_sign(certificate)
    except CERTIFICATE_ERRORS as error:
        raise NoSigningKey("the signer's certificate cannot be read") from error
    if not usable:
        raise NoSigningKey("the certificate is not for signatures")
    if not strong:
        raise KeyTooWeak("the signer's key is too weak")
    if not is_valid_at(certificate, clock()):
        raise CertificateNotValidNow("outside the certificate's validity")
    return certificate


def checked_signature(signer: Signer, certificate: x509.Certificate, data: bytes) -> bytes:
    """Return the signature over the SHA-256 digest of ``data``, after verifying it with the certificate.

    Raises ``KeyMismatch`` and what the signer raises.
    """
    signature = signer.sign_digest_sha256(data)
    if not verifies(certificate, signature, data, "SHA256"):
        raise KeyMismatch("the signature made does not verify with the certificate")
    return signature
