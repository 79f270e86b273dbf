"""A reader whose every call to the file system is recorded: a new profile, several sessions, all that is kept."""

import json
import secrets as randomness
import sys
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np

from tests.crash.disk_shim import Disk
from tests.crash.planting import PlantedConnection, open_planted_connections, plant_mutant
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
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.domain.delivery import DeliveryState
from workstation.store import profile_store
from workstation.store.journal import DraftJournal
from workstation.store.profile_store import ProfileStore
from workstation.vault.unlock import unlock
from workstation.vault.vault import UnlockedVault

SESSIONS, ACTS = 3, 60
SECOND_PASSPHRASE = "six words nobody will guess"
_MOST_OPEN = 4
_COMPACT_ABOVE_BYTES = 8_000
_PAGES = 50


class Recorded:
    """One session of the recorded reader."""

    def __init__(self, store: ProfileStore, vault: UnlockedVault, disk: Disk, chance: np.random.Generator) -> None:
        self._store = store
        self._vault = vault
        self._disk = disk
        self._chance = chance

    def act(self, number: int) -> None:
        """Do one thing, and note it once it is said to be safe."""
        acts = (self.save, self.save, self.save, self.sign, self.arrive, self.put, self.put_in_cache, self.put_in_cache)
        acts[int(self._chance.integers(len(acts)))](number)

    def save(self, number: int) -> None:
        """Save the next version of a draft, or the first."""
        drafts = self._store.drafts.open_drafts()
        if len(drafts) < _MOST_OPEN:
            draft = new_draft(randomness.token_hex(8), number)
        else:
            draft = drafts[int(self._chance.integers(len(drafts)))]
            draft = at_version(draft, version_of(draft) + 1)
        self._store.drafts.save(draft)
        self.note(draft=draft.id, version=version_of(draft))

    def sign(self, number: int) -> None:
        """Sign a draft."""
        drafts = self._store.drafts.open_drafts()
        if not drafts:
            return
        objects = signed_objects(drafts[0].study, 1 + number % 2)
        self._store.outbox.enqueue(drafts[0].id, None, HUB, objects, demonstration=False, composed=drafts[0])
        signed = [[one.instance, one.sha256] for one in objects]
        self.note(signed=drafts[0].id, objects=signed, request=None)

    def arrive(self, number: int) -> None:
        """Let one object arrive at its hub."""
        later = system_clock() + timedelta(minutes=1)
        for delivery in self._store.outbox.due(later, force=True)[:1]:
            self._store.outbox.step(delivery.id, DeliveryState.STORED, "stored")
            self._store.outbox.step(delivery.id, DeliveryState.SENT, "read_back")
            self.note(arrived=delivery.instance)

    def put(self, number: int) -> None:
        """Keep an object that no hub has."""
        self._put(number, durable=True)

    def put_in_cache(self, number: int) -> None:
        """Keep an object that can be fetched again."""
        self._put(number, durable=False)

    def change_passphrase(self) -> None:
        """Protect the keys otherwise."""
        self._vault.change_passphrase(SECOND_PASSPHRASE)
        self.note(passphrase=SECOND_PASSPHRASE)

    def note(self, **content: object) -> None:
        """Write between the calls what was acknowledged."""
        self._disk.note(json.dumps(content))

    def _put(self, number: int, *, durable: bool) -> None:
        content = randomness.token_bytes(int(self._chance.integers(1, 5_000)))
        instance = InstanceUID(f"2.25.{number}.{randomness.randbelow(1 << 60)}")
        self.note(written=instance, sha256=sha256(content).hexdigest())
        self._store.objects.put(instance, content, durable)
        if durable:
            self.note(kept=instance)


def main(root: str, log: str, secrets: str, seed: int, mutant: str) -> None:
    """Live ``SESSIONS`` sessions below ``root`` and record them in ``log``."""
    sys.stdout = sys.stderr
    open_planted_connections()
    # More merges of the log into the database, and of the journal into a new one, than so short a life would see.
    PlantedConnection.before += (_merge_often,)
    profile_store.DraftJournal = partial(DraftJournal, compact_above=_COMPACT_ABOVE_BYTES)
    if mutant:
        plant_mutant(mutant)
    disk, chance = Disk(), np.random.default_rng(seed)
    disk.watch(Path(root), Path(log))
    profile, keyring = Profile(Path(root) / "profile"), keyring_at(Path(secrets))
    for session in range(SESSIONS):
        vault = unlock(profile, keyring, system_clock, None if session else PASSPHRASE)
        keep_keyring(keyring, Path(secrets))
        with ProfileStore.open(profile, vault) as store:
            recorded = Recorded(store, vault, disk, chance)
            recorded.note(opened=session)
            for number in range(ACTS):
                recorded.act(number)
            if session == 1:
                recorded.change_passphrase()


def _merge_often(connection: PlantedConnection, sql: str) -> str:
    if sql.startswith("PRAGMA synchronous"):
        connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES}")
    return sql
