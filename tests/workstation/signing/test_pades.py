"""PDF signatures: made by us, judged by us and by poppler's pdfsig."""

import subprocess
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.workstation.signing.objects import (
    NOW,
    PASSPHRASE,
    READER,
    Authority,
    Issued,
    encapsulated,
    fixed_clock,
    small_pdf,
    write,
)
from tests.workstation.signing.objects import authority as make_authority
from tests.workstation.signing.retouching import mutated
from workstation.signing.demonstration import make_identity
from workstation.signing.dicom_signature import sign_part10
from workstation.signing.errors import CertificateNotValidNow, DocumentRefused, KeyMismatch
from workstation.signing.pades import sign_pdf, verify_pdf
from workstation.signing.software import SoftwareSigner, load_pkcs12
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Coverage, Integrity, ObjectVerdict, Time, Trust
from workstation.signing.verify_file import encapsulated_pdf, verify_bytes


@pytest.fixture(scope="module")
def signed_pdf(reader_key: Issued) -> bytes:
    return sign_pdf(small_pdf(), reader_key.signer, fixed_clock)


def pdfsig(pdf: bytes, folder: Path, *options: str | Path) -> str:
    command = ["pdfsig", *map(str, options), str(write(folder, "document.pdf", pdf))]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout


def certificate_database(authority: Authority, folder: Path) -> str:
    folder.mkdir()
    database = f"sql:{folder}"
    ca = write(folder, "ca.pem", authority.pem)
    subprocess.run(["certutil", "-N", "-d", database, "--empty-password"], check=True, timeout=60)
    add = ["certutil", "-A", "-d", database, "-n", "test", "-t", "CT,C,C", "-a", "-i", str(ca)]
    subprocess.run(add, check=True, timeout=60)
    return database


def incremented(pdf: bytes) -> bytes:
    """Append an update that rewrites the text of the page, as an editor would."""
    content = b"BT /F1 12 Tf 72 720 Td (Second avis : 44 mm) Tj ET"
    offset = len(pdf)
    body = b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(content), content)
    previous = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    root = pdf.rsplit(b"/Root ", 1)[1].split(b"R")[0]
    table = b"xref\n4 1\n%010d 00000 n \n" % offset
    trailer = b"trailer\n<< /Size 40 /Root %sR /Prev %d >>\n" % (root, previous)
    return pdf + body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (offset + len(body))


def test_a_signed_document_is_valid_on_every_line(signed_pdf: bytes, trust: TrustList) -> None:
    verdict = verify_pdf(signed_pdf, trust, fixed_clock)
    assert verdict.valid
    assert (verdict.signer.name, verdict.trust.root, verdict.kind) == (READER.name, "Test authority", "pdf")
    assert verdict.time.claimed == NOW


@pytest.mark.validators
def test_pdfsig_finds_the_whole_document_signed_and_trusted(
    signed_pdf: bytes, test_authority: Authority, tmp_path: Path
) -> None:
    told = pdfsig(signed_pdf, tmp_path, "-nssdir", certificate_database(test_authority, tmp_path / "nss"))
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert "Certificate is Trusted." in told
    assert "ETSI.CAdES.detached" in told


@pytest.mark.validators
def test_pdfsig_sees_a_changed_measurement(signed_pdf: bytes, trust: TrustList, tmp_path: Path) -> None:
    forged = signed_pdf.replace(b"14 mm", b"44 mm")
    assert forged != signed_pdf
    assert "Digest Mismatch" in pdfsig(forged, tmp_path)
    assert verify_pdf(forged, trust, fixed_clock).integrity is Integrity.MODIFIED


def test_an_update_appended_after_signing_is_seen(signed_pdf: bytes, trust: TrustList) -> None:
    verdict = verify_pdf(incremented(signed_pdf), trust, fixed_clock)
    assert (verdict.valid, verdict.integrity, verdict.reason) == (
        False,
        Integrity.MODIFIED,
        "changes after the signature",
    )


@pytest.mark.validators
def test_poppler_shows_what_the_appended_update_says(signed_pdf: bytes, tmp_path: Path) -> None:
    document = write(tmp_path, "document.pdf", incremented(signed_pdf))
    shown = subprocess.run(["pdftotext", document, "-"], capture_output=True, text=True, timeout=60, check=True).stdout
    assert "44 mm" in shown


@pytest.mark.parametrize("tail", [b"\0", b"\n", b" ", b"%garbage\n", b"%%EOF\n"])
def test_bytes_after_the_end_are_not_covered(tail: bytes, signed_pdf: bytes, trust: TrustList) -> None:
    verdict = verify_pdf(signed_pdf + tail, trust, fixed_clock)
    assert not verdict.valid


def test_a_cut_document_is_not_valid(signed_pdf: bytes, trust: TrustList) -> None:
    for removed in (1, 2, 10, 400):
        assert not verify_pdf(signed_pdf[:-removed], trust, fixed_clock).valid


def test_no_flipped_bit_is_accepted(signed_pdf: bytes, trust: TrustList) -> None:
    generator = np.random.default_rng(2026)
    for _ in range(150):
        flipped = bytearray(signed_pdf)
        position, bit = int(generator.integers(len(flipped))), int(generator.integers(8))
        flipped[position] ^= 1 << bit
        verdict = verify_pdf(bytes(flipped), trust, fixed_clock)
        assert isinstance(verdict, ObjectVerdict)
        assert not verdict.valid, (position, bit)


