"""A profile with real records, ways of destroying its database, and what a reader finds in it afterwards."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy

from tests.workstation.store.inspected import inspected
from tests.workstation.store.samples import (
    HUB,
    NOW,
    fixed_clock,
    make_completion,
    make_draft,
    make_object,
    make_request,
)
from workstation.config import Profile
from workstation.domain.delivery import ObjectRole
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import DraftId
from workstation.domain.report import Draft
from workstation.store.profile_store import ProfileStore
from workstation.vault.vault import UnlockedVault, Vault

PAGE_BYTES = 4096
PASSPHRASE = "correct horse"


@dataclass
class Filled:
    """A profile on the disk and what its reader was told is safe."""

    profile: Profile
    vault: UnlockedVault
    drafts: dict[str, Draft] = field(default_factory=dict)
    signed: dict[str, bytes] = field(default_factory=dict)

    def open(self) -> ProfileStore:
        return ProfileStore.open(self.profile, self.vault, fixed_clock)

    def save(self, store: ProfileStore, name: str, text: str, minutes: int = 0) -> None:
        draft = make_draft(name, text, saved=NOW + timedelta(minutes=minutes))
        store.drafts.save(draft)
        self.drafts[name] = draft

    def sign(self, store: ProfileStore, name: str, number: int) -> None:
        signed = make_object(ObjectRole.REPORT, number, name.encode() * 2000)
        completion = make_completion(name)
        store.outbox.enqueue(DraftId(name), None, HUB, [signed], demonstration=True, completion=completion)
        del self.drafts[name]
        self.signed[name] = signed.part10

    def assert_whole(self, store: ProfileStore) -> None:
        """Every draft that was acknowledged is there as it was, every report that was signed waits with its bytes."""
        assert {one.id: one for one in store.drafts.open_drafts()} == self.drafts
        found = {one.draft: store.outbox.object_bytes(one.id) for one in store.outbox.deliveries()}
        assert found == self.signed
        assert {one.draft for one in store.completions.completions()} == set(self.signed)
        assert store.audit.verify() == ()


def filled(folder: Path, *, backup: bool = True) -> Filled:
    """Drafts, reports and studies, half of them from before the last backup and half from after it."""
    profile = Profile(folder)
    one = Filled(profile, Vault.create(profile.keys, PASSPHRASE, None, fixed_clock))
    with one.open() as store:
        store.settings.add_hub(HubSettings(HUB, "http://127.0.0.1"))
        store.requests.replace_all(HUB, (make_request(),))
        store.catalogue.record(inspected(), "hub")
        for number in range(12):
            one.save(store, f"early {number}", f"early words {number} " * 40)
        one.sign(store, "early 0", 1)
        if backup:
            assert store.back_up()
        for number in range(1, 6):
            one.save(store, f"early {number}", f"changed words {number} " * 40, minutes=1)
        for number in range(6):
            one.save(store, f"late {number}", f"late words {number} " * 40)
        one.sign(store, "early 11", 2)
        one.sign(store, "late 5", 3)
    return one


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def spoil_header(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[:100] = numpy.random.default_rng(7).bytes(100)
    path.write_bytes(data)


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 + 700])


def overwrite_blocks(path: Path) -> None:
    data, random = bytearray(path.read_bytes()), numpy.random.default_rng(11)
    for block in random.choice(len(data) // PAGE_BYTES, 6, replace=False):
        data[block * PAGE_BYTES : (block + 1) * PAGE_BYTES] = random.bytes(PAGE_BYTES)
    path.write_bytes(data)


DESTRUCTIONS = (delete, empty, zero, spoil_header, cut, overwrite_blocks)
