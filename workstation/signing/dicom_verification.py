"""The verdict on a DICOM object of any origin: strict, bounded, and never an exception for what the bytes hold."""

from datetime import timedelta

from cryptography import x509
from pydicom.datadict import keyword_for_tag

from workstation.domain.clock import Clock
from workstation.signing.certificates import (
    CERTIFICATE_ERRORS,
    HASHES,
    CertificateName,
    certificate_name,
    has_strong_key,
    is_demonstration,
    is_valid_at,
    read_certificate,
    verifies,
)
from workstation.signing.elements import (
    DIGITAL_SIGNATURES_SEQUENCE,
    MAC_PARAMETERS_SEQUENCE,
    Elements,
)
from workstation.signing.errors import ObjectUnreadable, SigningError
from workstation.signing.mac_stream import has_signable_tag, is_signable, mac_stream
from workstation.signing.observer import match_observer
from workstation.signing.part10 import PartTen, read_part10
from workstation.signing.purpose import Purpose
from workstation.signing.signature_items import DigitalSignature, has_signature, read_signatures
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Coverage, Integrity, Match, ObjectVerdict, SignerLine, Time, TimeLine

# Clocks differ a little; a signature from further ahead is not believed.
_CLOCK_TOLERANCE = timedelta(minutes=5)
_MAXIMUM_UNSIGNED = 100
# What holds the signature cannot be under it; nothing else may stay outside.
_MAY_BE_UNSIGNED = frozenset((MAC_PARAMETERS_SEQUENCE, DIGITAL_SIGNATURES_SEQUENCE))


def verify(part10: bytes, trust: TrustList, clock: Clock) -> ObjectVerdict:
    """Return the verdict on ``part10``."""
    try:
        part = read_part10(part10)
    except SigningError as error:
        return ObjectVerdict(Integrity.UNREADABLE, reason=error.technical)
    if not has_signature(part.elements):
        return _bare(part, Integrity.UNSIGNED, "no signature")
    try:
        signatures = read_signatures(part.elements)
    except ObjectUnreadable as error:
        return _bare(part, Integrity.MODIFIED, error.technical)
    verdicts = [_verdict(part, signature, trust, clock) for signature in signatures]
    return _choose(verdicts)


def time_line(certificate: x509.Certificate, signed_at: TimeLine, clock: Clock) -> TimeLine:
    """Return ``signed_at`` judged against the certificate's validity and the present."""
    claimed = signed_at.claimed
    if claimed is None:
        return signed_at
    if claimed > clock() + _CLOCK_TOLERANCE:
        return TimeLine(Time.FUTURE, claimed)
    if is_valid_at(certificate, claimed):
        return TimeLine(Time.WITHIN, claimed)
    early = claimed < certificate.not_valid_before_utc
    return TimeLine(Time.NOT_YET_VALID if early else Time.EXPIRED, claimed)


def signer_line(holder: CertificateName, match: Match, observer: str) -> SignerLine:
    """Return the line that names the signer."""
    return SignerLine(holder.common_name, holder.identifier, holder.organisation, holder.issuer, match, observer)


def _choose(verdicts: list[ObjectVerdict]) -> ObjectVerdict:
    # One broken signature condemns the object, whatever the others say.
    broken = [verdict for verdict in verdicts if verdict.integrity is not Integrity.INTACT]
    if broken:
        return broken[0]
    return next((verdict for verdict in verdicts if verdict.valid), verdicts[-1])


def _verdict(part: PartTen, signature: DigitalSignature, trust: TrustList, clock: Clock) -> ObjectVerdict:
    try:
        certificate = read_certificate(signature.certificate_der)
        holder = certificate_name(certificate)
        integrity, reason = _integrity(part.elements, signature, certificate)
    except CERTIFICATE_ERRORS:
        return _bare(part, Integrity.MODIFIED, "the certificate cannot be read")
    match, observer = match_observer(part.elements, holder)
    if match is Match.MATCHES and signature.purpose != Purpose.VERIFICATION.code:
        match = Match.WRONG_PURPOSE
    unsigned = _unsigned(part, frozenset(signature.signed_tags))
    return ObjectVerdict(
        integrity,
        signer=signer_line(holder, match, observer),
        trust=trust.trust(certificate, signature.signed_at),
        time=time_line(certificate, TimeLine(claimed=signature.signed_at), clock),
        coverage=Coverage.INCOMPLETE if unsigned else Coverage.COMPLETE,
        unsigned=unsigned,
        sop_class=part.sop_class,
        sop_instance=part.sop_instance,
        purpose=signature.purpose,
        algorithm=signature.algorithm,
        demonstration=is_demonstration(certificate),
        reason=reason,
    )


def _integrity(data_set: Elements, signature: DigitalSignature, certificate: x509.Certificate) -> tuple[Integrity, str]:
    if signature.algorithm not in HASHES:
        return Integrity.REFUSED, "a hash algorithm that is broken or unknown"
    if not has_strong_key(certificate):
        return Integrity.REFUSED, "a key that is too weak or of another kind"
    listed = frozenset(signature.signed_tags)
    present = {element.tag for element in data_set if element.tag in listed and is_signable(element)}
    if present != listed:
        return Integrity.MODIFIED, "a signed element is missing or can no longer be read"
    stream = mac_stream(data_set, listed, signature.item)
    if not verifies(certificate, signature.value, stream, signature.algorithm):
        return Integrity.MODIFIED, "the signature does not belong to these bytes"
    return Integrity.INTACT, ""


def _unsigned(part: PartTen, signed: frozenset[int]) -> tuple[str, ...]:
    outside = ["preamble"] if part.has_preamble else []
    for element in part.elements:
        if element.tag not in signed:
            if element.tag not in _MAY_BE_UNSIGNED:
                outside.append(_name(element.tag))
        elif element.items is not None:
            outside.extend(_skipped(element.items, _name(element.tag)))
    return tuple(outside[:_MAXIMUM_UNSIGNED])


def _skipped(items: tuple[Elements, ...], path: str) -> list[str]:
    """Return the elements inside a signed sequence that its signature passes over."""
    found: list[str] = []
    for item in items:
        for element in item:
            name = f"{path} > {_name(element.tag)}"
            if not has_signable_tag(element.tag):
                found.append(name)
            elif element.items is not None:
                found.extend(_skipped(element.items, name))
    return found


def _name(tag: int) -> str:
    keyword = keyword_for_tag(tag)
    number = f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
    return f"{keyword} {number}" if keyword else number


def _bare(part: PartTen, integrity: Integrity, reason: str) -> ObjectVerdict:
    return ObjectVerdict(integrity, sop_class=part.sop_class, sop_instance=part.sop_instance, reason=reason)
