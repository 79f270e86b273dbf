"""One act on a failing disk, what is then left, and the same act again once the disk is well.

Each act is a context: what comes before it happens on a good disk.
"""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tests.crash.disk_shim import Disk
from tests.crash.fork_server import say
from tests.crash.work import (
    HUB,
    PASSPHRASE,
    at_version,
    keep_keyring,
    keyring_at,
    new_draft,
    signed_objects,
    version_of,
)
from viewers.identifiers import InstanceUID
from workstation.audit.events import AuditEvent
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.domain.identifiers import DraftId
from workstation.domain.report import DraftState
from workstation.errors import WorkstationError
from workstation.store.errors import ObjectMissing
from workstation.store.journal import DraftJournal
from workstation.store.profile_store import ProfileStore
from workstation.vault import vault as vault_module
from workstation.vault.passphrase import Argon2Cost
from workstation.vault.unlock import unlock
from workstation.vault.vault import UnlockedVault

FORMER, NEW = "former", "new"
HELD, PUT = InstanceUID("2.25.1"), InstanceUID("2.25.2")
BEFORE, AFTER = b"before" * 500, b"after" * 700
_DRAFT = DraftId("d1")
Act = Callable[[], object]


def open_vault(profile: Profile, secrets: Path) -> UnlockedVault:
    """Open the vault, made when it is not there, and keep what the key store was given."""
    keyring = keyring_at(secrets)
    try:
        return unlock(profile, keyring, system_clock, PASSPHRASE)
    finally:
        keep_keyring(keyring, secrets)


def saving(profile: Profile, vault: UnlockedVault) -> Iterator[Act]:
    """Save the second version of a draft."""
    with ProfileStore.open(profile, vault) as store:
        draft = at_version(store.drafts.load(_DRAFT), 2)
        yield lambda: store.drafts.save(draft)


def signing(profile: Profile, vault: UnlockedVault) -> Iterator[Act]:
    """Sign a draft."""
    with ProfileStore.open(profile, vault) as store:
        draft = store.drafts.load(_DRAFT)
        objects = signed_objects(draft.study, 2)
        yield lambda: store.outbox.enqueue(_DRAFT, None, HUB, objects, demonstration=False, composed=draft)


def putting(profile: Profile, vault: UnlockedVault) -> Iterator[Act]:
    """Keep a new object that no hub has."""
    with ProfileStore.open(profile, vault) as store:
        yield lambda: store.objects.put(PUT, AFTER, True)


def replacing(profile: Profile, vault: UnlockedVault) -> Iterator[Act]:
    """Keep other bytes for an object that is held."""
    with ProfileStore.open(profile, vault) as store:
        yield lambda: store.objects.put(HELD, AFTER, True)


def compacting(profile: Profile, vault: UnlockedVault) -> Iterator[Act]:
    """Append to a journal that has grown too long."""
    journal = DraftJournal(profile.journal, vault.key_for("journal"), compact_above=100)
    draft = at_version(new_draft(_DRAFT, 1), 2)
    yield lambda: journal.append(draft)


def rewrapping(profile: Profile, vault: UnlockedVault) -> Iterator[Act]:
    """Change the file of keys."""
    yield lambda: vault.change_passphrase(PASSPHRASE)


def opening(profile: Profile, vault: UnlockedVault) -> Iterator[Act]:
    """Open the profile."""
    yield lambda: ProfileStore.open(profile, vault).close()


SCENES: Mapping[str, Callable[[Profile, UnlockedVault], Iterator[Act]]] = {
    one.__name__: one for one in (saving, signing, putting, replacing, compacting, rewrapping, opening)
}


def state_after(scene: str, profile: Profile, secrets: Path) -> str:
    """Start again, and return whether what is found is the former state or the new one; anything else raises."""
    vault = open_vault(profile, secrets)
    with ProfileStore.open(profile, vault) as store:
        if scene == "creating":
            store.drafts.save(new_draft(_DRAFT, 1))
            return NEW
        assert store.audit.verify() == ()
        draft = store.drafts.load(_DRAFT)
        signed = [line for line in store.audit.lines() if line.event is AuditEvent.SIGNED]
        deliveries = store.outbox.deliveries()
        for delivery in deliveries:
            assert sha256(store.outbox.object_bytes(delivery.id)).hexdigest() == delivery.sha256
        (kept,) = store.drafts._journal.recover()
        marks = (draft.state is DraftState.SIGNED, len(deliveries) == 2, len(signed) == 1)
        assert any(marks) == all(marks) == (scene == "signing" and all(marks))
        held, put = store.objects.get(HELD), _object(store, PUT)
        assert held in (BEFORE, AFTER)
        assert put in (None, AFTER)
        state = {
            "saving": version_of(draft) == version_of(kept) == 2,
            "signing": all(marks),
            "putting": put == AFTER,
            "replacing": held == AFTER,
            "compacting": version_of(kept) == 2,
        }
        return NEW if state.get(scene, True) else FORMER


def main(wish: str, scene: str, home: str, secrets: str, at: int, error: int, for_good: bool) -> None:
    """Prepare a profile, torture it, or look at what is left."""
    sys.stdout = sys.stderr
    # A passphrase costs what an attacker must pay; here it would be paid hundreds of times.
    vault_module.derive_key = _quick_key
    profile = Profile(Path(home))
    if wish == "prepare":
        _prepare(profile, Path(secrets))
    elif wish == "look":
        for home_left in (profile.home.with_name("left"), profile.home):
            say({"state": state_after(scene, Profile(home_left), Path(secrets))})
    else:
        _torture(scene, profile, Path(secrets), at, error, for_good)


def _prepare(profile: Profile, secrets: Path) -> None:
    with ProfileStore.open(profile, open_vault(profile, secrets)) as store:
        store.drafts.save(at_version(new_draft(_DRAFT, 1), 1))
        store.objects.put(HELD, BEFORE, True)


def _torture(scene: str, profile: Profile, secrets: Path, at: int, error: int, for_good: bool) -> None:
    disk = Disk()
    disk.watch(profile.home.parent)
    with _act(scene, profile, secrets) as act:
        disk.fail(at, error, for_good=for_good)
        outcome = _attempted(act)
        calls = disk.heal()
        # What the next start would find, were the plug pulled now.
        if profile.home.exists():
            shutil.copytree(profile.home, profile.home.with_name("left"), dirs_exist_ok=True)
        say({"outcome": outcome, "calls": calls})
        say({"again": _attempted(act)})


@contextmanager
def _act(scene: str, profile: Profile, secrets: Path) -> Iterator[Act]:
    if scene == "creating":
        yield lambda: ProfileStore.open(profile, open_vault(profile, secrets)).close()
        return
    yield from SCENES[scene](profile, open_vault(profile, secrets))


def _attempted(act: Act) -> str:
    try:
        act()
    except WorkstationError as error:
        return error.key
    return "done"


def _object(store: ProfileStore, instance: InstanceUID) -> bytes | None:
    try:
        return store.objects.get(instance)
    except ObjectMissing:
        return None


def _quick_key(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    return sha256(passphrase.encode() + salt).digest()
