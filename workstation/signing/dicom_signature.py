"""Signs and verifies DICOM objects: every signable element under one signature in the main data set.

For structured reports this satisfies the Structured Report RSA Digital Signature Profile, for other objects the
Creator and Authorization profiles. Source: PS3.15 C.1 to C.4.
"""

from datetime import datetime, timedelta, timezone
from typing import Final

from cryptography import x509
from pydicom.uid import ExplicitVRLittleEndian

from workstation.domain.clock import Clock, system_clock
from workstation.domain.identifiers import new_uid
from workstation.signing import dicom_verification
from workstation.signing.certificates import certificate_name
from workstation.signing.elements import Elements
from workstation.signing.encoding import encode, normalised
from workstation.signing.errors import (
    AlreadySigned,
    EncodingNotSupported,
    ObjectUnreadable,
    PurposeNotAllowed,
)
from workstation.signing.identity import checked_signature, usable_certificate
from workstation.signing.mac_stream import is_signable, mac_stream
from workstation.signing.observer import is_verified, match_observer
from workstation.signing.part10 import PartTen, read_part10
from workstation.signing.purpose import Purpose
from workstation.signing.signature_items import has_signature, signed_item, unsigned_item, with_signature
from workstation.signing.signer import Signer
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Match, ObjectVerdict
from workstation.signing.walker import walk

_NOT_GREENWICH: Final = timezone(timedelta(hours=1))


def sign_part10(part10: bytes, signer: Signer, purpose: Purpose | None, clock: Clock) -> bytes:
    """Return the signed object. Without ``purpose``: verification for a verified document, else author.

    The object is one that we have just built, in Explicit VR Little Endian. Redundant trailing padding of texts and
    group lengths are dropped; no value changes.

    Raises ``AlreadySigned``, ``ElementNotSignable``, ``CharacterSetFalse``, ``PurposeNotAllowed``,
    ``CertificateNotValidNow``, ``KeyTooWeak``, ``KeyMismatch`` and what the signer raises.
    """
    part = read_part10(part10)
    data_set = _signable_form(part)
    chosen = _purpose_for(data_set, purpose)
    certificate = usable_certificate(signer, clock)
    item = unsigned_item(new_uid(), _with_offset(clock().astimezone()), chosen)
    signed_tags = tuple(element.tag for element in data_set)
    stream = mac_stream(data_set, frozenset(signed_tags), item)
    value = checked_signature(signer, certificate, stream)
    complete = with_signature(data_set, signed_tags, signed_item(item, signer.certificate_der, value))
    return part.head + encode(complete)


def verify_part10(part10: bytes, trust: TrustList, clock: Clock = system_clock) -> ObjectVerdict:
    """Return the verdict on one DICOM object of any origin; never raises on what the bytes hold."""
    return dicom_verification.verify(part10, trust, clock)


def signer_match(part10: bytes, signer: Signer) -> tuple[Match, str]:
    """Return whether ``signer`` is the verifying observer of this object of ours, and the observer's name."""
    certificate = x509.load_der_x509_certificate(signer.certificate_der)
    return match_observer(read_part10(part10).elements, certificate_name(certificate))


def _signable_form(part: PartTen) -> Elements:
    if part.transfer_syntax != ExplicitVRLittleEndian:
        raise EncodingNotSupported("only Explicit VR Little Endian is signed")
    if part.has_preamble:
        raise ObjectUnreadable("a preamble that no signature would cover")
    if has_signature(part.elements):
        raise AlreadySigned("the object carries a signature")
    # The MAC is computed from what was parsed out of written bytes, never from values in memory.
    written = walk(encode(normalised(part.elements)))
    if not all(is_signable(element) for element in written):
        raise EncodingNotSupported("an element that no signature covers")
    return written


def _with_offset(moment: datetime) -> datetime:
    # DCMTK 3.6.7 takes a value that ends in +0000 for damaged; the same instant can be told from another zone.
    return moment if moment.utcoffset() else moment.astimezone(_NOT_GREENWICH)


def _purpose_for(data_set: Elements, purpose: Purpose | None) -> Purpose:
    verified = is_verified(data_set)
    if purpose is None:
        return Purpose.VERIFICATION if verified else Purpose.AUTHOR
    if verified and purpose is not Purpose.VERIFICATION:
        raise PurposeNotAllowed("a verified document signed for another purpose")
    return purpose
