"""PAdES signatures of PDF documents, made and verified with pyHanko; nothing here reaches the network.

A signed document is certified with no change allowed, under an invisible field: the visible words about the signer
belong to the report's own pages. Source: ETSI EN 319 142-1, level B-B.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from workstation.domain.clock import Clock, system_clock
from workstation.signing import pdf_verification
from workstation.signing.errors import DocumentRefused
from workstation.signing.identity import checked_signature, usable_certificate
from workstation.signing.signer import Signer
from workstation.signing.trust import TrustList
from workstation.signing.verdict import ObjectVerdict

FIELD_NAME = "Signature"
_MAXIMUM_SIGNATURE_BYTES = 1024


class _RawSigner(signers.Signer):
    """Lets pyHanko build the CMS around signatures that our ``Signer`` makes."""

    def __init__(self, signer: Signer, certificate: x509.Certificate) -> None:
        store: Callable[[Iterable[asn1_x509.Certificate]], SimpleCertificateStore] = SimpleCertificateStore.from_certs
        registry = store(asn1_x509.Certificate.load(link) for link in signer.chain_der)
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(signer.certificate_der), cert_registry=registry, embed_roots=False
        )
        self._raw = signer
        self._certificate = certificate

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise DocumentRefused("another digest than SHA-256 was asked for")
        return bytes(_MAXIMUM_SIGNATURE_BYTES) if dry_run else checked_signature(self._raw, self._certificate, data)


class _TimedPdfSigner(signers.PdfSigner):
    """Writes the time that it is given, not the time that it finds."""

    def __init__(self, metadata: signers.PdfSignatureMetadata, signer: signers.Signer, moment: datetime) -> None:
        super().__init__(metadata, signer)
        self._moment = moment

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._moment
        return session


def sign_pdf(pdf: bytes, signer: Signer, clock: Clock = system_clock, reason: str = "", location: str = "") -> bytes:
    """Return ``pdf``, which we have just written, certified by ``signer`` in an incremental update.

    Raises ``DocumentRefused``, ``CertificateNotValidNow``, ``KeyMismatch`` and what the signer raises.
    """
    certificate = usable_certificate(signer, clock)
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason or None,
        location=location or None,
    )
    try:
        _require_fresh(pdf)
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        engine = _TimedPdfSigner(metadata, _RawSigner(signer, certificate), clock().astimezone())
        return bytes(engine.sign_pdf(writer).getvalue())
    except (PdfError, ValueError) as error:
        raise DocumentRefused("the PDF cannot be signed") from error


def verify_pdf(pdf: bytes, trust: TrustList, clock: Clock = system_clock) -> ObjectVerdict:
    """Return the verdict on one PDF of any origin; never raises on what the bytes hold."""
    return pdf_verification.verify(pdf, trust, clock)


def _require_fresh(pdf: bytes) -> None:
    reader = PdfFileReader(BytesIO(pdf))
    if reader.encrypted or reader.embedded_signatures:
        raise DocumentRefused("the PDF is encrypted or signed already")
