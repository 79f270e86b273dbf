"""The one interface between those who need a signature and where the key is kept."""

from typing import Protocol


class Signer(Protocol):
    """A certificate and its RSA key, wherever the key is."""

    @property
    def certificate_der(self) -> bytes:
        """The signer's certificate."""

    @property
    def chain_der(self) -> tuple[bytes, ...]:
        """Certificates that lead from the signer's to its root; may be empty."""

    @property
    def is_demonstration(self) -> bool:
        """Whether this is a demonstration identity, so that what it signs stays on this machine."""

    def sign_digest_sha256(self, data: bytes) -> bytes:
        """Return the RSA PKCS#1 v1.5 signature over the SHA-256 digest of ``data``.

        Raises ``SignerClosed``, ``TokenFailed``.
        """
