"""Whichever call to the disk fails: nothing is called saved that is not, the program lives, the next start is clean."""

import errno
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.children import Children
from tests.crash.disk_shim import compiled_shim
from tests.crash.tortured import FORMER, NEW, SCENES

pytestmark = pytest.mark.compiler
PROGRAM = "tests.crash.tortured"
MOST_CALLS = 400


@dataclass(frozen=True)
class Torture:
    """A prepared profile and the program that works on copies of it."""

    children: Children
    folder: Path
    prepared: Path

    def suffer(self, scene: str, at: int, error: int, *, for_good: bool) -> tuple[str, int]:
        """Let one call fail; return what was said and how many calls there were."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if scene == "creating":
            (self.folder / "disk").mkdir(parents=True)
        else:
            shutil.copytree(self.prepared, self.folder)
        (self.folder / "disk" / "left").mkdir()
        home, secrets = self.folder / "disk" / "profile", self.folder / "secrets.json"
        said = self.children.run(PROGRAM, "torture", scene, home, secrets, at, error, for_good)
        outcome, calls = next((one["outcome"], one["calls"]) for one in said if "outcome" in one)
        again = next(one for one in said if "again" in one)
        looked = self.children.run(PROGRAM, "look", scene, home, secrets, 0, 0, False)
        left, mended = (one["state"] for one in looked if "state" in one)
        place = (scene, at, errno.errorcode[error], for_good, outcome)
        assert left == NEW or outcome != "done", ("called saved", *place)
        assert left in (FORMER, NEW), place
        assert again["again"] == "done" or left == NEW, ("not mended", *place, again)
        assert mended == NEW, place
        return outcome, calls


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    shim = compiled_shim(tmp_path_factory.mktemp("shim"))
    with Children((PROGRAM,), {"LD_PRELOAD": str(shim)}) as started:
        yield started


@pytest.mark.parametrize(
    ("error", "for_good"), [(errno.EIO, False), (errno.ENOSPC, True)], ids=["one failure", "disk full"]
)
@pytest.mark.parametrize("scene", [*SCENES, "creating"])
def test_each_failing_call_is_told_and_survived(
    scene: str, error: int, for_good: bool, children: Children, memory_folder: Path
) -> None:
    torture = Torture(children, memory_folder / "work", memory_folder / "prepared")
    (torture.prepared / "disk").mkdir(parents=True)
    home, secrets = torture.prepared / "disk" / "profile", torture.prepared / "secrets.json"
    children.run(PROGRAM, "prepare", scene, home, secrets, 0, 0, False)
    told: list[str] = []
    for at in range(1, MOST_CALLS):
        outcome, calls = torture.suffer(scene, at, error, for_good=for_good)
        if calls < at:
            break
        told.append(outcome)
    print(f"{scene} {errno.errorcode[error]}{' for good' * for_good}: {len(told)} points, {sorted(set(told))}")
    assert outcome == "done"
    assert set(told) - {"done"}
