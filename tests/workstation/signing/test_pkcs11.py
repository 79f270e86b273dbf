"""Signing with a key that never leaves its token: SoftHSM stands in for a card."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tests.workstation.signing.objects import Authority, Issued, fixed_clock, issue, small_pdf, structured_report
from workstation.signing.dicom_signature import sign_part10, verify_part10
from workstation.signing.errors import (
    NoSigningKey,
    SignerClosed,
    SigningError,
    TokenModuleMissing,
    TokenNotFound,
    WrongPin,
)
from workstation.signing.pades import sign_pdf, verify_pdf
from workstation.signing.pkcs11 import TokenSigner, open_token
from workstation.signing.trust import TrustList

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
LABEL, EMPTY_LABEL, PIN = "requis-test", "requis-empty", "12345678"

softhsm = pytest.mark.softhsm


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, reader_key: Issued, test_authority: Authority) -> Iterator[str]:
    """A token with two keys and their certificates, as cards have: one to authenticate, one to sign."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    for label in (LABEL, EMPTY_LABEL):
        command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    library = pkcs11.lib(str(MODULE))
    library.reinitialize()
    with library.get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        _store(session, issue(test_authority, commitment=False), b"\x01")
        _store(session, reader_key, b"\x02")
    yield LABEL
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before
    library.finalize()


def _store(session: pkcs11.Session, issued: Issued, identifier: bytes) -> None:
    numbers = issued.key.private_numbers()
    public = numbers.public_numbers
    values = {
        pkcs11.Attribute.MODULUS: public.n,
        pkcs11.Attribute.PUBLIC_EXPONENT: public.e,
        pkcs11.Attribute.PRIVATE_EXPONENT: numbers.d,
        pkcs11.Attribute.PRIME_1: numbers.p,
        pkcs11.Attribute.PRIME_2: numbers.q,
        pkcs11.Attribute.EXPONENT_1: numbers.dmp1,
        pkcs11.Attribute.EXPONENT_2: numbers.dmq1,
        pkcs11.Attribute.COEFFICIENT: numbers.iqmp,
    }
    session.create_object(
        {
            pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
            pkcs11.Attribute.KEY_TYPE: pkcs11.KeyType.RSA,
            pkcs11.Attribute.ID: identifier,
            pkcs11.Attribute.TOKEN: True,
            pkcs11.Attribute.SENSITIVE: True,
            pkcs11.Attribute.SIGN: True,
            **{name: number.to_bytes((number.bit_length() + 7) // 8, "big") for name, number in values.items()},
        }
    )
    session.create_object(
        {
            pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
            pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
            pkcs11.Attribute.TOKEN: True,
            pkcs11.Attribute.ID: identifier,
            pkcs11.Attribute.SUBJECT: issued.certificate.subject.public_bytes(),
            pkcs11.Attribute.VALUE: issued.certificate.public_bytes(Encoding.DER),
        }
    )


@softhsm
def test_a_token_signs_a_report_and_a_document(token: str, trust: TrustList) -> None:
    with open_token(MODULE, token, PIN) as signer:
        report = sign_part10(structured_report(), signer, None, fixed_clock)
        document = sign_pdf(small_pdf(), signer, fixed_clock)
    assert verify_part10(report, trust, fixed_clock).valid
    assert verify_pdf(document, trust, fixed_clock).valid


@softhsm
def test_the_certificate_for_signatures_is_chosen(token: str, reader_key: Issued) -> None:
    with open_token(MODULE, token, PIN) as signer:
        assert signer.certificate_der == reader_key.signer.certificate_der
        assert len(signer.chain_der) == 1


@softhsm
def test_a_token_opens_again_in_the_same_process(token: str) -> None:
    for _ in range(2):
        with open_token(MODULE, token, PIN) as signer:
            assert len(signer.sign_digest_sha256(b"again")) == 256


@softhsm
def test_a_token_already_logged_in_opens_too(token: str) -> None:
    with open_token(MODULE, token, PIN) as first, open_token(MODULE, token, PIN) as second:
        assert first.sign_digest_sha256(b"same") == second.sign_digest_sha256(b"same")


@softhsm
def test_a_wrong_pin_is_told(token: str) -> None:
    with pytest.raises(WrongPin):
        open_token(MODULE, token, "00000000")


@softhsm
def test_a_missing_token_is_told(token: str) -> None:
    with pytest.raises(TokenNotFound):
        open_token(MODULE, "no such card", PIN)


@softhsm
def test_a_token_without_a_key_is_told(token: str) -> None:
    with pytest.raises(NoSigningKey):
        open_token(MODULE, EMPTY_LABEL, PIN)


def test_a_missing_module_is_told() -> None:
    with pytest.raises(TokenModuleMissing):
        open_token(Path("/nowhere/libcard.so"), LABEL, PIN)


@dataclass
class WatchedToken:
    """Signs like a card and remembers what it was given."""

    key: rsa.RSAPrivateKey
    given: list[bytes] = field(default_factory=list)
    closed: bool = False

    def sign(self, data: bytes, *, mechanism: pkcs11.Mechanism) -> bytes:
        assert mechanism is pkcs11.Mechanism.RSA_PKCS
        self.given.append(data)
        size = self.key.key_size // 8
        numbers = self.key.private_numbers()
        block = b"\0\1" + b"\xff" * (size - 3 - len(data)) + b"\0" + data
        return pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")

    def close(self) -> None:
        self.closed = True


def test_only_the_digest_goes_to_the_token(reader_key: Issued) -> None:
    token = WatchedToken(reader_key.key)
    report = b"a long report about a patient" * 100
    with TokenSigner(token, token, reader_key.signer.certificate_der, ()) as signer:
        signature = signer.sign_digest_sha256(report)
    (given,) = token.given
    assert len(given) == 51
    assert given.endswith(sha256(report).digest())
    reader_key.key.public_key().verify(signature, report, padding.PKCS1v15(), SHA256())


def test_a_closed_token_signs_nothing(reader_key: Issued) -> None:
    token = WatchedToken(reader_key.key)
    signer = TokenSigner(token, token, reader_key.signer.certificate_der, ())
    signer.close()
    assert token.closed
    with pytest.raises(SignerClosed):
        signer.sign_digest_sha256(b"late")


def test_every_refusal_belongs_to_the_family() -> None:
    assert all(issubclass(kind, SigningError) for kind in (WrongPin, TokenNotFound, TokenModuleMissing, NoSigningKey))
