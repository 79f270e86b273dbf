"""A reader killed at any moment loses no word, no mark and no report, and no report arrives twice."""

import sys
from pathlib import Path

import pytest

from tests.crash.loop import CrashLoop
from tests.crash.planting import AFTER_COMPLETING, FAULT_POINTS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are forked from one that has imported all")
HUB_DIES_EACH = 10
REQUESTS = 20


@pytest.mark.parametrize("kills", [200, pytest.param(2_000, marks=pytest.mark.slow)])
def test_nothing_acknowledged_is_lost_and_nothing_is_sent_twice(kills: int, memory_folder: Path) -> None:
    with CrashLoop(memory_folder, seed=20261122, requests=REQUESTS) as loop:
        for number in range(kills):
            if number % HUB_DIES_EACH == HUB_DIES_EACH - 1:
                loop.replace_hub()
            loop.kill_reader(number)
        found = loop.reckon()
    print(f"{kills} kills, {dict(loop.deaths)}, {loop.ledger.acknowledged_drafts} drafts acknowledged, "
          f"{len(loop.ledger.signed)} reports, {loop.ledger.acknowledged_objects} objects, {found}")  # fmt: skip
    assert found == []
    assert loop.ledger.acknowledged_drafts > kills
    assert len(loop.ledger.signed) > kills // 8
    assert loop.ledger.answered
    assert {point for point in FAULT_POINTS if not loop.deaths[point]} <= {AFTER_COMPLETING}
