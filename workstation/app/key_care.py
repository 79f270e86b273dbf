"""What a reader does with the slots of an open profile: looks, changes the passphrase, turns the key store on or off.

Every change is written into the audit log, without what was chosen.
"""

from workstation.audit.events import AuditEvent
from workstation.audit.facts import facts
from workstation.config import Profile
from workstation.domain.clock import Clock
from workstation.store.profile_store import ProfileStore
from workstation.vault.errors import KeyringAbsent
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.slots import SlotsFound, slots_of
from workstation.vault.unlock import check_passphrase
from workstation.vault.vault import UnlockedVault


class KeyCare:
    """The slots of one open profile. Methods block: a passphrase costs a fifth of a second by design."""

    def __init__(
        self, profile: Profile, vault: UnlockedVault, keyring: KeyringSlot | None, store: ProfileStore, clock: Clock
    ) -> None:
        self._profile = profile
        self._vault = vault
        self._keyring = keyring
        self._store = store
        self._clock = clock

    def slots(self) -> SlotsFound:
        """Return the slots as they are now."""
        return slots_of(self._profile, self._keyring)

    def check(self, passphrase: str) -> None:
        """Return when the passphrase is the right one.

        Raises
        ------
        WrongPassphrase, TooManyTries
            When it is not, or may not be tried now.
        """
        check_passphrase(self._profile, passphrase, self._clock)

    def change_passphrase(self, new: str, former: str | None = None) -> None:
        """Make ``new`` the passphrase; where somebody types, ``former`` must be the present one.

        Raises
        ------
        WrongPassphrase, TooManyTries
            ``former`` is not the present one.
        PassphraseTooShort
            ``new`` protects nothing.
        """
        if former is not None:
            self.check(former)
        self._vault.change_passphrase(new)
        self._tell("passphrase")

    def use_keyring(self) -> None:
        """Let the key store of the system open this profile.

        Raises
        ------
        KeyringAbsent, KeyringRefused
            There is none that is trusted, or it does not keep the key.
        """
        if self._keyring is None:
            raise KeyringAbsent("no trusted key store")
        self._vault.wrap_for(self._keyring)
        self._tell("keyring on")

    def leave_keyring(self) -> None:
        """Leave the passphrase as the only way in, until the key store is turned on again."""
        self._vault.drop_keyring(self._keyring)
        self._tell("keyring off")

    def _tell(self, what: str) -> None:
        store = self._store
        store.audit.record(AuditEvent.SETTINGS_CHANGED, actor=store.actor, detail=facts(what=what))
