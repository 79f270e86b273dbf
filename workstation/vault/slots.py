"""What can be said of a vault without opening it for good: its slots, whether the key store opens it, and why not."""

from dataclasses import dataclass
from enum import StrEnum

from workstation.config import Profile
from workstation.vault.errors import KeysDamaged, KeysMissing, VaultLocked
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.keys_file import KeysFile, read_keys, second_copy
from workstation.vault.passphrase import Argon2Cost
from workstation.vault.vault import Vault


class WhyLocked(StrEnum):
    """Why the passphrase is asked for."""

    SCREEN_LOCKED = "screen_locked"
    TURNED_OFF = "turned_off"
    NEVER_USED = "never_used"
    NO_KEYRING = "no_keyring"
    OTHER_KEYRING = "other_keyring"
    EMPTIED = "emptied"


class KeyringState(StrEnum):
    """What the key store of the system does for a profile."""

    OPENS = "opens"
    OFF = "off"
    ABSENT = "absent"
    DOES_NOT_OPEN = "does_not_open"


@dataclass(frozen=True, slots=True)
class SlotsFound:
    """The slots of a vault, with no secret in them; the names of key stores are names of classes."""

    vault_id: str
    created: str
    cost: Argon2Cost
    keyring_recorded: str | None
    keyring_here: str | None
    keyring_opens: bool
    keyring_allowed: bool

    @property
    def keyring_state(self) -> KeyringState:
        """What the key store does for this profile."""
        if self.keyring_opens:
            return KeyringState.OPENS
        if not self.keyring_allowed:
            return KeyringState.OFF
        return KeyringState.ABSENT if self.keyring_here is None else KeyringState.DOES_NOT_OPEN


def slots_of(profile: Profile, keyring: KeyringSlot | None) -> SlotsFound:
    """Return what the file of keys tells, and whether ``keyring`` opens the vault now.

    Raises
    ------
    KeysMissing, KeysDamaged
        When there is no file of keys, or no readable one.
    """
    keys = _readable(profile)
    return SlotsFound(
        keys.vault_id,
        keys.created,
        keys.passphrase.cost,
        keys.keyring.backend if keys.keyring else None,
        keyring.backend if keyring else None,
        _opens(profile, keyring),
        keys.keyring_allowed,
    )


def why_locked(profile: Profile, keyring: KeyringSlot | None) -> WhyLocked:
    """Return why the key store does not open the vault.

    Raises
    ------
    KeysMissing, KeysDamaged
        As ``slots_of``.
    """
    keys = _readable(profile)
    if profile.locked.exists():
        return WhyLocked.SCREEN_LOCKED
    if not keys.keyring_allowed:
        return WhyLocked.TURNED_OFF
    if keyring is None:
        return WhyLocked.NEVER_USED if keys.keyring is None else WhyLocked.NO_KEYRING
    if keys.keyring is None:
        return WhyLocked.NEVER_USED
    return WhyLocked.EMPTIED if keyring.backend == keys.keyring.backend else WhyLocked.OTHER_KEYRING


def _readable(profile: Profile) -> KeysFile:
    if not Vault.exists(profile.keys):
        raise KeysMissing("there is no file of keys")
    try:
        return read_keys(profile.keys)
    except KeysDamaged:
        return read_keys(second_copy(profile.keys))


def _opens(profile: Profile, keyring: KeyringSlot | None) -> bool:
    try:
        Vault.open(profile.keys, None, keyring).wipe()
    except VaultLocked:
        return False
    return True
