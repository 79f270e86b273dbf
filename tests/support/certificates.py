"""Authorities, certificates of hubs and of clients, and revocation lists, made for one test."""

import datetime
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

LOOPBACK = x509.IPAddress(ip_address("127.0.0.1"))
DAY = datetime.timedelta(days=1)
PEM = serialization.Encoding.PEM


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Credential:
    """A key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(PEM)

    def pkcs12(self, word: bytes) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"client", self.key, self.certificate, None, serialization.BestAvailableEncryption(word)
        )

    def write(self, folder: Path) -> Path:
        """Write key and certificate for a server, and return the path."""
        path = folder / f"{x509.random_serial_number()}.pem"
        path.write_bytes(self.pem + self.key_pem)
        return path


class Authority:
    """One that vouches for hubs and clients."""

    def __init__(self, name: str = "authority of the tests") -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.UTC)
        self._name = _name(name)
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        made = (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 20 * DAY)
            .not_valid_after(now + 20 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )
        self.own = Credential(key, made)

    def issue(self, name: x509.GeneralName = LOOPBACK, days: int = 10) -> Credential:
        """Vouch for a new key, until ``days`` from now, which may be in the past."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(_name("one of the tests"))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 10 * DAY)
            .not_valid_after(now + days * DAY)
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .sign(self.own.key, hashes.SHA256())
        )
        return Credential(key, made)

    def write(self, folder: Path, *revoked: Credential, lists: bool = False) -> Path:
        """Write the authority, with a list of what it revokes where there is any or ``lists``, and return the path."""
        content = self.own.pem
        if revoked or lists:
            content += self._list(*revoked)
        path = folder / f"{x509.random_serial_number()}.pem"
        path.write_bytes(content)
        return path

    def _list(self, *revoked: Credential) -> bytes:
        now = datetime.datetime.now(datetime.UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name)
        builder = builder.last_update(now - DAY).next_update(now + DAY)
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(now - DAY).build())
        return builder.sign(self.own.key, hashes.SHA256()).public_bytes(PEM)
