"""The verdict on a PDF of any origin.

pyHanko reads the document and its CMS; the gap in the byte range, the trust and the time are judged here, by the same
rules as for DICOM objects. The last signature must reach the end of the file.
"""

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from itertools import pairwise

from asn1crypto import x509 as asn1_x509
from asn1crypto.cms import ContentInfo
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from workstation.domain.clock import Clock
from workstation.signing.certificates import HASHES, certificate_name, der_length, has_strong_key, is_demonstration
from workstation.signing.dicom_verification import signer_line, time_line
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Coverage, Integrity, Match, ObjectVerdict, TimeLine

MAXIMUM_BYTES = 128 * 1024 * 1024
_MAXIMUM_SIGNATURES = 16
_KIND = "pdf"
_BYTE_RANGE = b"/ByteRange"
_GAP = re.compile(rb"<([0-9a-f]*)>|<([0-9A-F]*)>")


def verify(pdf: bytes, trust: TrustList, clock: Clock) -> ObjectVerdict:
    """Return the verdict on ``pdf``."""
    if not pdf.startswith(b"%PDF-") or len(pdf) > MAXIMUM_BYTES:
        return _bare(Integrity.UNREADABLE, "not a PDF, or larger than the limit")
    try:
        return _verify(pdf, trust, clock)
    # The bytes are hostile and pyHanko promises no family of errors for them; whatever it meets, we cannot vouch.
    except Exception as error:
        return _bare(Integrity.UNREADABLE, f"the document cannot be read: {type(error).__name__}")


def _verify(pdf: bytes, trust: TrustList, clock: Clock) -> ObjectVerdict:
    reader = PdfFileReader(BytesIO(pdf))
    signatures = list(reader.embedded_regular_signatures)
    if not signatures:
        known = _BYTE_RANGE not in pdf
        return _bare(Integrity.UNSIGNED, "no signature") if known else _bare(Integrity.REFUSED, "of an unknown kind")
    if len(signatures) > _MAXIMUM_SIGNATURES:
        return _bare(Integrity.UNREADABLE, "too many signatures")
    if any(later.signed_revision <= earlier.signed_revision for earlier, later in pairwise(signatures)):
        return _bare(Integrity.MODIFIED, "signatures that do not follow each other")
    verdicts = [_verdict(pdf, signature, trust, clock) for signature in signatures]
    broken = [verdict for verdict in verdicts if verdict.integrity is not Integrity.INTACT]
    return broken[0] if broken else verdicts[-1]


def _verdict(pdf: bytes, signature: EmbeddedPdfSignature, trust: TrustList, clock: Clock) -> ObjectVerdict:
    certificate = _certificate(signature.signer_cert)
    others = [_certificate(link) for link in signature.other_embedded_certs]
    holder = certificate_name(certificate)
    claimed = _with_zone(signature.self_reported_timestamp)
    integrity, reason = _integrity(pdf, signature, certificate)
    whole = signature.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    return ObjectVerdict(
        integrity,
        signer=signer_line(holder, Match.NO_OBSERVER, ""),
        trust=trust.trust(certificate, claimed or clock(), others),
        time=time_line(certificate, TimeLine(claimed=claimed), clock),
        coverage=Coverage.COMPLETE if whole else Coverage.INCOMPLETE,
        unsigned=() if whole else ("appended",),
        kind=_KIND,
        algorithm=signature.md_algorithm.upper(),
        demonstration=is_demonstration(certificate),
        reason=reason,
    )


def _integrity(pdf: bytes, signature: EmbeddedPdfSignature, certificate: x509.Certificate) -> tuple[Integrity, str]:
    algorithm = signature.md_algorithm.upper()
    if algorithm not in HASHES or not has_strong_key(certificate):
        return Integrity.REFUSED, "a hash algorithm or a key that is too weak or unknown"
    if signature.signer_info["signed_attrs"].native is None:
        return Integrity.REFUSED, "a signature without signed attributes"
    if not _gap_is_the_signature(pdf, signature) or not _envelope_agrees(signature):
        return (
            Integrity.MODIFIED,
            "the byte range leaves out more than the signature, or its envelope differs",
        )
    findings = _findings(signature)
    if findings["coverage"] not in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION):
        return Integrity.MODIFIED, "the byte range does not cover a whole revision"
    if findings["docmdp_ok"] is False:
        return Integrity.MODIFIED, "changes after the signature"
    digest = signature.compute_digest()
    intact, valid = validate_sig_integrity(signature.signer_info, signature.signer_cert, "data", digest)
    if not (intact and valid):
        return Integrity.MODIFIED, "the signature does not belong to these bytes"
    return Integrity.INTACT, ""


def _findings(signature: EmbeddedPdfSignature) -> dict[str, object]:
    compute: Callable[[], None] = signature.compute_integrity_info
    compute()
    return dict(signature.summarise_integrity_info())


def _gap_is_the_signature(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether what the byte range leaves out is exactly the hexadecimal CMS, then zeros."""
    values = [int(value) for value in signature.byte_range]
    if len(values) != 4 or values[0] != 0 or any(value < 0 for value in values):
        return False
    _, first, second, length = values
    match = _GAP.fullmatch(pdf[first:second])
    if (
        match is None
        or second + length > len(pdf)
        or bytes.fromhex((match[1] or match[2]).decode()) != (signature.pkcs7_content)
    ):
        return False
    content = bytes(signature.pkcs7_content)
    size = der_length(content)
    if size > len(content) or any(content[size:]):
        return False
    parsed = ContentInfo.load(content[:size], strict=True)
    # The parser tolerates a length that takes in some of the zeros.
    return len(parsed.contents) == len(parsed["content_type"].dump()) + len(parsed["content"].dump())


def _envelope_agrees(signature: EmbeddedPdfSignature) -> bool:
    """Whether the parts of the CMS that repeat what is signed, and are not signed themselves, say the same."""
    data, info, certificate = signature.signed_data, signature.signer_info, signature.signer_cert
    repeated = data["digest_algorithms"]
    if len(repeated) != 1 or repeated[0].dump() != info["digest_algorithm"].dump():
        return False
    holder = info["sid"]
    if holder.name != "issuer_and_serial_number":
        return bool(data["version"].native == "v3" == info["version"].native)
    return bool(
        data["version"].native == "v1" == info["version"].native
        and holder.chosen["issuer"].dump() == certificate["tbs_certificate"]["issuer"].dump()
        and holder.chosen["serial_number"].native == certificate.serial_number
    )


def _certificate(certificate: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(bytes(certificate.dump()))


def _with_zone(claimed: datetime | None) -> datetime | None:
    # A time without its zone says nothing that can be compared.
    return None if claimed is None or claimed.tzinfo is None else claimed


def _bare(integrity: Integrity, reason: str) -> ObjectVerdict:
    return ObjectVerdict(integrity, kind=_KIND, reason=reason)
