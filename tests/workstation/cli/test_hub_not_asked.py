"""What commands say of a request whose hub could not list its requests."""

from pathlib import Path

import pytest

from tests.support.called_commands import CalledCommands
from tests.support.stub_hub import Exchange, path_of, running_stub


def failing_with_requests(exchange: Exchange) -> None:
    exchange.reply(500 if path_of(exchange.seen).startswith("/workitems") else 204, b"")


def test_a_hub_that_fails_to_list_its_requests_is_not_said_to_have_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = CalledCommands(tmp_path / "profile", monkeypatch, capsys)
    with running_stub(failing_with_requests) as stub:
        command.json("hub", "add", "hub", stub.url)
        said = {command.refused(act, "1.2.3") for act in ("claim", "pull")}
    assert said == {"The hub hub gave an answer that cannot be used."}
