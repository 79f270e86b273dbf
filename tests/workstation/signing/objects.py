"""Small objects to sign, and certificates of every kind, made for the tests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydicom.dataset import Dataset
from pydicom.uid import (
    ComprehensiveSRStorage,
    EncapsulatedPDFStorage,
    KeyObjectSelectionDocumentStorage,
)

from tests.support.instances import to_part10
from workstation.domain.identifiers import new_uid
from workstation.domain.reader import Reader
from workstation.signing.encoding import encode
from workstation.signing.mac_stream import mac_stream
from workstation.signing.part10 import read_part10
from workstation.signing.purpose import Purpose
from workstation.signing.signature_items import signed_item, unsigned_item, with_signature
from workstation.signing.software import SoftwareSigner

READER = Reader(name="Dr Témoin Lœcteur-Essai", identifier="10001234567", organisation="Centre d’imagerie")
PASSPHRASE = "correct horse"
# The present, because dcmsign and pdfsig judge certificates by the real clock.
NOW = datetime.now(UTC).replace(microsecond=0)


def fixed_clock() -> datetime:
    return NOW


def structured_report(*, verified: bool = True, observer: Reader = READER, distance: str = "14 mm") -> bytes:
    dataset = _composite(ComprehensiveSRStorage, "SR")
    dataset.CompletionFlag = "COMPLETE"
    dataset.VerificationFlag = "VERIFIED" if verified else "UNVERIFIED"
    if verified:
        dataset.VerifyingObserverSequence = [_observer(observer)]
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.PerformedProcedureCodeSequence = []
    dataset.CurrentRequestedProcedureEvidenceSequence = [_evidence(dataset.StudyInstanceUID)]
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [_code("18748-4", "LN", "Diagnostic imaging report")]
    dataset.ContinuityOfContent = "SEPARATE"
    dataset.ContentTemplateSequence = [_template("2000")]
    dataset.ContentSequence = [
        _section("121070", "Findings", f"Nodule du lobe supérieur droit, {distance}, « solide »."),
        _section("121072", "Impressions", "Cœur d’aspect normal."),
    ]
    return to_part10(dataset)


def key_images() -> bytes:
    dataset = _composite(KeyObjectSelectionDocumentStorage, "KO")
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.CurrentRequestedProcedureEvidenceSequence = [_evidence(dataset.StudyInstanceUID)]
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [_code("113000", "DCM", "Of Interest")]
    dataset.ContinuityOfContent = "SEPARATE"
    dataset.ContentTemplateSequence = [_template("2010")]
    dataset.ContentSequence = [_text("Nodule à surveiller")]
    return to_part10(dataset)


def encapsulated(pdf: bytes) -> bytes:
    dataset = _composite(EncapsulatedPDFStorage, "DOC")
    dataset.ConversionType = "WSD"
    dataset.BurnedInAnnotation = "YES"
    dataset.AcquisitionDateTime = ""
    dataset.DocumentTitle = "Second avis"
    dataset.ConceptNameCodeSequence = [_code("18748-4", "LN", "Diagnostic imaging report")]
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    dataset.EncapsulatedDocumentLength = len(pdf)
    dataset.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    return to_part10(dataset)


def signed_regardless(
    report: bytes, issued: "Issued", moment: datetime, purpose: Purpose = Purpose.VERIFICATION
) -> bytes:
    """Sign what ``sign_part10`` would refuse to: with an expired certificate, a short key, another purpose."""
    part = read_part10(report)
    item = unsigned_item(new_uid(), moment, purpose)
    tags = tuple(element.tag for element in part.elements)
    value = issued.signer.sign_digest_sha256(mac_stream(part.elements, frozenset(tags), item))
    item = signed_item(item, issued.signer.certificate_der, value)
    return part.head + encode(with_signature(part.elements, tags, item))


def small_pdf(text: str = "Second avis : 14 mm") -> bytes:
    content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    pdf = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(pdf)
    pdf += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return pdf + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the tests."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


@dataclass(frozen=True)
class Issued:
    """A key and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def signer(self) -> SoftwareSigner:
        return SoftwareSigner(self.key, self.certificate, self.chain)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def authority(name: str = "Test authority", issuer: Authority | None = None) -> Authority:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        _builder(subject, issuer.certificate.subject if issuer else subject, key, timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(issuer.key if issuer else key, SHA256())
    )
    return Authority(key, certificate)


