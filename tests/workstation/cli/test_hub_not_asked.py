"""What commands do, and say, where a hub does not list its requests or its studies."""

import json
import threading
from pathlib import Path

import pytest

from tests.support.called_commands import CalledCommands
from tests.support.stub_hub import Exchange, path_of, running_stub
from viewers.identifiers import StudyUID
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.dicom.header import element, elements
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.errors import HubAnsweredWrongly, HubRefused

STUDY = StudyUID("1.2.3")
LISTED = json.dumps([elements([("StudyInstanceUID", element("UI", STUDY))])]).encode()


def listing_the_study(exchange: Exchange) -> None:
    asked = path_of(exchange.seen) == "/studies" and f"StudyInstanceUID={STUDY}&" in exchange.seen.path
    exchange.reply(200 if asked else 204, LISTED if asked else b"", Content_Type="application/dicom+json")


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


@pytest.mark.parametrize(("status", "failure"), [(500, HubAnsweredWrongly), (403, HubRefused)])
def test_a_hub_that_fails_hides_no_study_of_another(tmp_path: Path, status: int, failure: type[Exception]) -> None:
    with (
        running_stub(lambda exchange: exchange.reply(status, b"")) as failing,
        running_stub(listing_the_study) as listing,
        open_core(Profile(tmp_path / "profile"), None, passphrase="a passphrase") as core,
    ):
        core.store.settings.add_hub(HubSettings(HubName("first"), failing.url))
        core.store.settings.add_hub(HubSettings(HubName("second"), listing.url))
        assert core.hub_of_study(STUDY) == "second"
        with pytest.raises(failure):
            core.hub_of_study(StudyUID("1.2.4"))


def test_a_study_is_not_waited_for_until_the_requests_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    is_done, waited = threading.Event(), list[str]()

    def slow_with_requests(exchange: Exchange) -> None:
        if path_of(exchange.seen).startswith("/workitems") and not is_done.wait(20):
            waited.append(exchange.seen.path)
        listing_the_study(exchange)

    command = CalledCommands(tmp_path / "profile", monkeypatch, capsys)
    with running_stub(slow_with_requests) as stub:
        command.json("hub", "add", "hub", stub.url)
        assert command.refused("pull", STUDY) == "There are no images under this study."
        is_done.set()
    assert waited == []
