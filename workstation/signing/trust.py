"""The authorities we trust, and the way from a certificate to one of them.

Certificates of authorities are checked at the claimed time of signing. Revocation is not looked up: nothing here
reaches the network.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import MD5, SHA1

from workstation.signing.certificates import (
    CERTIFICATE_ERRORS,
    has_strong_key,
    is_demonstration,
    is_valid_at,
    may_sign,
)
from workstation.signing.errors import TrustFileUnreadable
from workstation.signing.verdict import Trust, TrustLine

DEMONSTRATION_ROOT = "demonstration"
_MAXIMUM_CHAIN = 8
_MAXIMUM_CANDIDATES = 64
_UNDERSTOOD = frozenset(
    (
        x509.BasicConstraints.oid,
        x509.KeyUsage.oid,
        x509.ExtendedKeyUsage.oid,
        x509.CertificatePolicies.oid,
        x509.SubjectAlternativeName.oid,
        x509.SubjectKeyIdentifier.oid,
        x509.AuthorityKeyIdentifier.oid,
        x509.CRLDistributionPoints.oid,
    )
)


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """One root and the name under which readers know it."""

    name: str
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class TrustList:
    """Roots that are trusted, and intermediate certificates that may lead to them."""

    anchors: tuple[TrustAnchor, ...] = ()
    intermediates: tuple[x509.Certificate, ...] = ()

    @classmethod
    def from_pem(cls, pem: bytes, name: str) -> Self:
        """Read roots and intermediates from a PEM file; a demonstration authority is always named as such.

        Raises ``TrustFileUnreadable``.
        """
        try:
            certificates = x509.load_pem_x509_certificates(pem)
        except CERTIFICATE_ERRORS as error:
            raise TrustFileUnreadable("no certificate in the file of authorities") from error
        roots = [certificate for certificate in certificates if certificate.subject == certificate.issuer]
        others = [certificate for certificate in certificates if certificate.subject != certificate.issuer]
        anchors = tuple(TrustAnchor(DEMONSTRATION_ROOT if is_demonstration(root) else name, root) for root in roots)
        return cls(anchors, tuple(others))

    def including(self, other: "TrustList") -> "TrustList":
        """Return the list of both."""
        return TrustList(self.anchors + other.anchors, self.intermediates + other.intermediates)

    def trust(self, leaf: x509.Certificate, moment: datetime, others: Iterable[x509.Certificate] = ()) -> TrustLine:
        """Return which root vouches for ``leaf`` at ``moment``; ``others`` came with the object, untrusted."""
        candidates = (*self.intermediates, *others)[:_MAXIMUM_CANDIDATES]
        try:
            if not may_sign(leaf) or not _is_understood(leaf):
                return TrustLine(Trust.BROKEN_CHAIN)
            return self._climb(leaf, moment, candidates)
        except CERTIFICATE_ERRORS:
            return TrustLine(Trust.BROKEN_CHAIN)

    def _climb(self, leaf: x509.Certificate, moment: datetime, candidates: tuple[x509.Certificate, ...]) -> TrustLine:
        current = leaf
        for below in range(_MAXIMUM_CHAIN):
            for anchor in self.anchors:
                if _issued(anchor.certificate, current):
                    sound = _may_issue(anchor.certificate, moment, below)
                    return TrustLine(Trust.TRUSTED, anchor.name) if sound else TrustLine(Trust.BROKEN_CHAIN)
            issuers = [link for link in candidates if link != current and _issued(link, current)]
            usable = [link for link in issuers if _may_issue(link, moment, below)]
            if not usable:
                return TrustLine(Trust.BROKEN_CHAIN if issuers else Trust.UNKNOWN_AUTHORITY)
            current = usable[0]
        return TrustLine(Trust.BROKEN_CHAIN)


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    if certificate.issuer != issuer.subject:
        return False
    if isinstance(certificate.signature_hash_algorithm, (MD5, SHA1)):
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, *CERTIFICATE_ERRORS):
        return False
    return True


def _may_issue(certificate: x509.Certificate, moment: datetime, below: int) -> bool:
    """Whether ``certificate`` may vouch at ``moment`` for a chain with ``below`` authorities under it."""
    extensions = certificate.extensions
    try:
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False
    try:
        signs = extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        signs = True
    length = constraints.path_length
    return (
        constraints.ca
        and signs
        and (length is None or below <= length)
        and is_valid_at(certificate, moment)
        and has_strong_key(certificate)
        and _is_understood(certificate)
    )


def _is_understood(certificate: x509.Certificate) -> bool:
    return all(extension.oid in _UNDERSTOOD for extension in certificate.extensions if extension.critical)
