"""Demonstration identities say what they are, in names that people and programs read."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.workstation.signing.objects import NOW, PASSPHRASE, READER, Issued, fixed_clock, structured_report
from workstation.domain.reader import Reader
from workstation.signing.certificates import certificate_name, is_demonstration
from workstation.signing.demonstration import DemonstrationIdentity, make_identity
from workstation.signing.dicom_signature import sign_part10, verify_part10
from workstation.signing.software import SoftwareSigner, load_pkcs12
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Match


@pytest.fixture(scope="module")
def identity() -> DemonstrationIdentity:
    return make_identity(READER, fixed_clock, PASSPHRASE)


@pytest.fixture
def signer(identity: DemonstrationIdentity) -> SoftwareSigner:
    return load_pkcs12(identity.pkcs12, PASSPHRASE)


def test_every_name_says_demonstration(identity: DemonstrationIdentity, signer: SoftwareSigner) -> None:
    for certificate in (
        x509.load_pem_x509_certificate(identity.ca_pem),
        x509.load_der_x509_certificate(signer.certificate_der),
    ):
        assert "DEMONSTRATION" in certificate_name(certificate).common_name
        assert is_demonstration(certificate)
    assert signer.is_demonstration


def test_the_certificate_names_its_reader(signer: SoftwareSigner) -> None:
    certificate = x509.load_der_x509_certificate(signer.certificate_der)
    name = certificate_name(certificate)
    assert name.common_name.startswith(READER.name)
    assert (name.identifier, name.organisation) == (READER.identifier, READER.organisation)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign


def test_it_is_valid_from_the_day_before_for_two_years(signer: SoftwareSigner) -> None:
    certificate = x509.load_der_x509_certificate(signer.certificate_der)
    assert certificate.not_valid_before_utc == NOW - timedelta(days=1)
    assert certificate.not_valid_after_utc == NOW + timedelta(days=729)


def test_the_key_file_is_encrypted(identity: DemonstrationIdentity) -> None:
    assert b"PRIVATE KEY" not in identity.pkcs12
    assert READER.name.encode() not in identity.pkcs12
    assert "pkcs12" not in repr(identity)


def test_what_it_signs_is_marked(identity: DemonstrationIdentity, signer: SoftwareSigner) -> None:
    signed = sign_part10(structured_report(), signer, None, fixed_clock)
    verdict = verify_part10(signed, TrustList.from_pem(identity.ca_pem, "A name that sounds real"), fixed_clock)
    assert verdict.valid
    assert verdict.demonstration
    assert verdict.trust.root == "demonstration"
    assert verdict.signer.match is Match.MATCHES
    assert verdict.sentences()[-1].key == "signing.demonstration"


def test_a_real_certificate_is_not_taken_for_a_demonstration(reader_key: Issued) -> None:
    assert not is_demonstration(reader_key.certificate)
    assert not reader_key.signer.is_demonstration


@pytest.mark.parametrize("reader", [Reader("N" * 200, "9" * 200, "O" * 200), Reader("", "", "")])
def test_names_too_long_or_missing_still_make_an_identity(reader: Reader) -> None:
    identity = make_identity(reader, fixed_clock, PASSPHRASE)
    with load_pkcs12(identity.pkcs12, PASSPHRASE) as signer:
        certificate = x509.load_der_x509_certificate(signer.certificate_der)
    common_name = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert isinstance(common_name, str)
    assert common_name.endswith("(DEMONSTRATION)")
