"""``requis hub add``: passwords and tokens from files as other programs write them, and files that are none."""

from pathlib import Path

import pytest

from tests.workstation.cli.typed import Typed
from workstation.app.core import open_core
from workstation.config import Profile

URL = "https://hub.example/rs"


def kept_secret(command: Typed) -> str:
    with open_core(Profile(command.home), None, passphrase=command.passphrase_file.read_text()) as core:
        (hub,) = core.store.settings.hubs()
    return hub.secret


def test_a_token_is_taken_as_it_is_meant_and_a_file_that_holds_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Typed(tmp_path, monkeypatch, capsys)
    token, file = "a.b-c" * 2000, tmp_path / "token.txt"
    for content in (b"", b"\n", b"one\r\nX-Other: two\n", b"a\tb", "\ufeff".encode("utf-16"), token.encode() * 9):
        file.write_bytes(content)
        assert command.refused("hub", "add", "hub", URL, "--token-file", file) == "This file cannot be used: token.txt"
    assert "token.txt" in command.refused("hub", "add", "hub", URL, "--user", "u", "--password-file", file)
    file.write_bytes(f"\ufeff{token} \r\n".encode())
    command.json("hub", "add", "hub", URL, "--token-file", file)
    assert kept_secret(command) == token


def test_a_command_that_is_interrupted_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Typed(tmp_path, monkeypatch, capsys)

    def interrupted(_path: Path, _most: int) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("workstation.cli.hub_settings.read_passphrase_file", interrupted)
    assert command.refused("hub", "add", "hub", URL, "--token-file", tmp_path).startswith("Stopped.")
