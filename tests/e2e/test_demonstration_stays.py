"""Objects of the demonstration identity are never offered to a hub on another machine."""

from pathlib import Path

import pytest

from tests.e2e.answered import prepared_reader
from tests.e2e.opinions import answers, slices_of, written
from tests.support.command_line import REPOSITORY
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("url", "stays"),
    [
        ("http://127.0.0.1:8042/dicom-web", True),
        ("http://127.4.5.6/dicom-web", True),
        ("http://[::1]:8042/dicom-web", True),
        ("http://localhost:8042/dicom-web", True),
        ("https://hub.example/dicom-web", False),
        ("https://localhost.hub.example/dicom-web", False),
        ("https://127.0.0.1.hub.example/dicom-web", False),
        ("https://127.0.0.1@hub.example/dicom-web", False),
        ("http://192.0.2.7/dicom-web", False),
        ("http://0.0.0.0/dicom-web", False),
        ("nonsense", False),
    ],
)
def test_only_loopback_is_this_machine(url: str, stays: bool) -> None:
    assert HubSettings(HubName("hub"), url).is_loopback is stays


def test_send_refuses_and_the_objects_stay(tmp_path: Path) -> None:
    command, slices = prepared_reader(tmp_path, "https://hub.invalid/dicom-web"), slices_of("head-ct")
    command.json("import", REPOSITORY / "resources" / "demonstration" / "studies" / "head-ct")
    content = written(tmp_path / "answers.json", answers(slices.middle, key_images=None))
    draft = command.json("report", slices.study, "--template", "gen-so", "--answers", content)["draft"]
    command.json("sign", draft, "--accept", "priors-unreachable")
    for _ in range(2):
        sent = command.json("send", status=1)["deliveries"]
        assert [one["state"] for one in sent] == ["failed"] * len(sent)
        assert all(one["steps"][-1]["step"] == "demonstration_refused" and one["reason"] for one in sent)
