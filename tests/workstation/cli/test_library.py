"""``requis library``: what is held and until when, limits, wishes and erasing, as scripts are told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workstation.retrieval.desk import STUDY, series_of
from workstation.cli.command import Invocation
from workstation.cli.main import build_parser
from workstation.cli.output import Output
from workstation.config import Profile
from workstation.store.errors import RetentionRefused, StudyMissing

COUNT = 5
Command = Callable[..., dict[str, Any]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "passphrase").write_text("five words nobody will guess\n", encoding="utf-8")
    return tmp_path / "profile"


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run one command line on the profile, and return its document."""

    def run(*arguments: str | Path) -> dict[str, Any]:
        parsed = build_parser().parse_args([*map(str, arguments), "--json"])
        capsys.readouterr()
        parsed.run(Invocation(parsed, Output(True), Profile(home, home.parent / "passphrase")))
        document = json.loads(capsys.readouterr().out)
        assert isinstance(document, dict)
        return document

    return run


@pytest.fixture
def imported(command: Command, home: Path, tmp_path: Path) -> list[Path]:
    """Import a small series from files, and return the files of its objects."""
    for number, part10 in enumerate(series_of(COUNT)):
        (tmp_path / f"{number}.dcm").write_bytes(part10)
    command("import", *sorted(tmp_path.glob("*.dcm")))
    return objects(home)


def objects(home: Path) -> list[Path]:
    return sorted(path for path in (home / "objects").rglob("*") if path.is_file())


def test_an_imported_image_that_is_lost_is_missing_in_words_and_the_rest_is_never_evicted(
    command: Command, imported: list[Path], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported[3].unlink()
    assert command("library", "tidy") == {"evicted": [], "swept": 0, "lost": 1}
    command("library", "quota", "--size", "0.000001", "--days", "1", "--free", "1000000", "--reserve", "1")
    library = command("library")
    (shelf,) = library["studies"]
    assert (shelf["instances"], shelf["missing"]) == (COUNT - 1, 1)
    assert (shelf["needed"], shelf["until"], shelf["origins"]) == (["only_copy"], None, ["import"])
    assert shelf["bytes"] == library["bytes"] > 0
    assert library["reserve"] == {"bytes": 1_000_000, "ready": True}
    assert library["limits"] == command("library", "quota")
    assert (library["limits"]["keep_days"], library["limits"]["free_bytes"]) == (1, 1_000_000 << 30)
    assert library["free_bytes"] < 1_000_000 << 30
    assert (home / "reserve").stat().st_size == 1_000_000


def test_a_study_is_kept_and_erased_by_hand(command: Command, imported: list[Path], home: Path) -> None:
    command("library", "keep", STUDY)
    assert command("library")["studies"][0]["kept"]
    command("library", "keep", STUDY, "--off")
    assert not command("library")["studies"][0]["kept"]
    assert command("library", "erase", STUDY) == {"study": STUDY, "erased": COUNT}
    assert objects(home) == []
    with pytest.raises(StudyMissing):
        command("library", "erase", STUDY)


def test_a_limit_that_means_nothing_is_refused_and_changes_nothing(command: Command) -> None:
    before = command("library", "quota")
    with pytest.raises(RetentionRefused):
        command("library", "quota", "--days", "0")
    assert command("library", "quota") == before