def test_mutated_documents_always_give_a_verdict(signed_pdf: bytes, trust: TrustList) -> None:
    generator = np.random.default_rng(9)
    for _ in range(200):
        damaged = mutated(signed_pdf, generator)
        assert not verify_pdf(damaged, trust, fixed_clock).valid or damaged == signed_pdf


def test_a_signature_of_an_unknown_kind_is_not_called_unsigned(signed_pdf: bytes, trust: TrustList) -> None:
    relabelled = signed_pdf.replace(b"/ETSI.CAdES.detached", b"/ETSI.CAdES.attached")
    assert verify_pdf(relabelled, trust, fixed_clock).integrity is Integrity.REFUSED


def test_a_key_of_another_certificate_signs_no_document(reader_key: Issued, other_key: Issued) -> None:
    with pytest.raises(KeyMismatch):
        sign_pdf(small_pdf(), SoftwareSigner(other_key.key, reader_key.certificate, ()), fixed_clock)


@pytest.mark.slow
def test_no_byte_of_the_signature_itself_may_change(signed_pdf: bytes, trust: TrustList) -> None:
    start = signed_pdf.index(b"/Contents")
    end = signed_pdf.index(b"0000000000000000", start)
    for position in range(start, end):
        flipped = bytearray(signed_pdf)
        flipped[position] ^= 1 << position % 8
        assert not verify_pdf(bytes(flipped), trust, fixed_clock).valid, position


def test_an_unsigned_document_is_told_from_a_modified_one(trust: TrustList) -> None:
    assert verify_pdf(small_pdf(), trust, fixed_clock).integrity is Integrity.UNSIGNED


def test_an_unknown_authority_is_not_trusted(signed_pdf: bytes) -> None:
    stranger = TrustList.from_pem(make_authority().pem, "other")
    verdict = verify_pdf(signed_pdf, stranger, fixed_clock)
    assert (verdict.integrity, verdict.trust.state, verdict.valid) == (
        Integrity.INTACT,
        Trust.UNKNOWN_AUTHORITY,
        False,
    )


def test_a_time_in_the_future_is_not_believed(signed_pdf: bytes, trust: TrustList) -> None:
    verdict = verify_pdf(signed_pdf, trust, lambda: NOW - timedelta(hours=1))
    assert (verdict.time.state, verdict.valid) == (Time.FUTURE, False)


def test_a_document_is_signed_once(signed_pdf: bytes, reader_key: Issued) -> None:
    with pytest.raises(DocumentRefused):
        sign_pdf(signed_pdf, reader_key.signer, fixed_clock)


def test_what_is_not_a_pdf_is_refused(reader_key: Issued, trust: TrustList) -> None:
    with pytest.raises(DocumentRefused):
        sign_pdf(b"%PDF-1.7 but nothing more", reader_key.signer, fixed_clock)
    assert verify_pdf(b"hello", trust, fixed_clock).integrity is Integrity.UNREADABLE


def test_an_expired_certificate_signs_no_document(reader_key: Issued) -> None:
    with pytest.raises(CertificateNotValidNow):
        sign_pdf(small_pdf(), reader_key.signer, lambda: NOW + timedelta(days=900))


def test_a_demonstration_signature_says_so(tmp_path: Path) -> None:
    identity = make_identity(READER, fixed_clock, PASSPHRASE)
    with load_pkcs12(identity.pkcs12, PASSPHRASE) as signer:
        signed = sign_pdf(small_pdf(), signer, fixed_clock)
    verdict = verify_pdf(signed, TrustList.from_pem(identity.ca_pem, "whatever"), fixed_clock)
    assert verdict.valid
    assert (verdict.demonstration, verdict.trust.root) == (True, "demonstration")


@pytest.mark.parametrize("padding", [b"", b"\n"], ids=["even", "odd"])
def test_an_encapsulated_pdf_is_judged_outside_and_inside(padding: bytes, reader_key: Issued, trust: TrustList) -> None:
    document = sign_pdf(small_pdf() + padding, reader_key.signer, fixed_clock)
    part10 = sign_part10(encapsulated(document), reader_key.signer, None, fixed_clock)
    outer, inner = verify_bytes(part10, trust, fixed_clock)
    assert outer.valid
    assert inner.valid
    assert (outer.kind, inner.kind) == ("dicom", "pdf")
    assert encapsulated_pdf(part10) == document


def test_a_signed_pdf_in_an_unsigned_object_does_not_make_it_valid(reader_key: Issued, trust: TrustList) -> None:
    outer, inner = verify_bytes(encapsulated(sign_pdf(small_pdf(), reader_key.signer, fixed_clock)), trust, fixed_clock)
    assert outer.integrity is Integrity.UNSIGNED
    assert inner.valid


def test_an_unsigned_pdf_is_covered_by_the_object_around_it(reader_key: Issued, trust: TrustList) -> None:
    part10 = sign_part10(encapsulated(small_pdf()), reader_key.signer, None, fixed_clock)
    (verdict,) = verify_bytes(part10, trust, fixed_clock)
    assert verdict.valid
    assert verdict.coverage is Coverage.COMPLETE
