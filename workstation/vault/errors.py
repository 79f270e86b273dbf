"""What can go wrong with the data key."""

from typing import ClassVar

from workstation.errors import WorkstationError


class VaultError(WorkstationError):
    """Root of the vault's errors."""

    key: ClassVar[str] = "vault.failed"


class VaultLocked(VaultError):
    """No key store opened the vault and no passphrase was given."""

    key: ClassVar[str] = "vault.locked"


class WrongPassphrase(VaultError):
    """The passphrase does not open the vault."""

    key: ClassVar[str] = "vault.wrong_passphrase"


class PassphraseNeeded(VaultError):
    """The profile is new and needs a recovery passphrase."""

    key: ClassVar[str] = "vault.passphrase_needed"


class PassphraseTooShort(VaultError):
    """The passphrase is too short to protect anything."""

    key: ClassVar[str] = "vault.passphrase_too_short"


class PassphraseFileUnreadable(VaultError):
    """The file that should hold the passphrase cannot be read."""

    key: ClassVar[str] = "vault.passphrase_file"


class KeysDamaged(VaultError):
    """The file of wrapped keys is not what was written."""

    key: ClassVar[str] = "vault.keys_damaged"


class KeysMissing(VaultError):
    """There are encrypted data but no wrapped keys: a new key would make the data unreadable for ever."""

    key: ClassVar[str] = "vault.keys_missing"


class KeysUnwritable(VaultError):
    """The disk does not take the file of wrapped keys; a former slot still opens the vault."""

    key: ClassVar[str] = "vault.keys_unwritable"


class KeysExist(VaultError):
    """A vault exists already and is never overwritten."""

    key: ClassVar[str] = "vault.keys_exist"


class KeyringRefused(VaultError):
    """The key store of the system is not one that is trusted, or it refused to keep the key."""

    key: ClassVar[str] = "vault.keyring_refused"


class TooManyTries(VaultError):
    """Too many wrong passphrases: nothing is tried until some time has passed."""

    key: ClassVar[str] = "vault.too_many_tries"


class KeyringAbsent(VaultError):
    """The computer offers no key store that is trusted."""

    key: ClassVar[str] = "vault.keyring_absent"
