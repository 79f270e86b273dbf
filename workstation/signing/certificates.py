"""What we read from X.509 certificates: names, identifiers, validity, use of the key. No trust is decided here."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.x509.oid import NameOID

MINIMUM_RSA_BITS = 2048
MINIMUM_EC_BITS = 256

HASHES: dict[str, type[HashAlgorithm]] = {"SHA256": SHA256, "SHA384": SHA384, "SHA512": SHA512}

# A policy of the UUID arc (ITU-T X.667), made for this purpose: only demonstration certificates carry it.
DEMONSTRATION_POLICY = x509.ObjectIdentifier("2.25.333528482086174502658430458052845299249")

# What the parser of certificates raises on hostile bytes.
CERTIFICATE_ERRORS = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    Warning,
)


@dataclass(frozen=True, slots=True)
class CertificateName:
    """The holder of a certificate. ``identifiers`` are all the numbers that name this person."""

    common_name: str
    organisation: str
    identifier: str
    identifiers: frozenset[str]
    words: str
    issuer: str


def read_certificate(der: bytes) -> x509.Certificate:
    """Return the certificate that ``der`` is.

    Raises one of ``CERTIFICATE_ERRORS`` where it is none, or is written otherwise than its authority did: the count of
    unused bits before its signature is covered by nothing, and some parsers let it be changed.
    Source: RFC 5280 4.1.1.3.
    """
    certificate = x509.load_der_x509_certificate(der)
    if der[-len(certificate.signature) - 1] != 0:
        raise ValueError("a signature of a part of a byte")
    return certificate


def certificate_name(certificate: x509.Certificate) -> CertificateName:
    """Return who holds ``certificate``."""
    subject = certificate.subject
    common_name = _first(subject, NameOID.COMMON_NAME)
    serial = _first(subject, NameOID.SERIAL_NUMBER)
    person = (common_name, _first(subject, NameOID.GIVEN_NAME), _first(subject, NameOID.SURNAME))
    identifiers = _identifiers(serial) | _identifiers(common_name if common_name.isdigit() else "")
    return CertificateName(
        common_name=common_name,
        organisation=_first(subject, NameOID.ORGANIZATION_NAME),
        identifier=serial or (common_name if common_name.isdigit() else ""),
        identifiers=identifiers,
        words=" ".join(part for part in person if part),
        issuer=_first(certificate.issuer, NameOID.COMMON_NAME) or certificate.issuer.rfc4514_string(),
    )


def is_demonstration(certificate: x509.Certificate) -> bool:
    """Whether ``certificate`` belongs to a demonstration identity or its authority."""
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except (x509.ExtensionNotFound, *CERTIFICATE_ERRORS):
        return False
    return any(policy.policy_identifier == DEMONSTRATION_POLICY for policy in policies)


def is_valid_at(certificate: x509.Certificate, moment: datetime) -> bool:
    """Whether ``moment`` lies within the validity of ``certificate``, both ends included."""
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether the certificate's key usage, where given, allows signatures over documents."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def has_strong_key(certificate: x509.Certificate) -> bool:
    """Whether the key is RSA of 2048 bits or more, or lies on a curve of 256 bits or more."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= MINIMUM_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= MINIMUM_EC_BITS


def verifies(certificate: x509.Certificate, signature: bytes, data: bytes, algorithm: str) -> bool:
    """Whether ``signature`` over ``data`` was made by the key of ``certificate``.

    ``signature`` may carry one zero byte of padding; ``algorithm`` is a key of ``HASHES``.
    """
    key = certificate.public_key()
    hash_algorithm = HASHES[algorithm]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            exact = _without_padding(signature, (key.key_size + 7) // 8)
            key.verify(exact, data, padding.PKCS1v15(), hash_algorithm)
            return True
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_without_padding(signature, der_length(signature)), data, ec.ECDSA(hash_algorithm))
            return True
    except (InvalidSignature, ValueError):
        return False
    return False


def der_length(data: bytes) -> int:
    """Return the length in bytes, header included, of the DER value that ``data`` begins with.

    Raises ``ValueError`` when the header is not DER.
    """
    if len(data) < 2 or data[0] != 0x30:
        raise ValueError("not a DER sequence")
    if data[1] < 0x80:
        return 2 + data[1]
    count = data[1] & 0x7F
    if not 1 <= count <= 4 or len(data) < 2 + count:
        raise ValueError("not a DER length")
    return 2 + count + int.from_bytes(data[2 : 2 + count], "big")


def exact_der(value: bytes) -> bytes:
    """Return the DER value inside an even-length element value: at most one byte of padding, which is zero.

    Raises ``ValueError`` otherwise.
    """
    return _without_padding(value, der_length(value))


def _without_padding(value: bytes, length: int) -> bytes:
    if value[length:] not in (b"", b"\0") or len(value) < length:
        raise ValueError("bytes after the value")
    return value[:length]


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    if not found:
        return ""
    value = found[0].value
    return value if isinstance(value, str) else ""


def _identifiers(text: str) -> frozenset[str]:
    # ETSI EN 319 412-1 writes "PNOFR-123"; French health cards write the RPPS number after an 8.
    if not text:
        return frozenset()
    bare = text.rsplit("-", 1)[-1].strip()
    known = {text.strip(), bare}
    if bare.isdigit() and len(bare) == 12 and bare.startswith("8"):
        known.add(bare[1:])
    return frozenset(known)
