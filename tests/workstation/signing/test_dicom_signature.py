"""Signing our own objects and seeing every alteration."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from tests.support.instances import to_part10
from tests.workstation.signing.objects import (
    NOW,
    READER,
    Authority,
    Issued,
    fixed_clock,
    issue,
    key_images,
    signed_regardless,
    structured_report,
)
from tests.workstation.signing.objects import authority as make_authority
from tests.workstation.signing.retouching import added, in_item, replaced, retouched, with_value, without
from workstation.domain.reader import Reader
from workstation.signing.dicom_signature import sign_part10, signer_match, verify_part10
from workstation.signing.elements import (
    DIGITAL_SIGNATURES_SEQUENCE,
    MAC_PARAMETERS_SEQUENCE,
    Element,
    Elements,
    find,
)
from workstation.signing.errors import (
    AlreadySigned,
    CertificateNotValidNow,
    CharacterSetFalse,
    ElementNotSignable,
    KeyMismatch,
    KeyTooWeak,
    PurposeNotAllowed,
)
from workstation.signing.purpose import Purpose
from workstation.signing.software import SoftwareSigner
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Coverage, Integrity, Match, Time, Trust

CERTIFICATE, SIGNED_AT, TAGS, ALGORITHM = 0x04000115, 0x04000105, 0x04000020, 0x04000015
SIGNATURES, PARAMETERS = DIGITAL_SIGNATURES_SEQUENCE, MAC_PARAMETERS_SEQUENCE
CONTENT, PATIENT_ID, CHARACTER_SET, STUDY_ID = 0x0040A730, 0x00100020, 0x00080005, 0x00200010


def test_a_signed_report_is_valid_on_every_line(signed_report: bytes, trust: TrustList) -> None:
    verdict = verify_part10(signed_report, trust, fixed_clock)
    assert verdict.valid
    assert verdict.signer.match is Match.MATCHES
    assert (verdict.signer.name, verdict.signer.identifier) == (READER.name, READER.identifier)
    assert verdict.trust.root == "Test authority"
    assert verdict.time.claimed == NOW
    assert (verdict.coverage, verdict.unsigned, verdict.purpose) == (Coverage.COMPLETE, (), "5")


def test_signing_changes_no_value(reader_key: Issued) -> None:
    report = structured_report()
    signed = dcmread(BytesIO(sign_part10(report, reader_key.signer, None, fixed_clock)))
    del signed[PARAMETERS], signed[SIGNATURES]
    assert signed == dcmread(BytesIO(report))


def test_other_objects_are_signed_by_their_author(reader_key: Issued, trust: TrustList) -> None:
    verdict = verify_part10(sign_part10(key_images(), reader_key.signer, None, fixed_clock), trust, fixed_clock)
    assert verdict.valid
    assert (verdict.purpose, verdict.signer.match) == ("1", Match.NO_OBSERVER)


def test_redundant_padding_is_dropped_before_signing(reader_key: Issued, trust: TrustList) -> None:
    dataset = dcmread(BytesIO(structured_report()))
    dataset.StationName = "CT01   "
    dataset.ContentSequence[0].ConceptNameCodeSequence[0].CodeMeaning = "  "
    signed = sign_part10(to_part10(dataset), reader_key.signer, None, fixed_clock)
    assert b"CT01\x18" not in signed
    assert b"SH\x04\x00CT01" in signed
    assert b"CT01 " not in signed
    assert verify_part10(signed, trust, fixed_clock).valid


def _swap_items(elements: Elements) -> Elements:
    element = find(elements, CONTENT)
    assert element is not None
    assert element.items is not None
    return replaced(elements, replace(element, items=element.items[::-1]))


def _drop_from_list(elements: Elements) -> Elements:
    listed = find(_first_item(elements, PARAMETERS), TAGS)
    assert listed is not None
    kept = b"".join(
        listed.value[i : i + 4] for i in range(0, len(listed.value), 4) if listed.value[i : i + 4] != b"\x10\0\x20\0"
    )
    return in_item(elements, PARAMETERS, lambda item: with_value(item, TAGS, kept))


def _first_item(elements: Elements, tag: int) -> Elements:
    element = find(elements, tag)
    assert element is not None
    assert element.items
    return element.items[0]


FORGERIES: dict[str, Callable[[Elements], Elements]] = {
    "patient changed": lambda elements: with_value(elements, PATIENT_ID, b"P-0043"),
    "element removed": lambda elements: without(elements, STUDY_ID),
    "items swapped": _swap_items,
    "character set relabelled": lambda elements: with_value(elements, CHARACTER_SET, b"ISO_IR 100"),
    "time of signing changed": lambda elements: in_item(
        elements, SIGNATURES, lambda item: with_value(item, SIGNED_AT, b"20261121093015+0000 ")
    ),
    "tag dropped from the list": _drop_from_list,
    "tag and element dropped": lambda elements: without(_drop_from_list(elements), PATIENT_ID),
    "algorithm renamed": lambda elements: in_item(
        elements, PARAMETERS, lambda item: with_value(item, ALGORITHM, b"SHA512")
    ),
    "purpose removed": lambda elements: in_item(elements, SIGNATURES, lambda item: without(item, 0x04000401)),
    "parameters removed": lambda elements: without(elements, PARAMETERS),
    "signatures removed": lambda elements: without(elements, SIGNATURES),
    "signature emptied": lambda elements: replaced(elements, Element(SIGNATURES, "SQ", items=())),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_called_modified(forgery: str, signed_report: bytes, trust: TrustList) -> None:
    verdict = verify_part10(retouched(signed_report, FORGERIES[forgery]), trust, fixed_clock)
    assert not verdict.valid
    assert verdict.integrity is Integrity.MODIFIED


def test_one_changed_measurement_is_seen(signed_report: bytes, trust: TrustList) -> None:
    assert signed_report.count(b"14 mm") == 1
    forged = signed_report.replace(b"14 mm", b"44 mm")
    assert verify_part10(forged, trust, fixed_clock).integrity is Integrity.MODIFIED


def test_a_swapped_certificate_is_seen(signed_report: bytes, other_key: Issued, trust: TrustList) -> None:
    foreign = other_key.signer.certificate_der
    foreign += b"\0" * (len(foreign) % 2)
    forged = retouched(
        signed_report,
        lambda elements: in_item(elements, SIGNATURES, lambda item: with_value(item, CERTIFICATE, foreign)),
    )
    assert verify_part10(forged, trust, fixed_clock).integrity is Integrity.MODIFIED


def test_an_element_added_after_signing_is_listed_and_spoils_validity(signed_report: bytes, trust: TrustList) -> None:
    forged = retouched(signed_report, lambda elements: added(elements, Element(0x00104000, "LT", b"Allergy ")))
    verdict = verify_part10(forged, trust, fixed_clock)
    assert verdict.integrity is Integrity.INTACT
    assert verdict.coverage is Coverage.INCOMPLETE
    assert verdict.unsigned == ("PatientComments (0010,4000)",)
    assert not verdict.valid


def test_an_unsignable_element_smuggled_into_an_item_is_listed(signed_report: bytes, trust: TrustList) -> None:
    smuggled = Element(0xFFFCFFFC, "OB", b"whatever")
    forged = retouched(signed_report, lambda elements: in_item(elements, CONTENT, lambda item: added(item, smuggled)))
    verdict = verify_part10(forged, trust, fixed_clock)
    assert verdict.unsigned == ("ContentSequence (0040,A730) > DataSetTrailingPadding (FFFC,FFFC)",)
    assert not verdict.valid


def test_a_preamble_is_not_covered(signed_report: bytes, trust: TrustList) -> None:
    verdict = verify_part10(b"MZ" + signed_report[2:], trust, fixed_clock)
    assert verdict.unsigned == ("preamble",)
    assert not verdict.valid


def test_an_unsigned_report_is_told_from_a_modified_one(trust: TrustList) -> None:
    verdict = verify_part10(structured_report(), trust, fixed_clock)
    assert (verdict.valid, verdict.integrity) == (False, Integrity.UNSIGNED)


def test_stripping_both_sequences_leaves_an_unsigned_report(signed_report: bytes, trust: TrustList) -> None:
    stripped = retouched(signed_report, lambda elements: without(without(elements, SIGNATURES), PARAMETERS))
    assert verify_part10(stripped, trust, fixed_clock).integrity is Integrity.UNSIGNED


@pytest.mark.parametrize("algorithm", [b"SHA1", b"MD5 ", b"RIPEMD160 "])
def test_broken_hashes_are_refused(algorithm: bytes, signed_report: bytes, trust: TrustList) -> None:
    forged = retouched(
        signed_report,
        lambda elements: in_item(elements, PARAMETERS, lambda item: with_value(item, ALGORITHM, algorithm)),
    )
    assert verify_part10(forged, trust, fixed_clock).integrity is Integrity.REFUSED


def test_an_unknown_authority_is_not_trusted(signed_report: bytes) -> None:
    stranger = TrustList.from_pem(make_authority("Test authority").pem, "same name, other key")
    verdict = verify_part10(signed_report, stranger, fixed_clock)
    assert verdict.trust.state is Trust.UNKNOWN_AUTHORITY
    assert (verdict.integrity, verdict.valid) == (Integrity.INTACT, False)


def test_a_signature_after_the_certificate_expired_is_seen(test_authority: Authority, trust: TrustList) -> None:
    expired = issue(test_authority, start=NOW - timedelta(days=50), days=20)
    verdict = verify_part10(signed_regardless(structured_report(), expired, NOW), trust, fixed_clock)
    assert (verdict.integrity, verdict.time.state) == (Integrity.INTACT, Time.EXPIRED)
    assert not verdict.valid


def test_a_signature_stays_valid_after_its_certificate_expires(signed_report: bytes, trust: TrustList) -> None:
    assert verify_part10(signed_report, trust, lambda: NOW + timedelta(days=800)).valid


def test_a_time_in_the_future_is_not_believed(signed_report: bytes, trust: TrustList) -> None:
    verdict = verify_part10(signed_report, trust, lambda: NOW - timedelta(minutes=6))
    assert verdict.time.state is Time.FUTURE
    assert not verdict.valid


def test_a_report_that_names_someone_else_is_not_valid(reader_key: Issued, trust: TrustList) -> None:
    other = Reader(name="Essai^Autre", identifier="10009999999", organisation="Elsewhere")
    signed = sign_part10(structured_report(observer=other), reader_key.signer, None, fixed_clock)
    verdict = verify_part10(signed, trust, fixed_clock)
    assert (verdict.integrity, verdict.signer.match) == (Integrity.INTACT, Match.DIFFERS)
    assert not verdict.valid


def test_an_unverified_report_is_not_valid(reader_key: Issued, trust: TrustList) -> None:
    signed = sign_part10(structured_report(verified=False), reader_key.signer, None, fixed_clock)
    assert verify_part10(signed, trust, fixed_clock).signer.match is Match.NOT_VERIFIED


def test_a_verified_report_signed_for_another_purpose_is_not_valid(reader_key: Issued, trust: TrustList) -> None:
    signed = signed_regardless(structured_report(), reader_key, NOW, Purpose.AUTHOR)
    verdict = verify_part10(signed, trust, fixed_clock)
    assert (verdict.integrity, verdict.signer.match, verdict.valid) == (Integrity.INTACT, Match.WRONG_PURPOSE, False)


def test_the_match_can_be_asked_before_signing(reader_key: Issued) -> None:
    assert signer_match(structured_report(), reader_key.signer)[0] is Match.MATCHES


def test_a_verified_report_is_not_signed_for_another_purpose(reader_key: Issued) -> None:
    with pytest.raises(PurposeNotAllowed):
        sign_part10(structured_report(), reader_key.signer, Purpose.ADDENDUM, fixed_clock)


def test_a_signed_report_is_not_signed_again(signed_report: bytes, reader_key: Issued) -> None:
    with pytest.raises(AlreadySigned):
        sign_part10(signed_report, reader_key.signer, None, fixed_clock)


def test_private_elements_are_refused(reader_key: Issued) -> None:
    dataset = dcmread(BytesIO(structured_report()))
    block = Dataset()
    block.private_block(0x0011, "REQUIS", create=True).add_new(0x01, "LO", "secret")
    dataset.ContentSequence[0].update(block)
    with pytest.raises(ElementNotSignable):
        sign_part10(to_part10(dataset), reader_key.signer, None, fixed_clock)


def test_a_text_that_belies_its_character_set_is_refused(reader_key: Issued) -> None:
    wrong = structured_report().replace("TÉMOIN^SIXË ".encode(), "TÉMOIN^SIXË   ".encode("latin-1"))
    with pytest.raises(CharacterSetFalse):
        sign_part10(wrong, reader_key.signer, None, fixed_clock)


def test_an_expired_certificate_signs_nothing(reader_key: Issued) -> None:
    with pytest.raises(CertificateNotValidNow):
        sign_part10(structured_report(), reader_key.signer, None, lambda: NOW + timedelta(days=800))


def test_a_short_key_signs_nothing(test_authority: Authority) -> None:
    weak = issue(test_authority, bits=1024)
    with pytest.raises(KeyTooWeak):
        sign_part10(structured_report(), weak.signer, None, fixed_clock)


def test_a_signature_by_a_short_key_is_refused(test_authority: Authority, trust: TrustList) -> None:
    weak = issue(test_authority, bits=1024)
    verdict = verify_part10(signed_regardless(structured_report(), weak, NOW), trust, fixed_clock)
    assert verdict.integrity is Integrity.REFUSED


def test_a_key_of_another_certificate_signs_nothing(reader_key: Issued, other_key: Issued) -> None:
    crossed = SoftwareSigner(other_key.key, reader_key.certificate, ())
    with pytest.raises(KeyMismatch):
        sign_part10(structured_report(), crossed, None, fixed_clock)
