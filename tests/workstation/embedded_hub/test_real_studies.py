"""Real studies, whole and broken, through the hub."""

import os
from io import BytesIO
from pathlib import Path

import pytest
import requests
from pydicom import dcmread

from tests.support.instances import store
from workstation.dicom.multipart import MultipartReader, boundary_of

pytestmark = pytest.mark.shared_data
REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def data() -> Path:
    """Return the folder of real studies."""
    folder = Path(os.environ.get("REQUIS_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the real studies are not here")
    return folder


def test_a_real_series_comes_back_byte_for_byte(hub: str, data: Path) -> None:
    sent = [path.read_bytes() for path in sorted(data.glob("geometry/ct_head_tilt_variable_spacing/*.dcm"))]
    assert store(hub, *sent).status_code == 200
    header = dcmread(BytesIO(sent[0]), stop_before_pixels=True)
    url = f"{hub}/studies/{header.StudyInstanceUID}/series/{header.SeriesInstanceUID}"
    answer = requests.get(url, headers={"Accept": 'multipart/related; type="application/dicom"'}, timeout=60)
    reader = MultipartReader(boundary_of(answer.headers["content-type"]), 1 << 28)
    assert [part.body for part in reader.feed(answer.content)] == sent
    assert len(requests.get(f"{url}/metadata", timeout=60).json()) == len(sent)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chrGreek.dcm", "Διονυσιος"),
        ("chrRuss.dcm", "Люкceмбypг"),
        ("chrFren.dcm", "Buc^Jérôme"),
        ("chrH31.dcm", "山田^太郎"),
        ("chrX1.dcm", "王^小東"),
    ],
)
def test_names_in_any_character_set_are_found_as_written(hub: str, data: Path, name: str, expected: str) -> None:
    assert store(hub, (data / "character_sets" / name).read_bytes()).status_code == 200
    (study,) = requests.get(f"{hub}/studies", timeout=30).json()
    assert expected in "=".join(study["00100010"]["Value"][0].values())
    found = requests.get(f"{hub}/studies", params={"PatientName": f"*{expected[:3]}*"}, timeout=30)
    assert len(found.json()) == 1


def test_every_real_file_is_kept_as_it_came_or_refused_with_a_reason(hub: str, data: Path) -> None:
    folders = ("malformed", "objects", "transfer_syntaxes", "modalities")
    paths = [path for folder in folders for path in sorted((data / folder).rglob("*")) if path.is_file()]
    small = [path for path in paths if path.stat().st_size < 3_000_000][:150]
    assert len(small) > 50
    kept = 0
    for path in small:
        content = path.read_bytes()
        answer = store(hub, content)
        assert answer.status_code in (200, 409), (path.name, answer.text)
        if answer.status_code == 409:
            continue
        kept += 1
        url = answer.json()["00081199"]["Value"][0]["00081190"]["Value"][0]
        assert requests.get(url, headers={"Accept": "application/dicom"}, timeout=30).content == content
        for view in ("/metadata", "/frames/1", "/rendered"):
            assert requests.get(f"{url}{view}", timeout=60).status_code in (200, 404, 406), (path.name, view)
    assert kept > 40
    assert requests.get(f"{hub}/studies?includefield=all", timeout=60).status_code == 200
