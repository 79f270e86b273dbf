"""A profile whose folder cannot be written is refused in a sentence, whatever the command."""

import json
from pathlib import Path

import pytest

from tests.workstation.cli.typed import Typed


@pytest.mark.parametrize("below", ["", "profile"])
def test_a_profile_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], below: str
) -> None:
    command = Typed(tmp_path, monkeypatch, capsys)
    (tmp_path / "file").write_text("no folder")
    home = tmp_path / "file" / below
    monkeypatch.setenv("REQUIS_HOME", str(home))
    assert str(home) in command.refused("hub", "list")
    assert command.run("queue", "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["key"] == "cli.profile_unwritable"
