"""From the queue to a verified report in the real window, with a real pointer and real keys.

Pictures of each step are kept in the folder that ``REQUIS_ARTEFACTS`` names, else with the test's own files.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from tests.e2e.window_script import TEXTS
from tests.support.validators import judge, signature_status
from tests.support.xserver import virtual_display
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.header import Header
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.request import RequestState
from workstation.domain.study import InstanceReference
from workstation.embedded_hub.running import RunningHub
from workstation.hub.registry import open_hub

pytestmark = [pytest.mark.e2e, pytest.mark.display]
ROOT = Path(__file__).resolve().parents[2]
STEPS = ("queue", "stack", "mpr", "compare", "measured", "report", "sign", "outbox", "verification", "mirror")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("window")


@pytest.fixture(scope="module")
def artefacts(home: Path) -> Path:
    kept = os.environ.get("REQUIS_ARTEFACTS")
    return Path(kept) / "window" if kept else home / "artefacts"


@pytest.fixture(scope="module")
def facts(home: Path, artefacts: Path) -> dict[str, object]:
    with virtual_display() as display:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "TZ": "Europe/Paris"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.window_script", str(home), str(artefacts)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_every_step_left_a_picture(facts: dict[str, object], artefacts: Path) -> None:
    names = {path.stem.split("-", 1)[1] for path in artefacts.glob("*.png")}
    assert set(STEPS) <= names


def test_a_click_changes_no_window(facts: dict[str, object]) -> None:
    assert facts["window_after_click"] == [40.0, 400.0]


def test_marks_were_measured_in_their_units(facts: dict[str, object]) -> None:
    measured = facts["measured"]
    assert isinstance(measured, list)
    length, ellipse, arrow = measured
    assert length["values"][0]["unit_ucum"] == "mm"
    assert 30.0 < length["values"][0]["value"] < 200.0
    assert {value["name"]: value["unit_label"] for value in ellipse["values"]} == {
        "mean": "HU", "standard_deviation": "HU", "minimum": "HU", "maximum": "HU", "area": "mm²",
    }  # fmt: skip
    assert arrow["values"] == []


def test_everything_was_sent_and_verified(facts: dict[str, object]) -> None:
    deliveries = facts["deliveries"]
    assert isinstance(deliveries, list)
    assert [one["role"] for one in deliveries] == ["gsps", "kos", "sr", "pdf"]
    verification = str(facts["verification"])
    assert verification.count("Non modifié depuis la signature.") == 5
    assert "DÉMONSTRATION" in verification


@pytest.mark.validators
def test_the_hub_holds_a_report_that_dcmtk_verifies(facts: dict[str, object], home: Path, tmp_path: Path) -> None:
    deliveries = facts["deliveries"]
    assert isinstance(deliveries, list)
    sr = next(one for one in deliveries if one["role"] == "sr")
    reference = InstanceReference(
        StudyUID(sr["study"]), SeriesUID(sr["series"]), InstanceUID(sr["instance"]), "1.2.840.10008.5.1.4.1.1.88.33"
    )
    with RunningHub(home / "demonstration-hub") as hub:
        client = open_hub(HubSettings(HubName("demonstration"), hub.url), lambda _part10: Header({}))
        part10 = client.retrieve_instance(reference)
        states = {request.state for request in client.requests(tuple(RequestState)) if request.priors}
        client.close()
    path = tmp_path / "sr.dcm"
    path.write_bytes(part10)
    ca = tmp_path / "ca.pem"
    ca.write_text(str(facts["authority"]))
    dumped = judge("dsrdump", "+Pl", path).stdout
    assert signature_status(path, ca, "+rs") == 0
    assert "VERIFIED" in dumped
    assert TEXTS["conclusion"] in dumped
    assert states == {RequestState.COMPLETED}


def test_what_only_a_mirror_lists_is_marked_and_the_mark_is_not_cut_off(facts: dict[str, object]) -> None:
    assert facts["mirrored"] == ["en attente (miroir)"]
    assert cast("int", facts["needed_height"]) <= cast("int", facts["row_height"])
