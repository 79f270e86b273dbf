"""How a profile is unlocked at the start of a command or of the window."""

from workstation.config import Profile
from workstation.domain.clock import Clock
from workstation.vault.errors import PassphraseNeeded
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.passphrase import read_passphrase_file
from workstation.vault.vault import UnlockedVault, Vault, refuse_over_encrypted_data


def unlock(profile: Profile, keyring: KeyringSlot | None, clock: Clock, passphrase: str | None = None) -> UnlockedVault:
    """Open the profile's vault, made when the profile is new.

    A passphrase typed by the reader also repairs a key store that lost its key or was replaced by another one; one read
    from the profile's passphrase file leaves the key store alone.

    Raises
    ------
    PassphraseNeeded
        When the profile is new and no passphrase was given.
    VaultLocked, WrongPassphrase, KeysDamaged, KeysMissing
        As ``Vault.open``.
    """
    if passphrase is None and profile.passphrase_file is not None:
        return _open_or_create(profile, read_passphrase_file(profile.passphrase_file), None, clock)
    vault = _open_or_create(profile, passphrase, keyring, clock)
    if keyring is not None and not vault.is_in_keyring(keyring):
        vault.wrap_for(keyring)
    return vault


def _open_or_create(
    profile: Profile, passphrase: str | None, keyring: KeyringSlot | None, clock: Clock
) -> UnlockedVault:
    if Vault.exists(profile.keys):
        return Vault.open(profile.keys, passphrase, keyring)
    refuse_over_encrypted_data(profile.keys)
    if passphrase is None:
        raise PassphraseNeeded("a new profile needs a recovery passphrase")
    return Vault.create(profile.keys, passphrase, keyring, clock)
