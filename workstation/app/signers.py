"""Which key signs: one that is named, else the profile's, else the demonstration identity."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import randbelow

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from workstation.app.errors import SignerMissing
from workstation.app.signer_key import SignerKey
from workstation.domain.clock import Clock
from workstation.domain.reader import Reader
from workstation.signing.demonstration import make_identity
from workstation.signing.signer import Signer
from workstation.signing.software import SoftwareSigner, load_pkcs12
from workstation.signing.trust import TrustList
from workstation.store.settings import SettingsStore
from workstation.vault.passphrase import read_passphrase_file

_KEY, _AUTHORITY, _CODE, _OWNER = (f"demonstration.{part}" for part in ("key", "authority", "code", "owner"))


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A PKCS#12 file and the file that holds its passphrase."""

    path: Path
    passphrase_file: Path


@dataclass(frozen=True, slots=True)
class Token:
    """A card or token: the PKCS#11 module, the label, and the file that holds the PIN."""

    module: Path
    label: str
    pin_file: Path


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """Who signs; ``code`` is told only of the demonstration identity, which protects nothing."""

    demonstration: bool
    holder: str = ""
    code: str = field(default="", repr=False)


class Signers:
    """Opens signers; the demonstration identity is made at its first use and belongs to one reader."""

    def __init__(self, settings: SettingsStore, key: SignerKey, clock: Clock) -> None:
        self._settings = settings
        self.key = key
        self._clock = clock

    @contextmanager
    def open(self, reader: Reader, chosen: KeyFile | Token | None, code: str | None = None) -> Iterator[Signer]:
        """Give the signer while the block runs; ``code`` opens the profile's key or the demonstration identity.

        Raises
        ------
        SignerMissing
            A file that was named cannot be read.
        SignerPassphraseNeeded, TooManyTries
            The profile keeps a key, and ``code`` was not given or may not be tried now.
        SigningError
            The key or the token refuses.
        """
        if isinstance(chosen, Token):
            # Loading python-pkcs11 costs time that only readers with a card should pay.
            from workstation.signing.pkcs11 import open_token

            with open_token(chosen.module, chosen.label, read_passphrase_file(chosen.pin_file)) as signer:
                yield signer
            return
        with self._software(reader, chosen, code) as signer:
            yield signer

    def _software(self, reader: Reader, chosen: KeyFile | None, code: str | None) -> SoftwareSigner:
        if chosen is not None:
            return load_pkcs12(_read(chosen.path), read_passphrase_file(chosen.passphrase_file))
        kept = self.key.signer(code)
        return kept or load_pkcs12(self._demonstration_key(reader), code or self.demonstration_code(reader))

    def identity(self, reader: Reader) -> SigningIdentity:
        """Return who signs for ``reader`` when no key is named."""
        kept = self.key.facts()
        if kept is not None:
            return SigningIdentity(demonstration=kept.demonstration, holder=kept.holder)
        return SigningIdentity(demonstration=True, code=self.demonstration_code(reader))

    def demonstration_code(self, reader: Reader) -> str:
        """Return the signing code of the demonstration identity, which the sign dialog shows."""
        self._demonstration_key(reader)
        return (self._settings.secret(_CODE) or b"").decode()

    def trust_list(self) -> TrustList:
        """Return the profile's trust list: at present the demonstration authority, named as such."""
        authority = self._settings.secret(_AUTHORITY)
        return TrustList.from_pem(authority, "demonstration") if authority else TrustList()

    def trust_list_pem(self) -> str:
        """Return the certificates of the trust list, as PEM."""
        return (self._settings.secret(_AUTHORITY) or b"").decode("ascii")

    def authority_of(self, signer: Signer) -> bytes:
        """Return, as PEM, what verifies the signatures of ``signer``: its root, or the end of the chain it carries."""
        if signer.is_demonstration:
            return self._settings.secret(_AUTHORITY) or b""
        chain = (*signer.chain_der, signer.certificate_der)
        return load_der_x509_certificate(chain[-2] if signer.chain_der else chain[0]).public_bytes(Encoding.PEM)

    def _demonstration_key(self, reader: Reader) -> bytes:
        owner = f"{reader.name}\n{reader.identifier}\n{reader.organisation}".encode()
        key = self._settings.secret(_KEY)
        if key is not None and self._settings.secret(_OWNER) == owner:
            return key
        code = f"{randbelow(1_000_000):06d}"
        identity = make_identity(reader, self._clock, code)
        authorities = identity.ca_pem + (self._settings.secret(_AUTHORITY) or b"")
        for name, content in (
            (_CODE, code.encode()), (_AUTHORITY, authorities), (_KEY, identity.pkcs12), (_OWNER, owner),
        ):  # fmt: skip
            self._settings.set_secret(name, content)
        return identity.pkcs12


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SignerMissing(f"key file: {error.strerror}") from error
