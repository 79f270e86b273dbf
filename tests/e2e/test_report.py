"""Drafts from files: what is missing is named, what is wrong is refused, and nothing is claimed for nothing."""

from pathlib import Path

import pytest

from tests.e2e.answered import prepared_reader
from tests.e2e.opinions import Slices, answers, marks, slices_of, written
from tests.support.command_line import REPOSITORY, CommandLine
from tests.support.hub_clients import client_of
from tests.support.placed_requests import place_like
from workstation.domain.request import RequestState

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def slices() -> Slices:
    return slices_of("head-ct")


@pytest.fixture(scope="module")
def command(hub_url: str, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    command = prepared_reader(tmp_path_factory.mktemp("writer"), hub_url)
    command.json("import", REPOSITORY / "resources" / "demonstration" / "studies" / "head-ct")
    return command


def test_missing_sections_are_named_and_nothing_is_kept_or_claimed(
    hub_url: str, command: CommandLine, slices: Slices, tmp_path: Path
) -> None:
    partial = written(tmp_path / "answers.json", answers(slices.middle, findings=" ", agreement=None))
    with client_of(hub_url) as client:
        request = place_like(client, "head-stroke")
        refused = command.json("report", request.id, "--template", "gen-so", "--answers", partial, status=1)
        states = {one.id: one.state for one in client.requests()}
    assert (refused["draft"], refused["missing"]) == (None, ["findings", "agreement"])
    assert states[request.id] is RequestState.SCHEDULED
    sentence = command.refused("report", slices.study, "--template", "gen-so", "--answers", partial)
    assert "findings" in sentence
    assert "agreement" in sentence


def test_a_draft_is_kept_although_sections_are_missing_and_cannot_be_signed(
    command: CommandLine, slices: Slices, tmp_path: Path
) -> None:
    partial = written(tmp_path / "answers.json", answers(slices.middle, conclusion=None))
    kept = command.json("report", slices.study, "--template", "gen-so", "--answers", partial, "--draft")
    assert kept["missing"] == ["conclusion"]
    refused = command.json("sign", kept["draft"], "--out", tmp_path / "signed", status=1)
    assert refused["objects"] == []
    assert [one["id"] for one in refused["checks"]] == ["section-missing:conclusion"]


def test_the_dose_is_required_only_where_there_is_one(command: CommandLine, slices: Slices, tmp_path: Path) -> None:
    partial = written(tmp_path / "answers.json", answers(slices.middle, dose=None))
    refused = command.json("report", slices.study, "--template", "gen-so", "--answers", partial, status=1)
    assert refused["missing"] == ["dose"]
    command.json("import", REPOSITORY / "resources" / "demonstration" / "studies" / "prostate-mr")
    plain = written(tmp_path / "plain.json", answers(slices.middle, dose=None, key_images=None))
    study = "1.3.6.1.4.1.14519.5.2.1.7310.5101.860473186348887719777907797922"
    assert command.json("report", study, "--template", "gen-so", "--answers", plain)["missing"] == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"opinion": "x"}, "opinion"),
        ({"agreement": "A7"}, "A7"),
        ({"findings": 4}, "findings"),
        ({"key_images": [{"instance": "1.2", "frame": 0}]}, "key_images"),
        ({"critical": {"where": "x"}}, "critical"),
    ],
)
def test_wrong_answers_are_refused_by_their_place(
    command: CommandLine, slices: Slices, changed: dict[str, object], named: str, tmp_path: Path
) -> None:
    wrong = written(tmp_path / "answers.json", {**answers(slices.middle), **changed})
    assert named in command.refused("report", slices.study, "--template", "gen-so", "--answers", wrong)


def test_wrong_files_are_refused(command: CommandLine, slices: Slices, tmp_path: Path) -> None:
    good, broken = written(tmp_path / "good.json", answers(slices.middle)), tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    begin = ("report", slices.study, "--template")
    assert command.refused(*begin, "gen-so", "--answers", broken)
    assert "no-such" in command.refused(*begin, "no-such", "--answers", good)
    assert command.refused(*begin, "gen-so", "--answers", good, "--annotations", broken)
    bent = written(tmp_path / "bent.json", [{**marks(slices.middle)[0], "tool": "ruler"}])
    assert "ruler" in command.refused(*begin, "gen-so", "--answers", good, "--annotations", bent)