def issue(
    issuer: Authority,
    *,
    reader: Reader = READER,
    bits: int = 2048,
    days: int = 365,
    commitment: bool = True,
    with_usage: bool = True,
    start: datetime = NOW - timedelta(days=30),
) -> Issued:
    key = rsa.generate_private_key(65537, bits)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, reader.name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, reader.identifier),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _builder(subject, issuer.certificate.subject, key, timedelta(days=days), start)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    if with_usage:
        builder = builder.add_extension(usage, critical=True)
    certificate = builder.sign(issuer.key, SHA256())
    return Issued(key, certificate)


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    validity: timedelta,
    start: datetime = NOW - timedelta(days=600),
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + validity)
    )


def _composite(sop_class: str, modality: str) -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.InstanceCreationDate = "20261122"
    dataset.InstanceCreationTime = "093000"
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = new_uid()
    dataset.StudyDate = "20261120"
    dataset.ContentDate = "20261122"
    dataset.StudyTime = "101500"
    dataset.ContentTime = "093000"
    dataset.AccessionNumber = "A-77"
    dataset.Modality = modality
    dataset.Manufacturer = "Requis"
    dataset.ManufacturerModelName = "Requis"
    dataset.DeviceSerialNumber = "1"
    dataset.SoftwareVersions = "0.1"
    dataset.ReferringPhysicianName = "TÉMOIN^SIXË"
    dataset.StudyDescription = "CT thorax"
    dataset.PatientName = "TEST^ÉCHO"
    dataset.PatientID = "P-0042"
    dataset.PatientBirthDate = "19700101"
    dataset.PatientSex = "F"
    dataset.StudyInstanceUID = new_uid()
    dataset.SeriesInstanceUID = new_uid()
    dataset.StudyID = "1"
    dataset.SeriesNumber = "901"
    dataset.InstanceNumber = "1"
    return dataset


def _observer(reader: Reader) -> Dataset:
    item = Dataset()
    item.VerifyingOrganization = reader.organisation
    item.VerificationDateTime = "20261122103000+0100"
    item.VerifyingObserverName = "Lœcteur-Essai^Témoin^^Dr" if reader == READER else reader.name
    item.VerifyingObserverIdentificationCodeSequence = [_code(reader.identifier, "99RPPS", "RPPS")]
    return item


def _evidence(study: str) -> Dataset:
    instance = Dataset()
    instance.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    instance.ReferencedSOPInstanceUID = new_uid()
    series = Dataset()
    series.SeriesInstanceUID = new_uid()
    series.ReferencedSOPSequence = [instance]
    item = Dataset()
    item.ReferencedSeriesSequence = [series]
    item.StudyInstanceUID = study
    return item


def _section(code: str, meaning: str, text: str) -> Dataset:
    section = Dataset()
    section.RelationshipType = "CONTAINS"
    section.ValueType = "CONTAINER"
    section.ConceptNameCodeSequence = [_code(code, "DCM", meaning)]
    section.ContinuityOfContent = "SEPARATE"
    section.ContentSequence = [_text(text)]
    return section


def _text(text: str) -> Dataset:
    item = Dataset()
    item.RelationshipType = "CONTAINS"
    item.ValueType = "TEXT"
    item.ConceptNameCodeSequence = [_code("121071", "DCM", "Finding")]
    item.TextValue = text
    return item


def _template(identifier: str) -> Dataset:
    item = Dataset()
    item.MappingResource = "DCMR"
    item.TemplateIdentifier = identifier
    return item


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = meaning
    return item
