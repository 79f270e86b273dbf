"""Killed in a download: what had arrived is not fetched again, and nothing half arrived is shown."""

from pathlib import Path

import numpy as np
import pytest

from tests.e2e.answered import prepared_reader
from tests.support.command_line import CommandLine
from tests.support.placed_requests import demonstration_case
from tests.support.slow_link import SlowLink

pytestmark = pytest.mark.e2e
STUDY = str(demonstration_case("head-stroke").request.studies[0].study)
SLICES = 28
BYTES_PER_S = 1_000_000
LATEST_S = 0.12
PATIENCE_S = 60


def stored(command: CommandLine) -> int:
    objects = command.home / "objects"
    return sum(path.is_file() and path.suffix != ".tmp" for path in objects.rglob("*"))


def kill_a_pull(command: CommandLine, link: SlowLink, more: int, wait_s: float) -> tuple[int, int]:
    """Kill a pull some objects after its start; return how many had arrived whole, and how many of them are kept."""
    begun, kept = link.begun, stored(command)
    process = command.start("pull", STUDY, "--json")
    assert link.wait_until(begun + more, PATIENCE_S)
    link.wait_until(begun + more + 1, wait_s)
    process.kill()
    process.communicate()
    return link.begun - begun - 1, stored(command) - kept


@pytest.mark.parametrize("kills", [4, pytest.param(10, marks=pytest.mark.slow)])
def test_a_download_killed_again_and_again_fetches_at_most_one_object_twice_each_time(
    hub_url: str, tmp_path: Path, kills: int
) -> None:
    generator = np.random.default_rng(kills)
    with SlowLink(hub_url, BYTES_PER_S) as link:
        command = prepared_reader(tmp_path / "reader", link.url)
        for _ in range(kills):
            arrived, kept = kill_a_pull(command, link, int(generator.integers(2, 4)), generator.uniform(0, LATEST_S))
            assert arrived - kept <= 1
        assert command.json("library")["studies"] == []
        pulled = command.json("pull", STUDY)
    # Reports that others sent into the study come along.
    expected = [one["expected"] for one in pulled["series"]]
    assert [one["received"] for one in pulled["series"]] == expected
    assert sorted(expected)[-1] == SLICES
    assert link.begun - sum(expected) <= 2 * kills
    assert stored(command) == sum(expected)
