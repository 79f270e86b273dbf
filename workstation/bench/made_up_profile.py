"""A profile of nobody, in a folder that goes away: its passphrase is random and lies beside it."""

import secrets
from pathlib import Path

from workstation.config import Profile
from workstation.durable import make_private_folder, write_file


def made_up_profile(folder: Path) -> Profile:
    """Return a profile that is made when it is first opened."""
    make_private_folder(folder)
    passphrase_file = folder / "passphrase"
    write_file(passphrase_file, [secrets.token_hex(32).encode()], durable=False)
    return Profile(folder / "profile", passphrase_file)
