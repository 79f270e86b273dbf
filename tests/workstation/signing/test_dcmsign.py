"""DCMTK's dcmsign, an independent program, and ours must agree on what a signature is."""

import subprocess
from collections.abc import Callable
from datetime import timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.workstation.signing.objects import (
    NOW,
    PASSPHRASE,
    READER,
    Authority,
    Issued,
    encapsulated,
    fixed_clock,
    issue,
    key_images,
    signed_regardless,
    small_pdf,
    structured_report,
    write,
)
from tests.workstation.signing.objects import authority as make_authority
from tests.workstation.signing.retouching import added, retouched
from workstation.signing.demonstration import make_identity
from workstation.signing.dicom_signature import sign_part10, verify_part10
from workstation.signing.elements import MAC_PARAMETERS_SEQUENCE, Element
from workstation.signing.mac_stream import mac_stream
from workstation.signing.part10 import read_part10
from workstation.signing.signature_items import read_signatures
from workstation.signing.software import load_pkcs12
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Coverage, Integrity

pytestmark = pytest.mark.validators

CORRUPTED = 101
UNSIGNED = 100


def dcmsign(*arguments: str | Path) -> int:
    command = ["dcmsign", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


def judged(signed: bytes, authority: Authority, folder: Path, policy: str = "+rs") -> int:
    ca = write(folder, "ca.pem", authority.pem)
    return dcmsign("--verify", policy, "+cf", ca, write(folder, "object.dcm", signed))


def signed_by_dcmsign(report: bytes, key: Issued, folder: Path, *options: str) -> bytes:
    source = write(folder, "source.dcm", report)
    pem = write(folder, "key.pem", key.key_pem), write(folder, "certificate.pem", key.certificate_pem)
    assert dcmsign(*options, "+s", *pem, source, folder / "signed.dcm") == 0
    return (folder / "signed.dcm").read_bytes()


def test_dcmsign_accepts_our_report(signed_report: bytes, test_authority: Authority, tmp_path: Path) -> None:
    assert judged(signed_report, test_authority, tmp_path) == 0


@pytest.mark.parametrize("build", [key_images, lambda: encapsulated(small_pdf())], ids=["key images", "pdf"])
def test_dcmsign_accepts_our_other_objects(
    build: Callable[[], bytes], reader_key: Issued, test_authority: Authority, tmp_path: Path
) -> None:
    signed = sign_part10(build(), reader_key.signer, None, fixed_clock)
    for policy in ("+rg", "+rc", "+ru"):
        assert judged(signed, test_authority, tmp_path, policy) == 0


def test_dcmsign_accepts_a_demonstration_identity(tmp_path: Path) -> None:
    identity = make_identity(READER, fixed_clock, PASSPHRASE)
    with load_pkcs12(identity.pkcs12, PASSPHRASE) as signer:
        signed = sign_part10(structured_report(), signer, None, fixed_clock)
    ca = write(tmp_path, "ca.pem", identity.ca_pem)
    assert dcmsign("--verify", "+rs", "+cf", ca, write(tmp_path, "object.dcm", signed)) == 0


def test_a_changed_measurement_is_refused_by_both(
    signed_report: bytes, test_authority: Authority, trust: TrustList, tmp_path: Path
) -> None:
    forged = signed_report.replace(b"14 mm", b"44 mm")
    assert judged(forged, test_authority, tmp_path) == CORRUPTED
    assert not verify_part10(forged, trust, fixed_clock).valid


def test_an_unsigned_report_is_refused_by_both(test_authority: Authority, trust: TrustList, tmp_path: Path) -> None:
    report = structured_report()
    assert judged(report, test_authority, tmp_path) == UNSIGNED
    assert verify_part10(report, trust, fixed_clock).integrity is Integrity.UNSIGNED


def test_an_unknown_authority_is_refused_by_dcmsign(signed_report: bytes, tmp_path: Path) -> None:
    assert judged(signed_report, make_authority(), tmp_path) == CORRUPTED


def test_an_expired_certificate_is_refused_by_dcmsign(test_authority: Authority, tmp_path: Path) -> None:
    expired = issue(test_authority, start=NOW - timedelta(days=50), days=20)
    assert judged(signed_regardless(structured_report(), expired, NOW), test_authority, tmp_path) == CORRUPTED


def test_an_element_added_later_passes_dcmsign_but_not_us(
    signed_report: bytes, test_authority: Authority, trust: TrustList, tmp_path: Path
) -> None:
    forged = retouched(signed_report, lambda elements: added(elements, Element(0x00104000, "LT", b"Allergy ")))
    assert judged(forged, test_authority, tmp_path) == 0
    assert verify_part10(forged, trust, fixed_clock).coverage is Coverage.INCOMPLETE


@pytest.mark.parametrize("offset_minutes", [60, -300, 330, 0])
def test_dcmsign_accepts_every_offset_from_utc(
    offset_minutes: int, reader_key: Issued, test_authority: Authority, tmp_path: Path
) -> None:
    moment = NOW.replace(microsecond=123456).astimezone(timezone(timedelta(minutes=offset_minutes)))
    signed = signed_regardless(structured_report(), reader_key, moment)
    assert judged(signed, test_authority, tmp_path) == 0


@pytest.mark.parametrize("options", [("+pv", "+m2"), ("+pb", "+m3"), ("+pr", "+m5"), ("-pf", "+m2")])
def test_we_accept_what_dcmsign_signed(
    options: tuple[str, ...], reader_key: Issued, trust: TrustList, tmp_path: Path
) -> None:
    signed = signed_by_dcmsign(structured_report(), reader_key, tmp_path, *options, "+sp", "5")
    verdict = verify_part10(signed, trust, lambda: NOW + timedelta(hours=1))
    assert verdict.valid, verdict


def test_we_refuse_the_broken_hash_that_dcmsign_would_use(reader_key: Issued, trust: TrustList, tmp_path: Path) -> None:
    signed = signed_by_dcmsign(structured_report(), reader_key, tmp_path, "+ms")
    assert verify_part10(signed, trust, fixed_clock).integrity is Integrity.REFUSED


@pytest.mark.parametrize("build", [structured_report, key_images], ids=["report", "key images"])
def test_both_feed_the_same_bytes_to_the_hash(build: Callable[[], bytes], reader_key: Issued, tmp_path: Path) -> None:
    dump = tmp_path / "mac.bin"
    signed = signed_by_dcmsign(build(), reader_key, tmp_path, "+m2", "+sp", "5", "+d", str(dump))
    elements = read_part10(signed).elements
    (signature,) = read_signatures(elements)
    assert mac_stream(elements, frozenset(signature.signed_tags), signature.item) == dump.read_bytes()


@pytest.mark.parametrize("transfer_syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_the_signature_survives_a_hub_that_re_encodes(
    transfer_syntax: str, signed_report: bytes, trust: TrustList
) -> None:
    dataset = dcmread(BytesIO(signed_report))
    dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax)
    stored = BytesIO()
    dcmwrite(stored, dataset, enforce_file_format=True)
    assert read_part10(stored.getvalue()).transfer_syntax == transfer_syntax
    assert verify_part10(stored.getvalue(), trust, fixed_clock).valid


