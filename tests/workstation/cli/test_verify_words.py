"""``requis verify``: why nothing was verified is said of what was named, a file or a study."""

from pathlib import Path

import pytest

from tests.workstation.cli.typed import Typed


def test_a_study_without_a_report_a_hub_that_is_away_and_a_missing_file_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Typed(tmp_path, monkeypatch, capsys)
    assert command.refused("verify", "1.2.3").startswith("No hub holds a signed report")
    command.json("hub", "add", "north", "http://127.0.0.1:1/rs")
    assert command.refused("verify", "1.2.3").endswith("could not be asked: north.")
    assert command.refused("verify", tmp_path / "absent.dcm") == "This file cannot be used: absent.dcm"
