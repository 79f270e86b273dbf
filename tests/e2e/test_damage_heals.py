"""Damage on the disk heals itself from the hub, by the command line as in the window."""

from pathlib import Path

import pytest

from tests.e2e.answered import prepared_reader
from tests.e2e.opinions import slices_of
from tests.support.command_line import CommandLine
from tests.support.placed_requests import demonstration_case

pytestmark = pytest.mark.e2e
STUDY = str(demonstration_case("head-stroke").request.studies[0].study)


def files(command: CommandLine) -> list[Path]:
    return sorted(path for path in (command.home / "objects").rglob("*") if path.is_file())


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def snapshot(command: CommandLine) -> None:
    slices = slices_of("head-ct")
    command.json("snapshot", slices.study, "--series", slices.series, "--out", command.folder / "plane.png")


def test_damage_heals_by_itself_when_images_are_shown_and_when_they_are_pulled(hub_url: str, tmp_path: Path) -> None:
    command = prepared_reader(tmp_path / "reader", hub_url)
    command.json("pull", STUDY)
    sound = {path: path.read_bytes() for path in files(command)}
    for path in files(command):
        damage(path)
    series = command.json("pull", STUDY)["series"]
    assert all(one["received"] == one["expected"] for one in series)
    assert files(command) == sorted(sound)
    for path in files(command)[:9]:
        damage(path)
    snapshot(command)
    assert {path: path.stat().st_size for path in files(command)} == {p: len(c) for p, c in sound.items()}
    (shelf,) = command.json("library")["studies"]
    assert (shelf["study"], shelf["instances"], shelf["missing"]) == (STUDY, sum(one["expected"] for one in series), 0)
