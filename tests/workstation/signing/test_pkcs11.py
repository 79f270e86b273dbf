"""Signing with a key that never leaves its token: SoftHSM stands in for a card."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from tests.support.token import MODULE, PIN, put_key, tokens
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

LABEL, EMPTY_LABEL = "requis-test", "requis-empty"

softhsm = pytest.mark.softhsm


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, reader_key: Issued, test_authority: Authority) -> Iterator[str]:
    """A token with two keys and their certificates, as cards have: one to authenticate, one to sign."""
    with tokens(tmp_path_factory.mktemp("softhsm"), LABEL, EMPTY_LABEL) as library:
        authenticating = issue(test_authority, commitment=False)
        put_key(library, LABEL, authenticating.key, authenticating.certificate, b"\x01")
        put_key(library, LABEL, reader_key.key, reader_key.certificate, b"\x02")
        yield LABEL


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
