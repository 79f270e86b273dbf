"""The composition root of the window."""

from pathlib import Path

from workstation.config import Profile
from workstation.vault.keyring_slot import KeyringSlot


def run_window(
    profile: Profile, keyring: KeyringSlot | None, *, passphrase: str | None = None, exit_when_ready: bool = False
) -> int:
    """Open the window."""
    return 0 if Path(profile.home).exists() and keyring is None and passphrase and exit_when_ready else 1
