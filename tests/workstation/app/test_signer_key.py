"""The signing key that a profile keeps: a passphrase of its own, used for one signing, never given out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from tests.workstation.signing.objects import NOW, READER, Authority, Issued, authority, fixed_clock, issue
from workstation.app.core import Core, open_core
from workstation.app.errors import SignerPassphraseNeeded
from workstation.audit.facts import read_facts
from workstation.config import Profile
from workstation.signing.errors import (
    CertificateNotValidNow,
    KeySlotDamaged,
    SignerClosed,
    WrongKeyPassphrase,
)
from workstation.signing.identity import checked_signature
from workstation.vault.errors import PassphraseTooShort, TooManyTries
from workstation.vault.sealed import Sealed
from workstation.vault.tries import FREE_TRIES

OF_THE_FILE = "of the file"
OWN = "for signing only"
SECRET = "kept-signing-key"


@cache
def root() -> Authority:
    return authority()


def container(issued: Issued, passphrase: str = OF_THE_FILE) -> bytes:
    protection = BestAvailableEncryption(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(
        b"reader", issued.key, issued.certificate, [root().certificate], protection
    )


@cache
def issued() -> Issued:
    return issue(root())


@dataclass
class Bench:
    core: Core
    home: Path


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_core(Profile(tmp_path), None, passphrase="five words nobody will guess", clock=fixed_clock) as core:
        core.store.settings.set_reader(READER)
        core.signers.key.take_in(container(issued()), OF_THE_FILE, OWN)
        yield Bench(core, tmp_path)


def test_the_kept_key_signs_with_its_own_passphrase_and_is_forgotten_after(bench: Bench) -> None:
    with bench.core.signers.open(READER, None, OWN) as signer:
        assert checked_signature(signer, issued().certificate, b"bytes")
        assert not signer.is_demonstration
        assert len(signer.chain_der) == 1
    with pytest.raises(SignerClosed):
        signer.sign_digest_sha256(b"bytes")


@pytest.mark.parametrize("code", [OF_THE_FILE, "five words nobody will guess"])
def test_neither_the_files_nor_the_vaults_passphrase_signs(bench: Bench, code: str) -> None:
    with pytest.raises(WrongKeyPassphrase), bench.core.signers.open(READER, None, code):
        pytest.fail("signed")


@pytest.mark.parametrize("code", [None, ""])
def test_without_a_passphrase_nothing_falls_back_to_the_demonstration_identity(bench: Bench, code: str | None) -> None:
    with pytest.raises(SignerPassphraseNeeded), bench.core.signers.open(READER, None, code):
        pytest.fail("signed")


def test_after_five_wrong_tries_even_the_right_one_waits(bench: Bench) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongKeyPassphrase):
            bench.core.signers.key.signer("wrong wrong")
    with pytest.raises(TooManyTries):
        bench.core.signers.key.signer(OWN)
    refused = [line for line in bench.core.store.audit.lines() if line.event == "refused"]
    assert len(refused) == FREE_TRIES


def test_its_passphrase_is_changed(bench: Bench) -> None:
    key = bench.core.signers.key
    with pytest.raises(WrongKeyPassphrase):
        key.change_passphrase(OF_THE_FILE, "another one")
    with pytest.raises(PassphraseTooShort):
        key.change_passphrase(OWN, "short")
    assert key.change_passphrase(OWN, "another one")
    with pytest.raises(WrongKeyPassphrase):
        key.signer(OWN)
    assert key.signer("another one") is not None


def test_what_is_kept_is_neither_the_key_nor_its_container(bench: Bench) -> None:
    kept = bench.core.store.settings.secret(SECRET)
    assert kept is not None
    numbers = issued().key.private_numbers()
    prime = numbers.p.to_bytes(128, "big")
    der = issued().key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    sealed = Sealed.from_bytes(kept)
    for secret in (prime, der[40:80]):
        assert secret not in kept
        assert secret not in sealed.content
        assert secret.hex().encode() not in kept
        for path in bench.home.rglob("*"):
            assert not path.is_file() or secret not in path.read_bytes()
    with pytest.raises(ValueError, match=r"."):
        pkcs12.load_key_and_certificates(sealed.content, OF_THE_FILE.encode())


def test_no_certificate_can_be_put_in_place_of_the_kept_one(bench: Bench) -> None:
    settings, other = bench.core.store.settings, issue(root())
    kept = settings.secret(SECRET) or b""
    settings.set_secret(
        SECRET, kept.replace(issued().certificate_pem.hex().encode(), other.certificate_pem.hex().encode())
    )
    with pytest.raises(WrongKeyPassphrase):
        bench.core.signers.key.signer(OWN)
    settings.set_secret(SECRET, kept[:-9])
    with pytest.raises(KeySlotDamaged):
        bench.core.signers.key.facts()


def test_a_forgotten_key_is_gone_and_the_demonstration_identity_signs_again(bench: Bench) -> None:
    key = bench.core.signers.key
    assert key.forget()
    assert not key.forget()
    assert bench.core.store.settings.secret(SECRET) is None
    with bench.core.signers.open(READER, None) as signer:
        assert signer.is_demonstration


def test_facts_name_the_holder_and_the_end(bench: Bench) -> None:
    facts = bench.core.signers.key.facts()
    assert facts is not None
    assert (facts.holder, facts.identifier) == (READER.name, READER.identifier)
    assert facts.days_left == (facts.not_after - NOW).days
    told = [line.detail for line in bench.core.store.audit.lines() if line.event == "settings_changed"]
    assert [read_facts(one) for one in told][-1:] == [{"what": "signer imported"}]


def test_a_key_that_cannot_sign_now_is_not_taken_in(bench: Bench) -> None:
    key = bench.core.signers.key
    before = bench.core.store.settings.secret(SECRET)
    expired = issue(root(), days=1)
    with pytest.raises(CertificateNotValidNow):
        key.take_in(container(expired), OF_THE_FILE, OWN)
    with pytest.raises(WrongKeyPassphrase):
        key.take_in(container(issued()), "wrong", OWN)
    with pytest.raises(PassphraseTooShort):
        key.take_in(container(issued(), "1234"), "1234", "1234")
    assert bench.core.store.settings.secret(SECRET) == before
