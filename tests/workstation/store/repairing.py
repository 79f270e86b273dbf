"""A process that repairs copies of a damaged profile and is killed in each at a later call to the file system,
every other one.

Called with the damaged profile and its passphrase; it forks for each copy until one repair is not killed any more, and
prints the folder of each.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from tests.workstation.store.counted_calls import acting_at
from tests.workstation.store.samples import fixed_clock
from workstation.config import Profile
from workstation.store.profile_store import ProfileStore
from workstation.vault.vault import UnlockedVault, Vault


def killed(profile: Profile, vault: UnlockedVault, number: int) -> bool:
    child = os.fork()
    if child == 0:
        with acting_at(number, lambda: os.kill(os.getpid(), signal.SIGKILL)):
            ProfileStore.open(profile, vault, fixed_clock).close()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main(original: Path, passphrase: str) -> None:
    vault = Vault.open(Profile(original).keys, passphrase, None)
    number = -1
    going = True
    while going:
        number += 2
        folder = original.with_name(f"killed-{number}")
        shutil.copytree(original, folder)
        going = killed(Profile(folder), vault, number)
        print(folder.name, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
