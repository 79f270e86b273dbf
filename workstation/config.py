"""Where a profile lives and what it is called; settings themselves live in the encrypted database."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

HOME_VARIABLE = "REQUIS_HOME"
PASSPHRASE_VARIABLE = "REQUIS_PASSPHRASE_FILE"


@dataclass(frozen=True, slots=True)
class Profile:
    """A folder that may be copied or moved while closed: every path inside is derived from ``home``."""

    home: Path
    passphrase_file: Path | None = None

    @property
    def keys(self) -> Path:
        """The wrapped data key."""
        return self.home / "keys.json"

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.home / "profile.db"

    @property
    def objects(self) -> Path:
        """The encrypted objects."""
        return self.home / "objects"

    @property
    def reserve(self) -> Path:
        """Room that is given up when a draft finds the disk full."""
        return self.home / "reserve"

    @property
    def journal(self) -> Path:
        """The append-only journal of drafts."""
        return self.home / "drafts.journal"

    @property
    def signings(self) -> Path:
        """What was signed, kept apart from the database."""
        return self.home / "signed"

    @property
    def backups(self) -> Path:
        """Encrypted copies of the database, the last ones."""
        return self.home / "backups"

    @property
    def damaged(self) -> Path:
        """Databases that were found damaged, as they were."""
        return self.home / "damaged"

    @property
    def protocols(self) -> Path:
        """The reader's own hanging protocols."""
        return self.home / "protocols"

    @property
    def logs(self) -> Path:
        """Logs, without patient data."""
        return self.home / "logs"

    @property
    def anchors(self) -> Path:
        """The heads of the audit log, kept outside the database."""
        return self.home / "anchors.audit"

    @property
    def lock(self) -> Path:
        """The lock that one running window holds."""
        return self.home / "lock"

    @property
    def in_use(self) -> Path:
        """The lock that every process shares while it has the database open, and that a repair holds alone."""
        return self.home / "in_use.lock"

    @property
    def tries(self) -> Path:
        """How often a wrong passphrase was tried; numbers only."""
        return self.home / "tries.json"

    @property
    def locked(self) -> Path:
        """An empty file that is there while the window is locked."""
        return self.home / "locked"

    @property
    def sending(self) -> Path:
        """The lock that the one process which sends holds."""
        return self.home / "sending.lock"


def profile_from_environment() -> Profile:
    """Return the profile that the environment names, else the user's own."""
    home = os.environ.get(HOME_VARIABLE)
    passphrase = os.environ.get(PASSPHRASE_VARIABLE)
    folder = Path(home) if home else Path(platformdirs.user_data_dir("requis", appauthor=False))
    return Profile(folder.expanduser().absolute(), Path(passphrase).expanduser() if passphrase else None)
