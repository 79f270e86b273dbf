"""A signing key kept in the profile: its own passphrase by Argon2id, within the encryption of the profile.

The container from which a key came is not kept: its own protection may be a weak one. The certificate and its chain can
be read without the passphrase, and cannot be exchanged for others unseen. Nothing here gives the key out again: it
can only sign.
"""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from workstation.signing.certificates import CERTIFICATE_ERRORS, is_demonstration
from workstation.signing.errors import KeySlotDamaged, KeyTooWeak, WrongKeyPassphrase
from workstation.signing.software import SoftwareSigner, read_pkcs12
from workstation.vault.errors import KeysDamaged, WrongPassphrase
from workstation.vault.sealed import Sealed, seal, wipe


@dataclass(frozen=True, slots=True)
class KeySlot:
    """A sealed key and the certificate that belongs to it."""

    sealed: Sealed
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @classmethod
    def from_pkcs12(cls, data: bytes, passphrase: str, own_passphrase: str) -> "KeySlot":
        """Take the key out of a PKCS#12 file and seal it under ``own_passphrase``.

        Raises ``KeyFileUnreadable``, ``WrongKeyPassphrase``, ``NoSigningKey``, ``KeyTooWeak``, ``PassphraseTooShort``.
        """
        key, certificate, chain = read_pkcs12(data, passphrase)
        secret = bytearray(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        try:
            return cls(seal(secret, own_passphrase, _pem((certificate, *chain))), certificate, chain)
        finally:
            wipe(secret)

    @classmethod
    def from_bytes(cls, data: bytes) -> "KeySlot":
        """Read a slot as it was stored; ``KeySlotDamaged`` when it is not one."""
        try:
            sealed = Sealed.from_bytes(data)
            certificate, *chain = x509.load_pem_x509_certificates(sealed.beside)
        except (KeysDamaged, *CERTIFICATE_ERRORS) as error:
            raise KeySlotDamaged(f"key slot unreadable: {type(error).__name__}") from error
        return cls(sealed, certificate, tuple(chain))

    def to_bytes(self) -> bytes:
        """Return what is stored."""
        return self.sealed.to_bytes()

    @property
    def is_demonstration(self) -> bool:
        """Whether the certificate is that of a demonstration identity."""
        return is_demonstration(self.certificate)

    def signer(self, passphrase: str) -> SoftwareSigner:
        """Unwrap the key; use it in a ``with`` block so that it goes early.

        Raises
        ------
        WrongKeyPassphrase
            When the passphrase is not the right one.
        """
        secret = self._opened(passphrase)
        try:
            key = load_der_private_key(bytes(secret), None)
        finally:
            wipe(secret)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise KeyTooWeak("the key is not RSA")
        return SoftwareSigner(key, self.certificate, self.chain)

    def with_passphrase(self, former: str, new: str) -> "KeySlot":
        """Return the slot under another passphrase.

        Raises ``WrongKeyPassphrase``, ``PassphraseTooShort``.
        """
        secret = self._opened(former)
        try:
            return KeySlot(seal(secret, new, self.sealed.beside), self.certificate, self.chain)
        finally:
            wipe(secret)

    def _opened(self, passphrase: str) -> bytearray:
        try:
            return self.sealed.opened(passphrase)
        except WrongPassphrase as error:
            raise WrongKeyPassphrase("the passphrase does not open the key slot") from error


def _pem(certificates: tuple[x509.Certificate, ...]) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
