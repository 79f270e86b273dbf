"""Why the passphrase is asked for, and that it opens everything whatever became of the key store."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyring.errors import InitError

from tests.support.command_line import REPOSITORY
from tests.workstation.vault.keepers import MemoryKeeper
from workstation.config import Profile
from workstation.vault.errors import KeysMissing, VaultLocked, WrongPassphrase
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.slots import KeyringState, WhyLocked, slots_of, why_locked
from workstation.vault.unlock import unlock
from workstation.vault.vault import Vault

PASSPHRASE = "correct horse"


def clock() -> datetime:
    return datetime(2026, 11, 22, 8, tzinfo=UTC)


class BrokenKeeper(MemoryKeeper):
    """A key store whose service went away: it fails in a way of its own."""

    def get_password(self, service: str, username: str) -> str | None:
        raise ConnectionResetError("the bus is gone")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise InitError("no collection")


@dataclass
class Machine:
    """A computer: the profile on it, and the key store that its desktop offers now."""

    profile: Profile
    keyring: KeyringSlot | None = field(default_factory=lambda: KeyringSlot(MemoryKeeper(), "one"))

    def wipe(self) -> None:
        assert self.keyring is not None
        keeper = self.keyring.keeper
        assert isinstance(keeper, MemoryKeeper)
        keeper.held.clear()

    def change_desktop(self) -> None:
        self.keyring = KeyringSlot(MemoryKeeper(), "two")

    def lose_desktop(self) -> None:
        self.keyring = None

    def break_service(self) -> None:
        self.keyring = KeyringSlot(BrokenKeeper(), "one")

    def move(self) -> None:
        """Copy the folder to another computer, whose key store is of the same kind and knows nothing."""
        elsewhere = Profile(self.profile.home.with_name("elsewhere"))
        shutil.copytree(self.profile.home, elsewhere.home)
        self.profile, self.keyring = elsewhere, KeyringSlot(MemoryKeeper(), "one")


@pytest.mark.parametrize(
    ("befalls", "why", "is_repaired"),
    [
        (Machine.wipe, WhyLocked.EMPTIED, True),
        (Machine.change_desktop, WhyLocked.OTHER_KEYRING, True),
        (Machine.lose_desktop, WhyLocked.NO_KEYRING, False),
        (Machine.break_service, WhyLocked.EMPTIED, False),
        (Machine.move, WhyLocked.EMPTIED, True),
    ],
)
def test_whatever_befalls_the_key_store_the_passphrase_opens_and_nothing_else_does(
    tmp_path: Path, befalls: Callable[[Machine], None], why: WhyLocked, is_repaired: bool
) -> None:
    machine = Machine(Profile(tmp_path / "profile"))
    expected = unlock(machine.profile, machine.keyring, clock, PASSPHRASE).key_for("database")
    befalls(machine)
    assert why_locked(machine.profile, machine.keyring) is why
    with pytest.raises(VaultLocked):
        unlock(machine.profile, machine.keyring, clock)
    with pytest.raises(WrongPassphrase):
        unlock(machine.profile, machine.keyring, clock, "wrong horse")
    assert not slots_of(machine.profile, machine.keyring).keyring_opens
    assert unlock(machine.profile, machine.keyring, clock, PASSPHRASE).key_for("database") == expected
    assert slots_of(machine.profile, machine.keyring).keyring_opens is is_repaired
    if is_repaired:
        assert unlock(machine.profile, machine.keyring, clock).key_for("database") == expected


def test_a_key_store_that_was_turned_off_stays_off_and_keeps_nothing(tmp_path: Path) -> None:
    machine, keeper = Machine(Profile(tmp_path)), MemoryKeeper()
    machine.keyring = KeyringSlot(keeper, "one")
    vault = unlock(machine.profile, machine.keyring, clock, PASSPHRASE)
    vault.drop_keyring(machine.keyring)
    assert keeper.held == {}
    assert why_locked(machine.profile, machine.keyring) is WhyLocked.TURNED_OFF
    unlock(machine.profile, machine.keyring, clock, PASSPHRASE)
    assert keeper.held == {}
    assert slots_of(machine.profile, machine.keyring).keyring_state is KeyringState.OFF
    vault.wrap_for(machine.keyring)
    assert slots_of(machine.profile, machine.keyring).keyring_state is KeyringState.OPENS


def test_a_window_left_open_does_not_bring_a_former_passphrase_back(tmp_path: Path) -> None:
    profile, slot = Profile(tmp_path), KeyringSlot(MemoryKeeper(), "one")
    window = unlock(profile, slot, clock, PASSPHRASE)
    unlock(profile, slot, clock).change_passphrase("another phrase")
    window.wrap_for(slot)
    with pytest.raises(WrongPassphrase):
        Vault.open(profile.keys, PASSPHRASE, None)
    assert Vault.open(profile.keys, "another phrase", None).key_for("x") == window.key_for("x")


def test_a_window_that_was_locked_asks_after_a_new_start(tmp_path: Path) -> None:
    profile, slot = Profile(tmp_path), KeyringSlot(MemoryKeeper(), "one")
    unlock(profile, slot, clock, PASSPHRASE)
    profile.locked.touch()
    assert why_locked(profile, slot) is WhyLocked.SCREEN_LOCKED


def test_no_keys_no_slots(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing):
        slots_of(Profile(tmp_path), None)


_POISONED = """
import keyring, sys
from pathlib import Path
from workstation.config import profile_from_environment
from workstation.domain.clock import system_clock
from workstation.vault.keyring_slot import system_keyring
from workstation.vault.unlock import unlock

slot = system_keyring()
print("default", type(keyring.get_keyring()).__name__)
print("ours", slot.backend if slot else None)
profile = profile_from_environment()
unlock(profile, slot, system_clock)
print("allowed", slot is None or slot.backend.split(".")[2] in ("Windows", "macOS", "SecretService", "kwallet"))
"""
_PLAIN_STORE = """
from pathlib import Path
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 30
    file = Path(__file__).with_name("stolen")
    def get_password(self, service, username):
        return self.file.read_text() if self.file.exists() else None
    def set_password(self, service, username, password):
        self.file.write_text(password)
"""


@pytest.mark.parametrize("how", ["variable", "settings_file"])
def test_a_poisoned_environment_chooses_no_key_store(tmp_path: Path, how: str) -> None:
    """The package's own choice falls for it, which the first assertion proves; ours does not look."""
    modules, settings = tmp_path / "modules", tmp_path / "config" / "python_keyring"
    modules.mkdir()
    settings.mkdir(parents=True)
    (modules / "plain_store.py").write_text(_PLAIN_STORE)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE)
    poison = {"PYTHON_KEYRING_BACKEND": "plain_store.Keyring"} if how == "variable" else {}
    if how == "settings_file":
        (settings / "keyringrc.cfg").write_text(
            f"[backend]\ndefault-keyring=plain_store.Keyring\nkeyring-path={modules}\n"
        )
    done = subprocess.run(
        [sys.executable, "-c", _POISONED],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(REPOSITORY), str(modules))),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "HOME": str(tmp_path),
            "REQUIS_HOME": str(tmp_path / "profile"),
            "REQUIS_PASSPHRASE_FILE": str(passphrase),
            **poison,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert said["default"] == "Keyring"
    assert "plain_store" not in said["ours"]
    assert said["allowed"] == "True"
    assert not (modules / "stolen").exists()