def test_the_signature_survives_undefined_lengths(signed_report: bytes, trust: TrustList, tmp_path: Path) -> None:
    source = write(tmp_path, "source.dcm", signed_report)
    command = ["dcmconv", "-e", str(source), str(tmp_path / "undefined.dcm")]
    subprocess.run(command, check=True, timeout=60)
    stored = (tmp_path / "undefined.dcm").read_bytes()
    assert b"\xfe\xff\xdd\xe0" in stored
    assert verify_part10(stored, trust, fixed_clock).valid


@pytest.mark.parametrize("build", [structured_report, key_images, lambda: encapsulated(small_pdf())])
def test_signed_objects_stay_conformant(build: Callable[[], bytes], reader_key: Issued, tmp_path: Path) -> None:
    signed = write(tmp_path, "object.dcm", sign_part10(build(), reader_key.signer, None, fixed_clock))
    told = subprocess.run(["dciodvfy", str(signed)], capture_output=True, text=True, timeout=60, check=False).stderr
    assert not [line for line in told.splitlines() if line.startswith("Error")]
    assert subprocess.run(["dcmconv", "+U8", signed, tmp_path / "u.dcm"], timeout=60, check=False).returncode == 0


def test_the_parameters_sequence_lies_before_the_signatures(signed_report: bytes) -> None:
    tags = [element.tag for element in read_part10(signed_report).elements]
    assert tags == sorted(tags)
    assert MAC_PARAMETERS_SEQUENCE in tags
