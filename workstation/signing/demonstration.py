"""Demonstration identities: an authority and a reader's certificate that say what they are in every name."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from workstation.domain.clock import Clock
from workstation.domain.reader import Reader
from workstation.signing.certificates import DEMONSTRATION_POLICY

MARK = "DEMONSTRATION"
_KEY_BITS = 2048
_PUBLIC_EXPONENT = 65537
_VALIDITY = timedelta(days=730)
# Upper bounds of X.520 names. Source: RFC 5280 Appendix A.1, ub-common-name and its siblings.
_NAME_LENGTH = 64


@dataclass(frozen=True, slots=True)
class DemonstrationIdentity:
    """The authority's certificate as PEM, and the reader's key and certificate as an encrypted PKCS#12 file."""

    ca_pem: bytes
    pkcs12: bytes = field(repr=False)


def make_identity(reader: Reader, clock: Clock, passphrase: str) -> DemonstrationIdentity:
    """Make an identity for ``reader``, valid from yesterday for two years; the authority's key is not kept."""
    start = clock() - timedelta(days=1)
    authority_key = rsa.generate_private_key(_PUBLIC_EXPONENT, _KEY_BITS)
    reader_key = rsa.generate_private_key(_PUBLIC_EXPONENT, _KEY_BITS)
    authority_name = _name(f"Requis {MARK} authority", f"Requis {MARK}")
    authority = (
        _builder(authority_name, authority_name, authority_key.public_key(), authority_key, start)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_authority_usage(), critical=True)
        .sign(authority_key, SHA256())
    )
    certificate = (
        _builder(_subject(reader), authority_name, reader_key.public_key(), authority_key, start)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_reader_usage(), critical=True)
        .sign(authority_key, SHA256())
    )
    archive = pkcs12.serialize_key_and_certificates(
        b"requis-demonstration", reader_key, certificate, [authority], BestAvailableEncryption(passphrase.encode())
    )
    return DemonstrationIdentity(authority.public_bytes(Encoding.PEM), archive)


def _subject(reader: Reader) -> x509.Name:
    suffix = f" ({MARK})"
    common_name = (reader.display or "?")[: _NAME_LENGTH - len(suffix)] + suffix
    return _name(common_name, reader.organisation, reader.identifier)


def _name(common_name: str, organisation: str, identifier: str = "") -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organisation.strip():
        attributes.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation.strip()[:_NAME_LENGTH]))
    if identifier.strip():
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, identifier.strip()[:_NAME_LENGTH]))
    return x509.Name(attributes)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: rsa.RSAPublicKey,
    authority_key: rsa.RSAPrivateKey,
    start: datetime,
) -> x509.CertificateBuilder:
    policy = x509.PolicyInformation(DEMONSTRATION_POLICY, None)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _VALIDITY)
        .add_extension(x509.CertificatePolicies([policy]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
    )


def _reader_usage() -> x509.KeyUsage:
    return _usage(signature=True, commitment=True, authority=False)


def _authority_usage() -> x509.KeyUsage:
    return _usage(signature=False, commitment=False, authority=True)


def _usage(*, signature: bool, commitment: bool, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signature,
        content_commitment=commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
