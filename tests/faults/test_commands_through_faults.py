"""The command line on a line that fails: what it says, how it ends, and what the audit log keeps (N5, N6, N7)."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.conftest import COUNT, RealHub, without_index
from tests.faults.test_identity import WADO, altered
from tests.support import faults
from tests.support.called_commands import CalledCommands
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.hub_clients import client_of
from tests.support.instances import store
from tests.support.manifests import manifest_of
from tests.workstation.retrieval.desk import SERIES, STUDY, slice_of
from tests.workstation.store.samples import make_request
from workstation.audit.events import Outcome
from workstation.domain.request import RequestState
from workstation.embedded_hub.running import RunningHub
from workstation.translations import translator


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CalledCommands:
    return CalledCommands(tmp_path / "profile", monkeypatch, capsys)


def test_n6_a_stopped_study_is_refused_in_words_and_recorded(command: CalledCommands, real_hub: RealHub) -> None:
    with FaultProxy(real_hub.url, [Spoil([faults.altered(altered("PatientID"))], path=WADO)]) as proxy:
        command.json("hub", "add", "hub", proxy.url)
        sentence = command.refused("pull", STUDY)
    assert sentence == translator("en").text("errors.retrieval.someone_elses_images")
    lines = command.json("audit", "list")["lines"]
    (line,) = [one for one in lines if one["event"] == "strangers_found"]
    assert (line["object"], line["outcome"]) == (STUDY, int(Outcome.SERIOUS_FAILURE))
    assert command.json("library")["studies"] == []


@pytest.mark.parametrize("real_hub", ["embedded"], indirect=True)
def test_n6_a_study_for_which_strangers_came_is_closed_to_every_command_until_it_is_admitted(
    command: CalledCommands, real_hub: RealHub
) -> None:
    closed = translator("en").text("errors.store.study_barred")
    with FaultProxy(real_hub.url, [Spoil([faults.altered(altered("PatientID"))], path=WADO)]) as proxy:
        command.json("hub", "add", "hub", proxy.url)
        command.refused("pull", STUDY)
        proxy.spoils = [Spoil([faults.hiding(f"{SERIES}.7")], path=r"/studies/")]
        ran = command.run("pull", STUDY, "--json")
        assert (ran.status, ran.document["barred"], closed in ran.said) == (1, True, True)
        assert command.json("queue")["barred"] == command.json("library")["barred"] == [STUDY]
        for way in (("show", STUDY), ("snapshot", STUDY, "--series", SERIES)):
            assert command.refused(*way) == closed
        (differing,) = command.json("library")["contradictions"][STUDY]
        assert list(differing) == ["identifier"]
        admitted = {"study": STUDY, "barred": False, "admitted": [differing]}
        assert command.json("library", "admit", STUDY) == admitted
        command.json("show", STUDY)


@pytest.mark.parametrize("real_hub", ["embedded"], indirect=True)
def test_n6_a_closed_study_is_open_once_it_has_come_whole_from_a_manifest(
    command: CalledCommands, real_hub: RealHub, tmp_path: Path
) -> None:
    (tmp_path / "manifest.dcm").write_bytes(manifest_of(real_hub.part10s, {}))
    (tmp_path / "part.dcm").write_bytes(manifest_of(real_hub.part10s[1:], {}))
    with FaultProxy(real_hub.url, [Spoil([faults.altered(altered("PatientID"))], path=WADO)]) as proxy:
        command.json("hub", "add", "hub", proxy.url)
        (tmp_path / "held.dcm").write_bytes(real_hub.part10s[0])
        command.json("import", str(tmp_path / "held.dcm"))
        command.refused("pull", STUDY)
        proxy.spoils = []
        assert command.json("pull", str(tmp_path / "part.dcm"), "--hub", "hub", status=1)["barred"]
        assert not command.json("pull", str(tmp_path / "manifest.dcm"), "--hub", "hub")["barred"]
    command.json("show", STUDY)


def test_n7_one_of_a_dozen_missing_is_said_and_the_pull_is_no_success(
    command: CalledCommands, real_hub: RealHub
) -> None:
    with FaultProxy(real_hub.url, [without_index(), Spoil([faults.hiding(f"{SERIES}.7")])]) as proxy:
        command.json("hub", "add", "hub", proxy.url)
        (series,) = command.json("pull", STUDY, status=1)["series"]
        assert (series["expected"], series["received"], series["missing"]) == (COUNT, COUNT - 1, 1)
        assert series["stated"] == {"count": COUNT, "list": COUNT - 1}
        assert series["disputed"]
        assert (series["decoded"], series["shown"]) == (None, None)
        proxy.spoils = []
        (series,) = command.json("pull", STUDY)["series"]
        assert (series["received"], series["missing"], series["disputed"]) == (COUNT, 0, False)


@pytest.mark.slow
def test_the_key_series_of_a_request_is_pulled_first(command: CalledCommands, tmp_path: Path) -> None:
    key = f"{SERIES}.9"
    asked = replace(make_request("2.25.5"), state=RequestState.SCHEDULED, first_reports=(), key_series=(key,))
    with RunningHub(tmp_path / "hub") as hub, FaultProxy(hub.url) as proxy:
        store(hub.url, slice_of(1), slice_of(1, series=key)).raise_for_status()
        with client_of(hub.url, asked.hub) as client:
            client.place(asked)
        command.json("hub", "add", asked.hub, proxy.url)
        assert len(command.json("pull", asked.id)["series"]) == 2
        streams = proxy.asked("GET", r"/series/[0-9.]+$")
    assert [path.rsplit("/", 1)[-1] for path in streams] == [key, SERIES]
