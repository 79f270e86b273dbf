"""A repair that fails or is killed at any call to the file system: the next start finishes it, and nothing is lost."""

import errno
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workstation.store.counted_calls import acting_at
from tests.workstation.store.damage import PASSPHRASE, Filled, filled, overwrite_blocks
from workstation.config import Profile
from workstation.store.errors import StoreError, StoreFull

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    one = filled(tmp_path_factory.mktemp("damaged") / "profile")
    overwrite_blocks(one.profile.database)
    return one


def copied(original: Filled, folder: Path) -> Filled:
    shutil.copytree(original.profile.home, folder)
    return replace(original, profile=Profile(folder))


def assert_repaired_once(one: Filled, spoilt: bytes) -> None:
    """The profile is whole, the reader is told, the damaged file is kept, and nothing half-made is left."""
    with one.open() as store:
        one.assert_whole(store)
        assert store.restoration is not None
    assert [path.read_bytes() for path in one.profile.damaged.rglob("profile.db")] == [spoilt]
    assert [path.name for path in one.profile.home.iterdir() if path.suffix in (".making", ".ready", ".tmp")] == []


def test_whichever_call_fails_the_next_start_finishes_the_repair(damaged: Filled, tmp_path: Path) -> None:
    spoilt = damaged.profile.database.read_bytes()

    def fail() -> None:
        raise OSError(errno.ENOSPC, "planted")

    for number in range(1, 60):
        one = copied(damaged, tmp_path / f"failed-{number}")
        with acting_at(number, fail) as counted:
            try:
                one.open().close()
            except StoreFull:
                assert counted.made == number
            except StoreError as other:
                pytest.fail(f"call {number} is told as {type(other).__name__}")
        assert_repaired_once(one, spoilt)
        if counted.made < number:
            assert number > 10
            return
    pytest.fail("no repair was without failure")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed process is a fork")
def test_wherever_it_is_killed_the_next_start_finishes_the_repair(damaged: Filled, tmp_path: Path) -> None:
    original = copied(damaged, tmp_path / "original")
    module = "tests.workstation.store.repairing"
    command = [sys.executable, "-m", module, str(original.profile.home), PASSPHRASE]
    told = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    folders = told.stdout.split()
    assert len(folders) > 6
    for name in folders:
        one = replace(original, profile=Profile(tmp_path / name))
        assert_repaired_once(one, damaged.profile.database.read_bytes())
