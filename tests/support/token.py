"""SoftHSM tokens that hold keys with their certificates, as a reader's card does."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate

from tests.support.outside_programs import SOFTHSM_MODULE as MODULE

PIN = "12345678"
_CONFIGURATION = "SOFTHSM2_CONF"


@contextmanager
def tokens(folder: Path, *labels: str) -> Iterator[Any]:
    """Make empty tokens in ``folder`` and give the library that sees them, and so does every child process."""
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n", encoding="utf-8")
    before = os.environ.get(_CONFIGURATION)
    os.environ[_CONFIGURATION] = str(configuration)
    try:
        for label in labels:
            command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN]
            subprocess.run(command, check=True, capture_output=True, timeout=60)
        library = pkcs11.lib(str(MODULE))
        library.reinitialize()
        yield library
        library.finalize()
    finally:
        if before is None:
            del os.environ[_CONFIGURATION]
        else:
            os.environ[_CONFIGURATION] = before


def put_key(library: Any, label: str, key: RSAPrivateKey, certificate: Certificate, identifier: bytes) -> None:
    """Put a key that may sign, and its certificate, on the token of that label."""
    with library.get_token(token_label=label).open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
                pkcs11.Attribute.KEY_TYPE: pkcs11.KeyType.RSA,
                pkcs11.Attribute.ID: identifier,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.SENSITIVE: True,
                pkcs11.Attribute.SIGN: True,
                **_numbers(key),
            }
        )
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.ID: identifier,
                pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
                pkcs11.Attribute.VALUE: certificate.public_bytes(Encoding.DER),
            }
        )


def _numbers(key: RSAPrivateKey) -> dict[pkcs11.Attribute, bytes]:
    numbers = key.private_numbers()
    values = {
        pkcs11.Attribute.MODULUS: numbers.public_numbers.n,
        pkcs11.Attribute.PUBLIC_EXPONENT: numbers.public_numbers.e,
        pkcs11.Attribute.PRIVATE_EXPONENT: numbers.d,
        pkcs11.Attribute.PRIME_1: numbers.p,
        pkcs11.Attribute.PRIME_2: numbers.q,
        pkcs11.Attribute.EXPONENT_1: numbers.dmp1,
        pkcs11.Attribute.EXPONENT_2: numbers.dmq1,
        pkcs11.Attribute.COEFFICIENT: numbers.iqmp,
    }
    return {name: number.to_bytes((number.bit_length() + 7) // 8, "big") for name, number in values.items()}
