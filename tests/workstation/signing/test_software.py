"""Key files: the right passphrase, the wrong one, and a key that is gone after use."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from tests.workstation.signing.objects import PASSPHRASE, READER, Authority, Issued, fixed_clock, issue
from workstation.signing.demonstration import make_identity
from workstation.signing.errors import KeyFileUnreadable, KeyTooWeak, NoSigningKey, SignerClosed, WrongKeyPassphrase
from workstation.signing.software import load_pkcs12


@pytest.fixture(scope="module")
def key_file() -> bytes:
    return make_identity(READER, fixed_clock, PASSPHRASE).pkcs12


def test_the_passphrase_opens_the_key(key_file: bytes) -> None:
    with load_pkcs12(key_file, PASSPHRASE) as signer:
        assert len(signer.sign_digest_sha256(b"report")) == 256
        assert len(signer.chain_der) == 1


def test_a_wrong_passphrase_is_told(key_file: bytes) -> None:
    with pytest.raises(WrongKeyPassphrase):
        load_pkcs12(key_file, "wrong")


@pytest.mark.parametrize("data", [b"", b"-----BEGIN CERTIFICATE-----", b"\x30\x05abc", bytes(100)])
def test_a_file_that_is_no_key_is_told(data: bytes) -> None:
    with pytest.raises(KeyFileUnreadable):
        load_pkcs12(data, PASSPHRASE)


def test_the_key_is_forgotten_after_use(key_file: bytes) -> None:
    with load_pkcs12(key_file, PASSPHRASE) as signer:
        pass
    with pytest.raises(SignerClosed):
        signer.sign_digest_sha256(b"report")


def test_a_certificate_without_its_key_is_told(reader_key: Issued) -> None:
    alone = pkcs12.serialize_key_and_certificates(
        b"x", None, reader_key.certificate, None, BestAvailableEncryption(PASSPHRASE.encode())
    )
    with pytest.raises(NoSigningKey):
        load_pkcs12(alone, PASSPHRASE)


def test_a_short_key_is_refused(test_authority: Authority) -> None:
    weak = issue(test_authority, bits=1024)
    data = pkcs12.serialize_key_and_certificates(
        b"x", weak.key, weak.certificate, None, BestAvailableEncryption(PASSPHRASE.encode())
    )
    with pytest.raises(KeyTooWeak):
        load_pkcs12(data, PASSPHRASE)


def test_an_elliptic_key_is_refused_because_report_profiles_want_rsa() -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"x", ec.generate_private_key(ec.SECP256R1()), None, None, BestAvailableEncryption(PASSPHRASE.encode())
    )
    with pytest.raises(NoSigningKey):
        load_pkcs12(data, PASSPHRASE)
