"""How a profile is unlocked at the start of a command or of the window, and again after the window was locked."""

import logging
from functools import partial

from workstation.config import Profile
from workstation.domain.clock import Clock
from workstation.vault.errors import KeyringRefused, PassphraseNeeded, WrongPassphrase
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.passphrase import read_passphrase_file
from workstation.vault.tries import Door, Tries
from workstation.vault.vault import UnlockedVault, Vault, refuse_over_encrypted_data

_log = logging.getLogger(__name__)


def unlock(profile: Profile, keyring: KeyringSlot | None, clock: Clock, passphrase: str | None = None) -> UnlockedVault:
    """Open the profile's vault, made when the profile is new.

    A passphrase typed by the reader also repairs a key store that lost its key or was replaced by another one, unless
    the reader has turned the key store off; one read from the profile's passphrase file leaves the key store alone.

    Raises
    ------
    PassphraseNeeded
        When the profile is new and no passphrase was given.
    TooManyTries
        When too many wrong passphrases were tried just before.
    VaultLocked, WrongPassphrase, KeysDamaged, KeysMissing
        As ``Vault.open``.
    """
    if passphrase is None and profile.passphrase_file is not None:
        opening = partial(_open_or_create, profile, read_passphrase_file(profile.passphrase_file), None, clock)
        return Tries(profile.tries, Door.FILE, clock).attempt(opening, WrongPassphrase)
    opening = partial(_open_or_create, profile, passphrase, keyring, clock)
    if passphrase is None:
        vault = opening()
    else:
        vault = Tries(profile.tries, Door.TYPED, clock).attempt(opening, WrongPassphrase)
    if keyring is not None and vault.keyring_allowed and not vault.is_in_keyring(keyring):
        _repair(vault, keyring)
    return vault


def check_passphrase(profile: Profile, passphrase: str, clock: Clock) -> None:
    """Return when a typed passphrase opens the profile that is open already.

    Raises
    ------
    TooManyTries, WrongPassphrase, KeysDamaged, KeysMissing
        When it does not, or may not be tried now.
    """
    opening = partial(Vault.open, profile.keys, passphrase, None)
    Tries(profile.tries, Door.TYPED, clock).attempt(opening, WrongPassphrase).wipe()


def _repair(vault: UnlockedVault, keyring: KeyringSlot) -> None:
    # The passphrase was right: a key store that refuses must not keep the reader out. It will be asked for again.
    try:
        vault.wrap_for(keyring)
    except KeyringRefused as error:
        _log.warning("the key slot was not renewed: %s", error.technical)


def _open_or_create(
    profile: Profile, passphrase: str | None, keyring: KeyringSlot | None, clock: Clock
) -> UnlockedVault:
    if Vault.exists(profile.keys):
        return Vault.open(profile.keys, passphrase, keyring)
    refuse_over_encrypted_data(profile.keys)
    if passphrase is None:
        raise PassphraseNeeded("a new profile needs a recovery passphrase")
    return Vault.create(profile.keys, passphrase, None, clock)
