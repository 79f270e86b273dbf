"""A disk without one free byte, a real one: words are saved, images are refused in words, the next start is clean."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.reports import READER
from tests.workstation.retrieval.desk import STUDY, PlayedHub, series_of
from tests.workstation.store.samples import HUB, make_draft, make_object
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.delivery import ObjectRole
from workstation.domain.report import Answers, Draft, DraftState
from workstation.store.errors import StoreFull
from workstation.store.retention import Retention, write_retention

RESERVE_BYTES = 4_000_000
PASSPHRASE = "five words nobody will guess"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB of its own."""
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a file system be mounted")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> None:
    """Leave not one byte free."""
    with suppress(OSError), (disk / "filler").open("ab", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
    statistics = os.statvfs(disk)
    assert statistics.f_bavail == 0


@contextmanager
def opened(disk: Path) -> Iterator[Core]:
    with open_core(Profile(disk / "profile"), None, passphrase=PASSPHRASE) as core:
        yield core


def written(draft: Draft, words: str) -> Draft:
    return replace(draft, answers=Answers({"findings": words}))


def test_at_no_byte_free_words_are_saved_and_signed_images_refused_and_the_next_start_is_clean(
    small_disk: Path,
) -> None:
    long = "Nodule of 8 mm. " * 20_000
    with opened(small_disk) as core:
        core.store.settings.set_reader(READER)
        write_retention(core.store.settings, Retention(free_bytes=0, reserve_bytes=RESERVE_BYTES))
        core.housekeeping.run()
        assert core.store.reserve.is_ready
        draft = make_draft()
        core.drafting.save(draft)
        fill(small_disk)
        core.drafting.save(written(draft, long))
        assert core.drafting.is_disk_full
        assert core.store.drafts.load(draft.id).answers.sections["findings"] == long
        core.store.reserve.spend(
            lambda: core.store.outbox.enqueue(
                draft.id, None, HUB, [make_object(ObjectRole.REPORT)], demonstration=False
            )
        )
        fill(small_disk)
        with pytest.raises(StoreFull):
            core.retrieval.pull(PlayedHub(series_of(8), stated=8), STUDY)
        with pytest.raises(StoreFull):
            core.drafting.save(replace(written(draft, long * 2), id=type(draft.id)("d2")))
    (small_disk / "filler").unlink()
    with opened(small_disk) as core:
        assert core.store.drafts.load(draft.id).state is DraftState.SIGNED
        assert len(core.store.outbox.deliveries()) == 1
        assert core.store.audit.verify() == ()
        assert core.retrieval.pull(PlayedHub(series_of(8), stated=8), STUDY).is_complete
        core.housekeeping.run()
        assert core.store.reserve.is_ready
        assert not core.drafting.is_disk_full
