"""The profile's own signing key: taken in, shown, used, forgotten; never given out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from workstation.app.errors import SignerPassphraseNeeded
from workstation.audit.events import AuditEvent, Outcome
from workstation.audit.facts import facts
from workstation.config import Profile
from workstation.domain.clock import Clock
from workstation.signing.certificates import certificate_name
from workstation.signing.errors import WrongKeyPassphrase
from workstation.signing.identity import usable_certificate
from workstation.signing.key_slot import KeySlot
from workstation.signing.software import SoftwareSigner, load_pkcs12
from workstation.store.profile_store import ProfileStore
from workstation.store.settings import SignerKind, SignerSettings
from workstation.vault.tries import Door, Tries

_SECRET = "kept-signing-key"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """What may be told of the profile's signer."""

    holder: str
    identifier: str
    issuer: str
    not_after: datetime
    days_left: int
    demonstration: bool


class SignerKey:
    """The key slot of one profile. Methods block: a passphrase costs a fifth of a second by design."""

    def __init__(self, profile: Profile, store: ProfileStore, clock: Clock) -> None:
        self._store = store
        self._settings = store.settings
        self._tries = Tries(profile.tries, Door.SIGNER, clock)
        self._clock = clock

    def take_in(self, pkcs12: bytes, passphrase: str, own_passphrase: str) -> SignerFacts:
        """Keep the key of a PKCS#12 file as the profile's signer, in place of a former one.

        Raises
        ------
        SigningError
            The file does not open, or its key or certificate cannot sign a report now.
        PassphraseTooShort
            ``own_passphrase`` protects nothing.
        """
        with load_pkcs12(pkcs12, passphrase) as signer:
            usable_certificate(signer, self._clock)
        slot = KeySlot.from_pkcs12(pkcs12, passphrase, own_passphrase)
        self._settings.set_secret(_SECRET, slot.to_bytes())
        self._settings.set_signer(SignerSettings(SignerKind.PKCS12, secret=_SECRET))
        self._tell("signer imported")
        return self._facts(slot)

    def facts(self) -> SignerFacts | None:
        """Return who signs with the key that the profile keeps, or ``None`` where it keeps none."""
        slot = self._slot()
        return None if slot is None else self._facts(slot)

    def signer(self, passphrase: str | None) -> SoftwareSigner | None:
        """Unwrap the key, for one signing; ``None`` where the profile keeps none.

        Raises
        ------
        SignerPassphraseNeeded
            No passphrase was given.
        WrongKeyPassphrase, TooManyTries
            It is not the right one, or may not be tried now.
        """
        slot = self._slot()
        if slot is None:
            return None
        if not passphrase:
            raise SignerPassphraseNeeded("the profile's signer has a passphrase")
        return self._tried(lambda: slot.signer(passphrase))

    def change_passphrase(self, former: str, new: str) -> bool:
        """Seal the key under another passphrase; false where the profile keeps none.

        Raises
        ------
        WrongKeyPassphrase, TooManyTries, PassphraseTooShort
            One of the two cannot be used.
        """
        slot = self._slot()
        if slot is None:
            return False
        self._settings.set_secret(_SECRET, self._tried(lambda: slot.with_passphrase(former, new)).to_bytes())
        self._tell("signer passphrase")
        return True

    def forget(self) -> bool:
        """Destroy the key that the profile keeps, and say whether there was one."""
        self._settings.remove_signer()
        found = self._settings.remove_secret(_SECRET)
        if found:
            self._tell("signer forgotten")
        return found

    def _slot(self) -> KeySlot | None:
        content = self._settings.secret(_SECRET)
        return None if content is None else KeySlot.from_bytes(content)

    def _tried(self, work: Callable[[], Result]) -> Result:
        try:
            return self._tries.attempt(work, WrongKeyPassphrase)
        except WrongKeyPassphrase:
            self._tell("signer passphrase", AuditEvent.REFUSED, Outcome.MINOR_FAILURE)
            raise

    def _facts(self, slot: KeySlot) -> SignerFacts:
        name, ends = certificate_name(slot.certificate), slot.certificate.not_valid_after_utc
        return SignerFacts(
            name.common_name, name.identifier, name.issuer, ends, (ends - self._clock()).days, slot.is_demonstration
        )

    def _tell(
        self, what: str, event: AuditEvent = AuditEvent.SETTINGS_CHANGED, outcome: Outcome = Outcome.SUCCESS
    ) -> None:
        self._store.audit.record(event, actor=self._store.actor, detail=facts(what=what), outcome=outcome)
