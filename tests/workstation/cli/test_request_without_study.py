"""A request that names no study is refused with a sentence, and is not claimed."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.command_line import command_line, served_hub
from tests.support.hub_clients import client_of
from tests.workstation.store.samples import make_request
from workstation.domain.request import RequestState


@pytest.mark.slow
def test_a_request_that_names_no_study_is_refused_and_left_unclaimed(tmp_path: Path) -> None:
    with served_hub(tmp_path) as url, client_of(url) as client:
        client.place(replace(make_request("2.25.5"), state=RequestState.SCHEDULED, studies=(), first_reports=()))
        command = command_line(tmp_path / "reader")
        command.json("reader", "set", "--name", "A^B", "--identifier", "1", "--organisation", "O")
        command.json("hub", "add", "hub", url)
        (request,) = command.json("queue")["requests"]
        assert request["studies"] == []
        answers = tmp_path / "answers.json"
        answers.write_text("{}", encoding="utf-8")
        assert "no study" in command.refused("pull", request["id"])
        assert "no study" in command.refused(
            "report", request["id"], "--template", "gen-so", "--answers", answers, "--draft"
        )
        (request,) = command.json("queue")["requests"]
        assert request["state"] == "SCHEDULED"
