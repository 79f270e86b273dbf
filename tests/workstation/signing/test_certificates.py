"""A certificate is read as its authority wrote it, or not at all."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.workstation.signing.objects import fixed_clock
from workstation.signing.certificates import read_certificate

KEY = ec.generate_private_key(ec.SECP256R1())
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])


def certificate() -> x509.Certificate:
    builder = x509.CertificateBuilder().subject_name(NAME).issuer_name(NAME).public_key(KEY.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(fixed_clock()).not_valid_after(fixed_clock() + timedelta(days=1))
    return builder.sign(KEY, SHA256())


def test_a_certificate_is_read() -> None:
    made = certificate()
    assert read_certificate(made.public_bytes(Encoding.DER)) == made


def test_the_count_of_unused_bits_before_its_signature_may_not_change() -> None:
    made = next(one for one in iter(certificate, None) if one.signature[-1] % 2 == 0)
    der = bytearray(made.public_bytes(Encoding.DER))
    der[-len(made.signature) - 1] = 1
    assert x509.load_der_x509_certificate(bytes(der)).signature == made.signature, "others let it pass"
    with pytest.raises(ValueError, match="a part of a byte"):
        read_certificate(bytes(der))
