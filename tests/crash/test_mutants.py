"""The crash loop finds the mistakes that it is there for."""

import sys
from pathlib import Path

import pytest

from tests.crash.ledger import Violation, kinds
from tests.crash.loop import CrashLoop
from tests.crash.planting import BEFORE_COMMIT, EARLY_SENT, NEW_UID, SPLIT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are forked from one that has imported all")
KILLS_BETWEEN, MOST_KILLS = 10, 200


@pytest.mark.parametrize(
    ("mutant", "violation"),
    [
        (NEW_UID, Violation.EXTRA_AT_HUB),
        (EARLY_SENT, Violation.NOT_AT_HUB),
        (SPLIT, Violation.HALF_SIGNED),
    ],
)
def test_a_planted_mistake_is_found(mutant: str, violation: Violation, memory_folder: Path) -> None:
    kills, found = 0, set[Violation]()
    with CrashLoop(memory_folder, seed=20261122, requests=0, mutant=mutant) as loop:
        if mutant == SPLIT:
            loop.points, loop.planted_each = (BEFORE_COMMIT,), 1
        while violation not in found and kills < MOST_KILLS:
            for number in range(kills, kills + KILLS_BETWEEN):
                loop.kill_reader(number)
            kills += KILLS_BETWEEN
            found = kinds(loop.reckon())
            loop.replace_hub()
    print(f"{mutant}: {sorted(found)} after {kills} kills")
    assert violation in found
