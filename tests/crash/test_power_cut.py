"""Whenever the power fails, what was acknowledged is on the disk, and what is not whole is never shown."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.crash.children import Children
from tests.crash.disk_shim import compiled_shim
from tests.crash.ledger import Found, Ledger, Violation, integrity, kinds
from tests.crash.planting import NORMAL
from tests.crash.power_cut import Call, Disk, Kind, lay_out, read_calls
from tests.crash.work import PASSPHRASE, keyring_at, new_draft
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.errors import WorkstationError
from workstation.store.profile_store import ProfileStore
from workstation.store.restoration import Source
from workstation.vault.unlock import unlock

pytestmark = pytest.mark.compiler
CUTS, RECORDS = 1_000, 4
PASSPHRASE_EACH, INTEGRITY_EACH = 100, 5
SEED = 20261122
MUTANT_CUTS = 60


def weeks_later() -> datetime:
    """A time at which everything is due that is done at a start now and then."""
    return system_clock() + timedelta(days=30)


@dataclass
class Cuts:
    """Power cuts in one recorded life."""

    folder: Path
    seed: int
    mutant: str = ""
    made: int = 0
    noticed: int = 0
    found: Found = field(default_factory=list)

    def __post_init__(self) -> None:
        self._root, self._log = self.folder / "recorded", self.folder / "log"
        self._secrets, self._image = self.folder / "secrets.json", self.folder / "image"
        self._chance = np.random.default_rng(self.seed)
        self._disk, self._ledger = Disk(self._root), Ledger()

    def record(self, children: Children) -> tuple[Call, ...]:
        """Let a reader live, and return the calls that it made."""
        self._root.mkdir(parents=True)
        children.run("tests.crash.recorded", self._root, self._log, self._secrets, self.seed, self.mutant)
        return tuple(read_calls(self._log))

    def cut(self, calls: tuple[Call, ...], count: int) -> None:
        """Cut the power at random moments, and look each time at what is left."""
        moments = Counter(int(one) for one in self._chance.integers(1, len(calls), count))
        for place, call in enumerate(calls):
            for _ in range(moments[place]):
                self.look()
            if call.kind is Kind.NOTE:
                self._ledger.take([json.loads(call.data)])
            else:
                self._disk.make(call)

    def look(self) -> None:
        """Start the program on one possible content of the disk."""
        self.made += 1
        shutil.rmtree(self._image, ignore_errors=True)
        self._image.mkdir()
        lay_out(self._disk.image(self._chance), self._image)
        try:
            self.found += self._start(Profile(self._image / "profile"))
        except WorkstationError as error:
            self.found.append((Violation.UNREADABLE, f"cut {self.made}: {error!r}"))
        self.noticed += self._ledger.noticed
        self._ledger.noticed = 0

    def agrees_with_the_disk(self) -> bool:
        """Whether the record explains every byte that is on the real disk."""
        present = {path.relative_to(self._root): path for path in self._root.rglob("*")}
        real = {str(name): None if path.is_dir() else path.read_bytes() for name, path in present.items()}
        return real == {str(name): content for name, content in self._disk.now().items()}

    def _start(self, profile: Profile) -> Found:
        passphrase = None if self._ledger.opened else PASSPHRASE
        if self._ledger.passphrase and self.made % PASSPHRASE_EACH == 0:
            passphrase = self._ledger.passphrase
        vault, found = unlock(profile, keyring_at(self._secrets), system_clock, passphrase), Found()
        with ProfileStore.open(profile, vault, weeks_later if self.made % 2 else system_clock) as store:
            if store.database.count_unauthentic_pages():
                found.append((Violation.DATABASE_DAMAGED, f"cut {self.made}: pages"))
            found += [*self._ledger.in_profile(store), *self._ledger.in_objects(store)]
            repaired = store.restoration
            if repaired is not None and repaired.source is not Source.CRASH:
                found.append((Violation.REPAIRED, f"cut {self.made}: from {repaired.source}, with nothing damaged"))
            store.drafts.save(new_draft("after the cut", 1))
        if self.made % INTEGRITY_EACH:
            return found
        with ProfileStore.open(profile, vault, weeks_later) as store:
            return found + integrity(store)


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    shim = compiled_shim(tmp_path_factory.mktemp("shim"))
    with Children(("tests.crash.recorded",), {"LD_PRELOAD": str(shim)}) as started:
        yield started


def test_a_power_cut_loses_nothing_that_was_acknowledged(children: Children, memory_folder: Path) -> None:
    made, noticed, found = 0, 0, []
    for number in range(RECORDS):
        cuts = Cuts(memory_folder / str(number), SEED + number)
        cuts.cut(cuts.record(children), CUTS // RECORDS)
        assert cuts.agrees_with_the_disk()
        made, noticed, found = made + cuts.made, noticed + cuts.noticed, found + cuts.found
    print(f"{made} cuts, {noticed} objects noticed as lost or torn, {found[:20]} {kinds(found)}")
    assert found == []
    assert made == CUTS
    assert noticed


def test_a_database_that_does_not_wait_for_the_disk_is_found(children: Children, memory_folder: Path) -> None:
    cuts = Cuts(memory_folder, SEED, NORMAL)
    calls = cuts.record(children)
    cuts.cut(calls, MUTANT_CUTS)
    print(f"{cuts.made} cuts, {kinds(cuts.found)}, {len(cuts.found)} violations")
    assert {Violation.DRAFT_LOST, Violation.REPORT_LOST} & kinds(cuts.found)
